"""The settings as they are used: their names, their defaults, and what follows from them.

`CASELINE_STORE_URL` in the environment is `store_url` in `caseline.toml` in the working folder; the environment
wins. docs/configuration.md has each setting; a test demands that. They are read and checked by `gateway.config`.
"""

from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidatorFunctionWrapHandler, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from sqlalchemy import make_url

from channels.web_address import is_loopback
from gateway.providers import ProviderSettings
from gateway.secret import keys_in, made_in
from storage.engines import is_sqlite, sqlite_file
from storage.keys import Keys

PREFIX: Final = "CASELINE_"
FILE: Final = "caseline.toml"
# A wrong kind of value, which a file can have, in the words of those who write one.
PLAIN_WORDS: Final = {
    "bool_parsing": "must be 1 or 0",
    "bool_type": "must be 1 or 0",
    "string_type": "must be a text in quotation marks",
    "path_type": "must be a text in quotation marks",
}
DRIVERS: Final = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}


class Address(NamedTuple):
    """Where we listen. Port 0: any that is free."""

    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can come here."""
        return is_loopback(self.host)

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Wrong(NamedTuple):
    """What stands in the place of a value that could not be read, until it is reported."""

    reason: str


class Settings(ProviderSettings, BaseSettings):
    """The settings as they are used: read, checked, and with what follows from them. Those of the providers of
    texts are their own."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", populate_by_name=True, toml_file=FILE, frozen=True
    )

    store_url: str = Field(
        default="sqlite:///data/caseline.db",
        repr=False,
        description="The database: `sqlite:///FILE`, or `postgresql://USER:PASSWORD@HOST/DATABASE`.",
    )
    redis_url: str | None = Field(
        default=None,
        repr=False,
        description="Redis or Valkey, to ring the workers: `redis://…`, `rediss://…`, `unix://…`. "
        "Without it `gateway serve` starts one `gateway work` as its child.",
    )
    http: Annotated[Address, NoDecode] = Field(
        default=Address("127.0.0.1", 8080), description="Where `gateway serve` listens."
    )
    public_url: str | None = Field(
        default=None,
        description="Where the provider finds us: `https://sms.example.no`, with a path if a proxy takes one "
        "off. Signatures cover it. Production demands it; in development it follows from `CASELINE_HTTP`.",
    )
    development: bool = Field(
        default=False,
        description="`1`: a made secret, a clock that can be moved, the simulator. Refused where others than "
        "this machine can come in. All else is production.",
    )
    desks: Path | None = Field(
        default=None, description="A folder of desks in YAML. Without it: the ready desks, which are made up."
    )
    secret: SecretStr | None = Field(
        default=None,
        description="The installation's key, at least 32 random bytes in hexadecimal or base64 "
        "(`openssl rand -hex 32`). Several: `ID:KEY,ID:KEY`, the newest first; older ones still open what "
        "they sealed. Production demands it; in development one is made in the data folder.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @field_validator("http", mode="before")
    @classmethod
    def _read_http(cls, value: Any) -> Any:
        return value if isinstance(value, Address) else _address(value)

    @field_validator("*", mode="wrap")
    @classmethod
    def _read(cls, value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        """So that one value which cannot be read does not hide the faults of the others. The outermost: last."""
        try:
            return handler(value)
        except ValidationError as error:
            fault = error.errors(include_input=False, include_context=False)[0]
            return Wrong(PLAIN_WORDS.get(fault["type"], fault["msg"].removeprefix("Value error, ")))

    @property
    def data_folder(self) -> Path:
        """Where this machine's own files are: beside the SQLite file, else `data`."""
        return sqlite_file(self.store_url).parent if is_sqlite(self.store_url) else Path("data")

    @property
    def reached_at(self) -> str:
        """The public address, without a slash at its end."""
        return (self.public_url or f"http://{self.http}").rstrip("/")

    @property
    def driver_url(self) -> str:
        """The database's address with the driver that we use."""
        url = make_url(self.store_url)
        driver = DRIVERS[url.get_backend_name()]
        return url.set(drivername=driver).render_as_string(hide_password=False)

    def keys(self) -> Keys:
        """The installation's keys. In development without a secret of its own: made in the data folder."""
        return keys_in(self.secret.get_secret_value()) if self.secret else keys_in(made_in(self.data_folder))


def env_name(name: str) -> str:
    """A setting's name in the environment: with our prefix, or the vendor's own."""
    vendors_own = Settings.model_fields[name].validation_alias
    return vendors_own if isinstance(vendors_own, str) else f"{PREFIX}{name.upper()}"


def _address(value: Any) -> Address:
    try:
        if not isinstance(value, str):
            raise ValueError
        parts = urlsplit(f"//{value}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or port is None or "/" in value or "@" in value:
        raise ValueError("must be HOST:PORT, such as 127.0.0.1:8080")
    return Address(host, port)
