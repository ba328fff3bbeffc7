"""Where a provider reports what became of a text: the address carries the delivery's id, signed.

So a receipt finds its delivery though the answer to the send was lost, and nobody else can point at one.
"""

import hmac
import re
from typing import Final

from storage.keys import CannotOpen, Keys

_PURPOSE: Final = "delivery status 1"
_SIGNED: Final = re.compile(r"([0-9a-f-]{36})\.([0-9A-Za-z]{1,16})\.([0-9a-f]{32})")
MAC_SHOWN: Final = 32


def status_link(public_url: str, provider: str, keys: Keys, delivery: str) -> str:
    """The whole address for one delivery, at the door of the provider that sends it."""
    return f"{public_url}/sms/{provider}/status/{sign(keys, delivery)}"


def sign(keys: Keys, delivery: str) -> str:
    """The delivery's id with the key's id and half of a MAC (128 bits) behind it."""
    return f"{delivery}.{keys.newest}.{_mac(keys, keys.newest, delivery)}"


def verify(keys: Keys, signed: str) -> str | None:
    """The delivery's id; None where it was not signed by us."""
    found = _SIGNED.fullmatch(signed)
    if found is None:
        return None
    delivery, key, mac = found.groups()
    try:
        return delivery if hmac.compare_digest(_mac(keys, key, delivery), mac) else None
    except CannotOpen:
        return None


def _mac(keys: Keys, key: str, delivery: str) -> str:
    return keys.mac(key, _PURPOSE, delivery)[:MAC_SHOWN]
