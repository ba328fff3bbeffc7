"""Whether Twilio signed this form: "Webhooks security", Twilio docs, 13 August 2026.

The signature is the HMAC, in base64, of the address followed by every distinct name and value, sorted, with
nothing between them. It holds no time and no nonce, and says nothing about where a name ends: see `form`.

The vendor's `RequestValidator` would do the same, but raises TypeError where the header is missing and
serves a second scheme for JSON beside; a test holds the two equal over thousands of forms.
"""

import base64
import hmac
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

DEFAULT_PORTS: Final = {"http": 80, "https": 443}

Form = Iterable[tuple[str, str]]


def signature(secret: str, hash_name: str, url: str, form: Form) -> bytes:
    """What Twilio puts into `X-Twilio-Signature`, with `sha1` for an auth token, `sha256` for a shared key.

    Bytes that were no UTF-8 are signed as the bytes they were (`surrogateescape`).
    """
    text = url + "".join(name + value for name, value in sorted(set(form)))
    digest = hmac.digest(secret.encode(), text.encode("utf-8", "surrogateescape"), hash_name)
    return base64.b64encode(digest)


def is_signed(secrets: Iterable[tuple[str, str]], urls: Sequence[str], form: Form, given: str | None) -> bool:
    """Whether one of the secrets (with its hash) made the signature that was given, over one of the addresses."""
    sent = (given or "").encode("utf-8", "surrogateescape")
    pairs = sorted(set(form))
    return any(
        hmac.compare_digest(signature(secret, hash_name, url, pairs), sent)
        for secret, hash_name in secrets
        for url in urls
    )


@lru_cache(maxsize=64)
def spellings(url: str) -> tuple[str, str]:
    """The address without and with its port: Twilio signs now the one, now the other.

    As at the vendor, a port that is written out is not part of what the first spelling proves.
    """
    parts = urlsplit(url)
    host = parts.netloc.removesuffix(f":{parts.port}") if parts.port else parts.netloc
    port = parts.port or DEFAULT_PORTS[parts.scheme]
    return parts._replace(netloc=host).geturl(), parts._replace(netloc=f"{host}:{port}").geturl()
