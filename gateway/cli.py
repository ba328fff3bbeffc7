"""`gateway`: the commands. Each imports what it needs when it is called."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from gateway.commands.desk import desk_app
from gateway.commands.token import token_app

if TYPE_CHECKING:
    from gateway.desks import Loaded
    from gateway.settings import Settings

PREFIX = "CASELINE_"
WRONG_SETTINGS = 2
STORE_AWAY = 1

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
cli.add_typer(desk_app, name="desk")
cli.add_typer(token_app, name="token")


def main() -> None:
    """Run the command that the arguments name."""
    from gateway.config import Faults

    try:
        cli()
    except Faults as faults:
        _end(WRONG_SETTINGS, *faults.lines)
    except Exception as error:
        _end_where_known(error)
        raise


def _end_where_known(error: Exception) -> None:
    """What an operator must mend at the database is told in a line; all else is a bug, and goes on."""
    from storage.engines import NotDurable
    from storage.faults import is_store_fault
    from storage.migrate import TooNew
    from storage.set_up import TakenByAnother

    if isinstance(error, NotDurable | TooNew | TakenByAnother):
        _end(WRONG_SETTINGS, str(error))
    if isinstance(error, OSError) and error.filename:
        _end(STORE_AWAY, f"{error.filename}: {error.strerror}")
    if is_store_fault(error):
        # Its words may have the address with its password.
        kind = type(getattr(error, "orig", error)).__name__
        _end(STORE_AWAY, f"the store of {PREFIX}STORE_URL cannot be reached ({kind})")


def _end(status: int, *lines: str) -> NoReturn:
    for line in lines:
        print(f"caseline: {line}", file=sys.stderr)
    sys.exit(status)


@cli.command()
def serve() -> None:
    """Take in: the HTTP doors. Without Redis also send, by a child of its own."""
    from gateway import logs
    from gateway.serve import serve

    settings, desks = _checked()
    _see_to_tables(settings)
    logs.set_up()
    serve(settings, desks)


@cli.command()
def work(child_of: Annotated[int | None, typer.Option(hidden=True)] = None) -> None:
    """Send, and keep the timers. One of many, rung through Redis."""
    from gateway import logs
    from gateway.work import work

    settings, desks = _checked()
    _demand_tables(settings)
    logs.set_up()
    work(settings, desks, child_of)


@cli.command()
def migrate() -> None:
    """Bring the database's tables to this version."""
    from gateway.config import load
    from storage.migrate import migrate

    migrate(load().driver_url)


@cli.command()
def simulate(
    transcript: Annotated[
        Path | None, typer.Argument(exists=True, dir_okay=False, help="Play it against what runs in another terminal.")
    ] = None,
    phone: Annotated[str, typer.Option(help="The customer's number.")] = "+4791234567",
    desk: Annotated[str, typer.Option(help="Which of the desks.")] = "grid",
    carrier_port: Annotated[
        int, typer.Option(help="Where the provider's stand-in listens; 0: any that is free.")
    ] = 8081,
) -> None:
    """Try it: the gateway with a phone in this terminal. With a FILE: play a transcript against a running one."""
    from gateway.commands.simulate import play, run
    from gateway.simulator.station import NotRunning
    from gateway.simulator.transcript import Mismatch

    os.environ.setdefault(f"{PREFIX}DEVELOPMENT", "1")
    try:
        if transcript:
            play(transcript)
        else:
            run(phone, desk, carrier_port)
    except (NotRunning, Mismatch) as problem:
        print(problem, file=sys.stderr)
        raise typer.Exit(1) from None


def _checked() -> "tuple[Settings, tuple[Loaded, ...]]":
    """The settings and the desks. Raises Faults with those of both."""
    from gateway.config import Faults, demand_provider, load
    from gateway.desks import DeskFaults
    from gateway.desks import load as load_desks

    settings = load()
    demand_provider(settings)
    try:
        return settings, load_desks(settings.desks)
    except DeskFaults as faults:
        raise Faults(str(faults).splitlines()) from None


def _see_to_tables(settings: "Settings") -> None:
    """In development they are brought up to date; elsewhere an operator decides when."""
    from storage.migrate import migrate

    if settings.development:
        migrate(settings.driver_url)
    else:
        _demand_tables(settings)


def _demand_tables(settings: "Settings") -> None:
    from gateway.config import Faults
    from storage.migrate import is_current

    if not is_current(settings.driver_url):
        raise Faults(["the database's tables are not of this version: run `gateway migrate`"])


if __name__ == "__main__":
    main()
