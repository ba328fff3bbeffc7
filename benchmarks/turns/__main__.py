"""The rounds and the tables; the package says what is measured, and how."""

import json
import os
import platform
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer
from sqlalchemy import create_engine, make_url, text

from benchmarks.turns import running, tables
from benchmarks.turns.rounds import Rounds
from benchmarks.turns.script import ACCOUNT, PUBLIC_URL, TOKEN
from gateway.desks import load, ready_desks
from gateway.settings import Settings
from gateway.simulator import carrier as carriers

PACE: Final = 100
FLAT_OUT: Final = 100_000
WARM_UP: Final = 3


def main(
    seconds: Annotated[float, typer.Option(help="Of each round.")] = 3.0,
    rounds: Annotated[int, typer.Option(help="Pairs of each kind.")] = 3,
    connections: Annotated[list[int], typer.Option(help="Kept by the load; may be given again.")] = [16, 64],  # noqa: B006
    store: Annotated[str, typer.Option(help="A PostgreSQL server; a database of its own is made there.")] = "sqlite",
) -> None:
    """Turns a second of one gateway, beside a server that only checks signatures."""
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="caseline-turns-")))
        url = opened.enter_context(_store(store, folder))
        carrier = opened.enter_context(
            carriers.run(account_sid=ACCOUNT, auth_token=TOKEN, public_url=PUBLIC_URL, keeps_connections=True)
        )
        bare = opened.enter_context(running.bare(TOKEN))
        desk = next(one for one in load() if one.desk.desk == "grid")
        settings = _settings(url, carrier.url, _desks(folder))
        measured = Rounds(Settings(store_url=url).driver_url, desk, carrier, bare, seconds)
        print(_heading(url, seconds))
        with running.gateway(folder, settings) as gateway:
            for _ in range(WARM_UP):
                measured.play(gateway, max(connections))
            rows = [
                (f"{n} connections, sending {PACE}/s", [measured.pair(gateway, n) for _ in range(rounds)])
                for n in connections
            ]
            measured.set_pace(FLAT_OUT)
            flat_out = [measured.pair(gateway, max(connections)) for _ in range(rounds)]
            rows.append((f"{max(connections)} connections, sending flat out", flat_out))
            print(tables.rates(rows))
            print(tables.memory({"serve": gateway.serve, "work": gateway.work, "bare": bare.pid}))
        counts = folder / "layers.json"
        counted = ("-m", "benchmarks.turns.layers", str(counts), "serve")
        with running.gateway(folder, settings, counted) as gateway:
            played = measured.play(gateway, max(connections))
        print(tables.layers(json.loads(counts.read_text()), played))
        print(tables.taken(measured.taken, measured.cases(), measured.refused))


def _heading(url: str, seconds: float) -> str:
    store = "SQLite" if url.startswith("sqlite") else "PostgreSQL"
    cores = len(os.sched_getaffinity(0))
    return f"{store}, Python {platform.python_version()}, {cores} cores, rounds of {seconds:g} s\n"


def _settings(url: str, provider: str, desks: Path) -> dict[str, str]:
    return {
        "CASELINE_DEVELOPMENT": "1",
        "CASELINE_STORE_URL": url,
        "CASELINE_HTTP": "127.0.0.1:0",
        "CASELINE_PUBLIC_URL": PUBLIC_URL,
        "CASELINE_SECRET": secrets.token_hex(32),
        "CASELINE_DESKS": str(desks),
        "CASELINE_TWILIO_API_URL": provider,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
    }


def _desks(folder: Path) -> Path:
    """The ready desks, whose numbers send faster."""
    desks = folder / "desks"
    shutil.copytree(ready_desks(), desks)
    for desk in desks.glob("*.yaml"):
        desk.write_text(re.sub(r"texts_per_second: .*", f"texts_per_second: {PACE}", desk.read_text()))
    return desks


@contextmanager
def _store(given: str, folder: Path) -> Iterator[str]:
    """A store of this run's own: an SQLite file, or a database on that server, which is dropped again."""
    if given == "sqlite":
        yield f"sqlite:///{folder}/caseline.db"
        return
    url = make_url(given)
    name = f"caseline_turns_{os.getpid()}"
    server = create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    try:
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        server.dispose()


if __name__ == "__main__":
    typer.run(main)
