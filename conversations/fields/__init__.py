"""The kinds of field: what a customer's text must say to fill one, and how it is read back."""

from collections.abc import Mapping

from conversations.fields import (
    attachments,
    choice,
    choices,
    consent,
    date_time,
    email,
    location,
    long_text,
    metering_point,
    number,
    object,
    org_number,
    person_name,
    phone,
    postal_address,
    read_only,
    reference,
    secret,
    text,
    yes_no,
)
from conversations.fields.contract import Kind

KINDS: Mapping[str, Kind] = {
    "attachments": attachments,
    "choice": choice,
    "choices": choices,
    "consent": consent,
    "date_time": date_time,
    "email": email,
    "location": location,
    "long_text": long_text,
    "metering_point": metering_point,
    "number": number,
    "object": object,
    "org_number": org_number,
    "person_name": person_name,
    "phone": phone,
    "postal_address": postal_address,
    "read_only": read_only,
    "reference": reference,
    "secret": secret,
    "text": text,
    "yes_no": yes_no,
}
