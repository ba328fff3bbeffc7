"""The installation's secret as it is written in the settings, and the one that development makes for itself."""

import base64
import binascii
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from storage.keys import SECRET_BYTES, Key, Keys

FILE: Final = "secret"
ONLY_ID: Final = "1"
# Of 32 random bytes 30 or so differ; fewer than this many are somebody's idea of a placeholder.
DIFFERENT_BYTES: Final = 16


class SecretFault(ValueError):
    """The secret is not one; the words show nothing of it."""


def keys_in(written: str) -> Keys:
    """The keys of `KEY` or `ID:KEY,ID:KEY`. Raises SecretFault."""
    entries = [entry.strip() for entry in written.split(",") if entry.strip()]
    try:
        return Keys([_key(entry, is_only=len(entries) == 1) for entry in entries])
    except SecretFault:
        raise
    except ValueError as error:
        raise SecretFault(str(error)) from None


def made_in(folder: Path) -> str:
    """The secret in the folder, made at the first time: whole or not at all, whoever else makes one meanwhile."""
    file = folder / FILE
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        unfinished = folder / f"{FILE}.{os.getpid()}"
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as writing:
            writing.write(secrets.token_hex(SECRET_BYTES) + "\n")
        with suppress(FileExistsError):
            file.hardlink_to(unfinished)
        unfinished.unlink()
    return file.read_text(encoding="ascii")


def _key(entry: str, is_only: bool) -> Key:
    name, colon, text = entry.rpartition(":")
    if not colon and not is_only:
        raise SecretFault("of several keys each needs its id before it: ID:KEY,ID:KEY")
    raw = _decoded(text)
    if raw is None or len(raw) < SECRET_BYTES:
        raise SecretFault(f"must be at least {SECRET_BYTES} bytes in hexadecimal or base64")
    if len(set(raw)) < DIFFERENT_BYTES or raw.isascii():
        raise SecretFault("is not random; make one with `openssl rand -hex 32`")
    return Key(name if colon else ONLY_ID, raw)


def _decoded(text: str) -> bytes | None:
    try:
        return bytes.fromhex(text)
    except ValueError:
        pass
    try:
        return base64.b64decode(text.translate(str.maketrans("-_", "+/")), validate=True)
    except (binascii.Error, ValueError):
        return None
