"""`gateway token`, as an operator types it."""

import pytest
from typer.testing import CliRunner

from gateway import config
from gateway.commands.token import token_app
from gateway.house import opened
from storage import tokens
from storage.work import Store
from tests.stages import loaded
from tests.storage.case_rows import create_tables
from tests.stored_stage import Clock


@pytest.fixture
def store(sqlite, tmp_path, monkeypatch):
    """The store that the commands find in the settings, with a desk set up in it."""
    url = sqlite.create(create_tables)
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "CASELINE_STORE_URL": url,
        "CASELINE_DEVELOPMENT": "1",
        "CASELINE_SECRET": bytes(range(200, 232)).hex(),
        "TWILIO_ACCOUNT_SID": f"AC{0x123:032x}",
        "TWILIO_AUTH_TOKEN": "0" * 32,
    }.items():
        monkeypatch.setenv(name, value)
    settings = config.load()
    with opened(settings, (loaded("grid"),)):
        pass
    store = Store(url, settings.keys(), Clock())
    yield store
    store.close()
    sqlite.drop(url)


def test_without_tables_the_command_says_what_to_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CASELINE_DEVELOPMENT", "1")
    result = CliRunner().invoke(token_app, ["list"])
    assert isinstance(result.exception, config.Faults)
    assert "gateway migrate" in result.exception.lines[0]


def gateway_token(*words):
    result = CliRunner().invoke(token_app, list(words))
    return result.exit_code, result.stdout, result.stderr


def scope(store, token):
    with store.read() as session:
        return tokens.live(session).get(tokens.digest(store.keys, token) or "")


def test_a_token_is_printed_alone_and_is_good(store):
    code, out, _ = gateway_token("create", "--tenant", "nordlys", "--name", "Kari Lie", "--desk", "grid")
    assert (code, out.count("\n")) == (0, 1)
    found = scope(store, out.strip())
    assert (found.actor_name, found.desks, found.full_numbers) == ("Kari Lie", {"grid"}, False)


def test_a_list_shows_everything_but_the_token_and_its_id_revokes_it(store):
    _, token, _ = gateway_token("create", "--tenant", "nordlys", "--name", "Kari Lie", "--full-numbers")
    _, listed, _ = gateway_token("list", "--tenant", "nordlys")
    assert "Kari Lie" in listed
    assert token.strip() not in listed
    assert gateway_token("revoke", listed.split()[0]) == (0, "Revoked.\n", "")
    assert scope(store, token.strip()) is None
    assert "revoked" in gateway_token("list")[1]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["create", "--tenant", "nobody", "--name", "Kari"], "no such tenant"),
        (["create", "--tenant", "nordlys", "--name", " "], "1 to 100 characters"),
        (["create", "--tenant", "nordlys", "--name", "x" * 101], "1 to 100 characters"),
        (["create", "--tenant", "nordlys", "--name", "Kari", "--desk", "heat"], "there is grid"),
        (["revoke", "nothing"], "no good token"),
    ],
)
def test_what_cannot_be_done_is_one_plain_line(store, words, why):
    code, out, errors = gateway_token(*words)
    assert (code, out, errors.count("\n")) == (1, "", 1)
    assert why in errors
