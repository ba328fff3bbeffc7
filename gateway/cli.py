"""`gateway`: the commands. Each imports what it needs when it is called."""

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from gateway.commands.desk import desk_app
from gateway.commands.secret import secret_app
from gateway.commands.token import token_app

if TYPE_CHECKING:
    from gateway.desks import Loaded
    from gateway.settings import Settings

PREFIX = "CASELINE_"
WRONG_SETTINGS = 2
STORE_AWAY = 1

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
cli.add_typer(desk_app, name="desk")
cli.add_typer(secret_app, name="secret")
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
    from gateway.store_words import why_not
    from storage.engines import NotDurable
    from storage.known_keys import WrongKey
    from storage.migrate import TooNew
    from storage.set_up import TakenByAnother

    if isinstance(error, NotDurable | TooNew | TakenByAnother):
        _end(WRONG_SETTINGS, str(error))
    if isinstance(error, WrongKey):
        _end(WRONG_SETTINGS, f"{PREFIX}SECRET: {error}; give the right one, or see «The secret» in docs/operate.md")
    if isinstance(error, OSError) and error.filename:
        _end(STORE_AWAY, f"{error.filename}: {error.strerror}")
    if why := why_not(error):
        _end(STORE_AWAY, f"{PREFIX}STORE_URL: the database cannot be used: {why}")


def _end(status: int, *lines: str) -> NoReturn:
    for line in lines:
        print(f"caseline: {line}", file=sys.stderr)
    sys.exit(status)


# Given where this process shall end with the one that started it.
ChildOf = Annotated[int | None, typer.Option(hidden=True)]


@cli.command()
def serve(child_of: ChildOf = None) -> None:
    """Take in: the HTTP doors. Without Redis also send, by a child of its own."""
    from gateway import logs
    from gateway.serve import serve

    settings, desks = _checked()
    _see_to_tables(settings)
    logs.set_up()
    serve(settings, desks, child_of)


@cli.command()
def work(child_of: ChildOf = None) -> None:
    """Send, and keep the timers. One of many, rung through Redis."""
    from gateway import logs
    from gateway.stored import demand_tables
    from gateway.work import work

    settings, desks = _checked()
    demand_tables(settings)
    logs.set_up()
    work(settings, desks, child_of)


@cli.command()
def migrate() -> None:
    """Bring the database's tables to this version."""
    from gateway.config import load
    from storage.migrate import migrate

    migrate(load().driver_url)


@cli.command()
def explain(
    message: Annotated[str, typer.Argument(help="Its id as in logs and the API, or the provider's.")],
    text: Annotated[bool, typer.Option("--text", help="Show what was written.")] = False,
) -> None:
    """Say what became of a message: its disposition and why, what it met, and what followed, newest last."""
    from gateway.explain import page
    from gateway.stored import reading_session
    from storage.explained import explained, find_messages

    with reading_session() as session:
        found = find_messages(session, message)
        if not found:
            _end(1, f"there is no message {message}: give its id as in logs and the API, or the provider's")
        for one in found:
            print(*page(explained(session, one), text), sep="\n")


@cli.command("import")
def import_rows(
    register: Annotated[str, typer.Argument(help="As the desk calls it.")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV, UTF-8, a header row.")],
    desk: Annotated[str | None, typer.Option(help="Whose register, where several desks have one of that name.")] = None,
    whole: Annotated[bool, typer.Option("--whole", help="Also remove the rows that the file does not have.")] = False,
) -> None:
    """Take the rows of a register into the store. Given again it changes nothing; an interrupted one goes on."""
    from gateway.commands.import_rows import run

    if not run(register, file, desk, whole):
        raise typer.Exit(1)


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
    child_of: ChildOf = None,
) -> None:
    """Try it: the gateway with a phone in this terminal. With a FILE: play a transcript against a running one."""
    from gateway.commands.simulate import play, run
    from gateway.ending import die_with
    from gateway.simulator.station import NotRunning
    from gateway.simulator.transcript import Mismatch

    os.environ.setdefault(f"{PREFIX}DEVELOPMENT", "1")
    # Told to stop, it ends in order with all that it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    die_with(child_of)
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

    settings, wrong = load(), list[str]()
    try:
        demand_provider(settings)
    except Faults as faults:
        wrong += faults.lines
    try:
        desks = load_desks(settings.desks)
    except DeskFaults as faults:
        wrong += str(faults).splitlines()
    if wrong:
        raise Faults(wrong)
    return settings, desks


def _see_to_tables(settings: "Settings") -> None:
    """In development they are brought up to date; elsewhere an operator decides when."""
    from gateway.stored import demand_tables
    from storage.migrate import migrate

    if settings.development:
        migrate(settings.driver_url)
    else:
        demand_tables(settings)


if __name__ == "__main__":
    main()
