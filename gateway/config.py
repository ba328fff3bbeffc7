"""Reads the settings and checks them, each by itself and all together, before anything is opened.

Every fault is found in one go and is one line. No line shows a value: it may be a secret, and it goes to a log.
"""

import os
import tomllib
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from channels.web_address import url_fault
from gateway.providers import PROVIDERS
from gateway.secret import SecretFault
from gateway.settings import DRIVERS, FILE, PREFIX, Settings, Wrong, env_name

__all__ = ["Faults", "Settings", "demand_provider", "load", "wanted_providers"]


class Faults(Exception):
    """The settings cannot be used; `lines` has each fault, fit to be printed."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def load() -> Settings:
    """The settings, each sound by itself and all together. Raises Faults."""
    try:
        settings = Settings()
    except tomllib.TOMLDecodeError as error:
        raise Faults([f"{FILE}: this is no TOML ({_position(error)})"]) from None
    except UnicodeDecodeError:
        raise Faults([f"{FILE}: this is no text in UTF-8"]) from None
    except OSError as error:
        raise Faults([f"{FILE}: cannot be read: {error.strerror}"]) from None
    values = {name: getattr(settings, name) for name in Settings.model_fields}
    wrong = {name: value.reason for name, value in values.items() if isinstance(value, Wrong)}
    lines = [*_unknown(), *(f"{env_name(name)}: {reason}" for name, reason in wrong.items())]
    for name, check in CHECKS:
        needed = {name, *NEEDS.get(name, ())}
        reason = None if needed & wrong.keys() else check(settings)
        if reason:
            wrong[name] = reason
            lines.append(f"{env_name(name)}: {reason}")
    if lines:
        raise Faults(lines)
    return settings


def demand_provider(settings: Settings) -> None:
    """What only those processes need that send and take in. Raises Faults."""
    wanted = [PROVIDERS[name] for name in wanted_providers(settings)] or list(PROVIDERS.values())[:1]
    missing = [name for provider in wanted for name in provider.demands if getattr(settings, name) is None]
    if missing:
        raise Faults([f"{env_name(name)}: missing; it is in the provider's console" for name in missing])


def wanted_providers(settings: Settings) -> list[str]:
    """The providers of texts of which any setting is given that they demand."""
    return [
        name
        for name, provider in PROVIDERS.items()
        if any(getattr(settings, demanded) is not None for demanded in provider.demands)
    ]


def _unknown() -> list[str]:
    """Names that look like settings and are none: a slip of the pen would else be passed over in silence."""
    known = {env_name(name) for name in Settings.model_fields}
    lines = [
        f"{name}: there is no such setting"
        for name in sorted(os.environ)
        if name.upper().startswith(PREFIX) and name.upper() not in known
    ]
    file = Path(FILE)
    given = tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return lines + [f"{FILE}: {name[:40]!r} is no setting" for name in given if name not in Settings.model_fields]


def _store_fault(settings: Settings) -> str | None:
    try:
        backend = make_url(settings.store_url).get_backend_name()
    except (ArgumentError, ValueError):
        return "is no database address; such as sqlite:///data/caseline.db"
    if backend not in DRIVERS:
        return "must begin with sqlite:/// or postgresql://"
    if backend == "postgresql" and find_spec("psycopg") is None:
        return "PostgreSQL needs its driver: install Caseline with its extra `postgres`"
    try:
        settings.data_folder  # noqa: B018 - raises for a database in memory
    except ValueError as error:
        return str(error)
    return None


def _redis_fault(settings: Settings) -> str | None:
    if settings.redis_url is None or urlsplit(settings.redis_url).scheme in ("redis", "rediss", "unix"):
        return None
    return "must begin with redis://, rediss:// or unix://"


def _http_fault(settings: Settings) -> str | None:
    if settings.development and not settings.http.is_loopback:
        return "development mode is for this machine alone: listen on 127.0.0.1, or leave CASELINE_DEVELOPMENT out"
    return None


def _public_fault(settings: Settings) -> str | None:
    if settings.public_url is None:
        return None if settings.development else "missing; the https:// address at which the provider finds us"
    return url_fault(settings.public_url, settings.development)


def _secret_fault(settings: Settings) -> str | None:
    if settings.secret is None and not settings.development:
        return "missing; make one with `openssl rand -hex 32` and keep it outside the database"
    if settings.secret is None and _store_fault(settings):
        return None  # it would be made beside the database
    try:
        settings.keys()
    except SecretFault as fault:
        return str(fault)
    except OSError as error:
        return f"cannot be made in the data folder: {error.strerror}"
    return None


def _desks_fault(settings: Settings) -> str | None:
    if settings.desks is None or settings.desks.is_dir():
        return None
    return "is no folder"


def _position(error: tomllib.TOMLDecodeError) -> str:
    _, _, position = str(error).rpartition("(")
    return position.rstrip(")")


Check = Callable[[Settings], str | None]


def _of_provider(check: Callable[[Any, bool], str | None]) -> Check:
    return lambda settings: check(settings, settings.development)


_OF_PROVIDERS: Final = [each for provider in PROVIDERS.values() for each in provider.checks.items()]
CHECKS: Final[tuple[tuple[str, Check], ...]] = (
    ("store_url", _store_fault),
    ("redis_url", _redis_fault),
    ("http", _http_fault),
    ("public_url", _public_fault),
    ("desks", _desks_fault),
    ("secret", _secret_fault),
    *((name, _of_provider(check)) for name, check in _OF_PROVIDERS),
)
# What a check reads besides: where that cannot be read, the check waits for it to be mended.
NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "http": ("development",),
    "public_url": ("development",),
    "secret": ("development",),
    **{name: ("development",) for name, _ in _OF_PROVIDERS},
}
