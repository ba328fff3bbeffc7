"""The kinds of field: what a customer's text must say to fill one, and how it is read back."""

from collections.abc import Mapping

from conversations.fields import choice, location, long_text, person_name, postal_address, text, yes_no
from conversations.fields.contract import Kind

KINDS: Mapping[str, Kind] = {
    "choice": choice,
    "location": location,
    "long_text": long_text,
    "person_name": person_name,
    "postal_address": postal_address,
    "text": text,
    "yes_no": yes_no,
}
