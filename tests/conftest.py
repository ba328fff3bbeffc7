"""Fixtures for real databases: started when the first test asks, one server of each kind per test process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import services

Place = services.Postgres | services.Sqlite


@pytest.fixture(scope="session")
def postgres() -> Iterator[services.Postgres]:
    """The server itself, for tests that kill and start it."""
    binaries = services.postgres_binaries()
    if binaries is None:
        services.missing("PostgreSQL")
    server = services.Postgres(binaries)
    try:
        yield server.start()
    finally:
        server.close()


@pytest.fixture
def postgres_url(postgres: services.Postgres) -> Iterator[str]:
    """An empty PostgreSQL database of this test's own."""
    url = postgres.create()
    yield url
    postgres.drop(url)


@pytest.fixture(params=["sqlite", "postgres"])
def store_place(request: pytest.FixtureRequest, sqlite: services.Sqlite) -> Place:
    """Where databases are made; the test runs once with each kind.

    `create(prepare)` makes one as `prepare(url)` leaves it, and copies that one when asked for it again.
    """
    if request.param == "sqlite":
        return sqlite
    place: services.Postgres = request.getfixturevalue("postgres")
    return place


@pytest.fixture
def store_url(store_place: Place) -> Iterator[str]:
    """An empty database: the test runs on SQLite and on PostgreSQL."""
    url = store_place.create()
    yield url
    store_place.drop(url)


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> services.Sqlite:
    folder: Path = tmp_path_factory.mktemp("sqlite")
    return services.Sqlite(folder)


@pytest.fixture(scope="session")
def valkey() -> Iterator[services.Valkey]:
    """The server itself, for tests that kill and start it."""
    binary = services.valkey_binary()
    if binary is None:
        services.missing("Valkey")
    server = services.Valkey(binary)
    try:
        yield server.start()
    finally:
        server.close()


@pytest.fixture
def redis_url(valkey: services.Valkey) -> str:
    """An emptied Valkey, on a Unix socket."""
    valkey.flush()
    return valkey.url
