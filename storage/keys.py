"""The installation's keys: to fingerprint what must only be recognised, and to seal what must be read again.

A key is known by its id; the newest is used, older ones still open and compare what they made. They live
outside the database, so that a copy of it opens nothing.
"""

import base64
import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SECRET_BYTES = 32
NONCE_BYTES = 12
ID_LETTERS = 16


class CannotOpen(Exception):
    """Sealed under a key that we do not have, for another row, or altered."""


@dataclass(frozen=True, slots=True)
class Key:
    """One secret: an id of up to 16 letters or digits, and at least 32 random bytes."""

    id: str
    secret: bytes


class Keys:
    """All keys of the installation, the newest first. Raises ValueError for a short or doubly named one."""

    def __init__(self, keys: Sequence[Key]) -> None:
        if not keys:
            raise ValueError("no key")
        for key in keys:
            if len(key.secret) < SECRET_BYTES:
                raise ValueError(f"key {key.id} is shorter than {SECRET_BYTES} bytes")
            if not (key.id.isascii() and key.id.isalnum() and len(key.id) <= ID_LETTERS):
                raise ValueError(f"a key's id has 1 to {ID_LETTERS} letters and digits")
        self.newest = keys[0].id
        self._macs = {key.id: _derived(key, b"caseline mac 1") for key in keys}
        self._seals = {key.id: ChaCha20Poly1305(_derived(key, b"caseline seal 1")) for key in keys}
        if len(self._macs) != len(keys):
            raise ValueError("two keys have one id")

    @property
    def ids(self) -> tuple[str, ...]:
        """The keys' ids, the newest first."""
        return tuple(self._macs)

    def mac(self, key: str, *fields: str) -> str:
        """HMAC-SHA-256 in hex over the fields, each with its length in front. Raises CannotOpen."""
        if key not in self._macs:
            raise CannotOpen(f"no key {key}")
        encoded = [field.encode() for field in fields]
        message = b"".join(len(field).to_bytes(4, "big") + field for field in encoded)
        return hmac.digest(self._macs[key], message, "sha256").hex()

    def seal(self, clear: str, row: str) -> str:
        """The text sealed so that it opens for this row's id alone: ``key:base64``."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._seals[self.newest].encrypt(nonce, clear.encode(), row.encode())
        return f"{self.newest}:{base64.b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, row: str) -> str:
        """The text that was sealed for this row. Raises CannotOpen."""
        key, _, text = sealed.partition(":")
        if key not in self._seals:
            raise CannotOpen("no such key")
        try:
            box = base64.b64decode(text, validate=True)
            return self._seals[key].decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], row.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise CannotOpen("altered, or sealed for another row") from error


def _derived(key: Key, purpose: bytes) -> bytes:
    return HKDF(SHA256(), SECRET_BYTES, salt=None, info=purpose).derive(key.secret)
