"""The settings: read, checked, and told all at once (TRUST T75)."""

import base64
import os
import stat
import sys
from pathlib import Path

import pytest

from gateway.config import Faults, demand_provider, load
from gateway.providers import PROVIDERS
from gateway.settings import Address, Settings, env_name

GOOD_SECRET = "3f8a1c5e7092b4d6e8fa0b1c2d3e4f506172839405a6b7c8d9eafb0c1d2e3f40"
PRODUCTION = {
    "CASELINE_PUBLIC_URL": "https://sms.example.no/",
    "CASELINE_SECRET": GOOD_SECRET,
    "TWILIO_ACCOUNT_SID": f"AC{1:032x}",
    "TWILIO_AUTH_TOKEN": "f" * 32,
}


@pytest.fixture
def given(monkeypatch, tmp_path):
    """Give settings, in an empty folder and an environment without others."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("CASELINE", "TWILIO")):
            monkeypatch.delenv(name)

    def give(settings, file=None):
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        if file is not None:
            (tmp_path / "caseline.toml").write_text(file, encoding="utf-8")
        return load()

    return give


def faults(give, settings, file=None):
    with pytest.raises(Faults) as told:
        give(settings, file)
    return told.value.lines


def test_production_needs_little(given):
    settings = given(PRODUCTION)
    assert (settings.store_url, settings.http) == ("sqlite:///data/caseline.db", Address("127.0.0.1", 8080))
    assert (settings.reached_at, settings.data_folder) == ("https://sms.example.no", Path("data"))
    assert (settings.auth_tokens, settings.keys().newest) == (("f" * 32,), "1")


def test_development_needs_nothing_and_makes_its_secret(given, tmp_path):
    settings = given({"CASELINE_DEVELOPMENT": "1"})
    secret = tmp_path / "data" / "secret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert settings.reached_at == "http://127.0.0.1:8080"
    same = settings.keys().mac("1", "x")
    assert given({"CASELINE_DEVELOPMENT": "1"}).keys().mac("1", "x") == same


def test_the_environment_wins_over_the_file(given):
    file = 'http = "127.0.0.1:1"\nstore_url = "sqlite:///here.db"\ntwilio_account_sid = "AC1"\n'
    settings = given({**PRODUCTION, "CASELINE_HTTP": "[::1]:2"}, file)
    assert (settings.http, settings.store_url) == (Address("::1", 2), "sqlite:///here.db")
    assert settings.twilio_account_sid == PRODUCTION["TWILIO_ACCOUNT_SID"]


def test_no_value_is_in_what_is_printed_of_the_settings(given):
    settings = given({**PRODUCTION, "CASELINE_STORE_URL": "postgresql://u:hunter2@db/x"})
    for secret in ("hunter2", GOOD_SECRET, "f" * 32):
        assert secret not in repr(settings)


def test_the_database_is_reached_by_the_driver_that_we_use(given):
    settings = given({**PRODUCTION, "CASELINE_STORE_URL": "postgresql://u:p%40ss@db/x"})
    assert settings.driver_url == "postgresql+psycopg://u:p%40ss@db/x"
    assert settings.data_folder == Path("data")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("CASELINE_PUBLIC_URL", "", "missing; the https:// address at which the provider finds us"),
        ("CASELINE_PUBLIC_URL", "http://sms.example.no", "must begin with https://"),
        ("CASELINE_PUBLIC_URL", "https://sms.example.no/?x=1", "must be http(s)://HOST[:PORT][/PATH]"),
        ("CASELINE_SECRET", "", "missing; make one with `openssl rand -hex 32` and keep it outside the database"),
        ("CASELINE_SECRET", "abcd" * 8, "must be at least 32 bytes in hexadecimal or base64"),
        ("CASELINE_SECRET", "00" * 32, "is not random; make one with `openssl rand -hex 32`"),
        (
            "CASELINE_SECRET",
            base64.b64encode(b"this is a secret that somebody typed").decode(),
            "is not random; make one with `openssl rand -hex 32`",
        ),
        (
            "CASELINE_SECRET",
            f"{GOOD_SECRET},{GOOD_SECRET}",
            "of several keys each needs its id before it: ID:KEY,ID:KEY",
        ),
        ("CASELINE_SECRET", f"a:{GOOD_SECRET},a:{GOOD_SECRET}", "two keys have one id"),
        ("CASELINE_HTTP", "8080", "must be HOST:PORT, such as 127.0.0.1:8080"),
        ("CASELINE_HTTP", "127.0.0.1:99999", "must be HOST:PORT, such as 127.0.0.1:8080"),
        ("CASELINE_DEVELOPMENT", "perhaps", "must be 1 or 0"),
        ("CASELINE_STORE_URL", "mysql://u:hunter2@db/x", "must begin with sqlite:/// or postgresql://"),
        ("CASELINE_STORE_URL", "sqlite://", "the store must be a file: sqlite:///data/caseline.db"),
        ("CASELINE_STORE_URL", "data.db", "is no database address; such as sqlite:///data/caseline.db"),
        (
            "CASELINE_STORE_URL",
            "postgresql://u:hunter2@db:hunter3/x",
            "is no database address; such as sqlite:///data/caseline.db",
        ),
        ("CASELINE_REDIS_URL", "http://u:hunter2@redis", "must begin with redis://, rediss:// or unix://"),
        ("CASELINE_DESKS", "/nowhere", "is no folder"),
        ("CASELINE_TWILIO_API_URL", "http://api.example.no", "must begin with https://"),
        ("TWILIO_ACCOUNT_SID", "AC123", "must be AC and 32 hexadecimal digits"),
        ("TWILIO_AUTH_TOKEN", "hunter2", "is no auth token: those have 32 hexadecimal digits"),
        ("CASELINE_STOER_URL", "x", "there is no such setting"),
    ],
)
def test_a_fault_is_one_line_that_shows_no_value(given, name, value, told):
    assert faults(given, {**PRODUCTION, name: value}) == [f"{name}: {told}"]


def test_all_faults_are_told_at_once(given):
    told = faults(given, {"CASELINE_HTTP": "x", "CASELINE_REDIS_URL": "x", "CASELINE_DEVELOPMENT": "1"})
    assert [line.partition(":")[0] for line in told] == ["CASELINE_HTTP", "CASELINE_REDIS_URL"]


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("stoer_url = 'x'", "caseline.toml: 'stoer_url' is no setting"),
        ("a b", "caseline.toml: this is no TOML (at line 1, column 3)"),
        ("http = 8080", "CASELINE_HTTP: must be HOST:PORT, such as 127.0.0.1:8080"),
        ("[http]\nport = 8080", "CASELINE_HTTP: must be HOST:PORT, such as 127.0.0.1:8080"),
        ("development = 'maybe'", "CASELINE_DEVELOPMENT: must be 1 or 0"),
        ("development = []", "CASELINE_DEVELOPMENT: must be 1 or 0"),
        ("redis_url = 6379", "CASELINE_REDIS_URL: must be a text in quotation marks"),
        ("desks = 1", "CASELINE_DESKS: must be a text in quotation marks"),
    ],
)
def test_the_file_is_checked_as_well(given, file, told):
    assert faults(given, PRODUCTION, file) == [told]


def test_a_file_that_is_no_text_is_one_line(given, tmp_path):
    (tmp_path / "caseline.toml").write_bytes(b'http = "\xff"')
    assert faults(given, PRODUCTION) == ["caseline.toml: this is no text in UTF-8"]


def test_postgresql_without_its_driver_is_told_at_start(given, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    [told] = faults(given, {**PRODUCTION, "CASELINE_STORE_URL": "postgresql://u:hunter2@db/x"})
    assert told == "CASELINE_STORE_URL: PostgreSQL needs its driver: install Caseline with its extra `postgres`"


@pytest.mark.parametrize("http", ["0.0.0.0:8080", "[::]:8080", "192.0.2.1:8080", "gateway.example.no:8080"])
def test_development_is_refused_where_others_can_come_in(given, http):
    [told] = faults(given, {"CASELINE_DEVELOPMENT": "1", "CASELINE_HTTP": http})
    assert told.startswith("CASELINE_HTTP: development mode is for this machine alone")


@pytest.mark.parametrize("http", ["127.0.0.1:1", "[::1]:1", "localhost:1", "127.9.9.9:1"])
def test_development_is_for_this_machine(given, http):
    assert given({"CASELINE_DEVELOPMENT": "1", "CASELINE_HTTP": http}).http.is_loopback


def test_a_stand_in_of_the_provider_is_for_development_on_this_machine(given):
    stand_in = {"CASELINE_TWILIO_API_URL": "http://127.0.0.1:8081"}
    assert given({"CASELINE_DEVELOPMENT": "1", **stand_in}).twilio_api_url == "http://127.0.0.1:8081"
    assert faults(given, {**PRODUCTION, "CASELINE_DEVELOPMENT": "0", **stand_in}) == [
        "CASELINE_TWILIO_API_URL: must begin with https://"
    ]


def test_several_keys_the_newest_first(given):
    older = GOOD_SECRET[::-1]
    settings = given({**PRODUCTION, "CASELINE_SECRET": f"new:{GOOD_SECRET}, old:{older}"})
    keys = settings.keys()
    assert keys.newest == "new"
    assert keys.mac("old", "x") != keys.mac("new", "x")


def test_a_key_in_base64(given):
    encoded = base64.urlsafe_b64encode(bytes.fromhex(GOOD_SECRET)).decode()
    one, other = given(PRODUCTION), given({**PRODUCTION, "CASELINE_SECRET": encoded})
    assert one.keys().mac("1", "x") == other.keys().mac("1", "x")


def test_serving_and_sending_demand_the_provider(given):
    with pytest.raises(Faults) as told:
        demand_provider(given({"CASELINE_DEVELOPMENT": "1"}))
    assert [line.partition(":")[0] for line in told.value.lines] == [
        env_name(name) for name in PROVIDERS["twilio"].demands
    ]


def test_every_setting_is_documented():
    """docs/configuration.md has a row for each: its name, its default, and what it is for."""
    documented = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
    rows = [
        f"| `{env_name(name)}` | {_default(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    assert [row for row in rows if row not in documented] == []


def _default(value):
    if value is None:
        return "none"
    return f"`{int(value) if isinstance(value, bool) else value}`"
