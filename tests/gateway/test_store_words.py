"""A database that cannot be used is told in a line that says why and how to mend it (TRUST T75)."""

import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from gateway.store_words import why_not
from storage.engines import writing_engine
from storage.migrate import migrate
from tests.gateway.processes import free_port


def why(url, act=migrate):
    with pytest.raises(DBAPIError) as failed:
        act(url)
    told = why_not(failed.value)
    assert told is not None
    assert "hunter2" not in told
    return told


def run(url, statement):
    engine = writing_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def test_an_sqlite_file_that_is_none_or_cannot_be_opened(tmp_path):
    (tmp_path / "text.db").write_text("this is a text, and long enough to be taken for a page" * 20)
    assert why(f"sqlite:///{tmp_path}/text.db") == "the file is no SQLite database: name another"
    assert why(f"sqlite:///{tmp_path}").startswith("the file cannot be opened")


def test_a_server_that_is_not_there():
    at = f"postgresql+psycopg://u:hunter2@127.0.0.1:{free_port()}/x"
    assert why(at).startswith("nobody listens there")
    assert why("postgresql+psycopg://u:hunter2@no-such-host.invalid/x").startswith("there is no such host")


def test_a_server_that_has_no_such_database_user_or_right(postgres_url):
    assert why(str(changed(postgres_url, database="nowhere"))).startswith("there is no such database")
    assert why(str(changed(postgres_url, username="nobody"))).startswith("there is no such user")
    run(postgres_url, "REVOKE CREATE ON SCHEMA public FROM public")
    run(postgres_url, "CREATE ROLE intake LOGIN")
    try:
        assert why(str(changed(postgres_url, username="intake"))).startswith("its user lacks a right")
    finally:
        run(postgres_url, "DROP ROLE intake")


def changed(url, **parts):
    return make_url(url).set(**parts)


def test_what_is_no_fault_of_the_database_is_none():
    assert why_not(ValueError("database is locked")) is None
