"""The kinds of field: what a customer's text must say to fill one, and how it is read back."""

from collections.abc import Mapping

from conversations.fields import (
    choice,
    email,
    location,
    long_text,
    metering_point,
    number,
    org_number,
    person_name,
    phone,
    postal_address,
    reference,
    text,
    yes_no,
)
from conversations.fields.contract import Kind

KINDS: Mapping[str, Kind] = {
    "choice": choice,
    "email": email,
    "location": location,
    "long_text": long_text,
    "metering_point": metering_point,
    "number": number,
    "org_number": org_number,
    "person_name": person_name,
    "phone": phone,
    "postal_address": postal_address,
    "reference": reference,
    "text": text,
    "yes_no": yes_no,
}
