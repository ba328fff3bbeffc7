"""`gateway desk`: check the files of desks, print their JSON Schema."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from conversations.desk.check import NotYet

desk_app = typer.Typer(help="Desks: check their files, print their JSON Schema.", no_args_is_help=True)


@desk_app.command()
def check(
    place: Annotated[
        Path | None,
        typer.Argument(metavar="FILE_OR_FOLDER", exists=True, help="Default: the desks that ship with the product."),
    ] = None,
) -> None:
    """Report every fault of a desk, or of all desks of a folder, with its line, column and mend."""
    from gateway.desks import look_at, ready_desks

    found = look_at(place or ready_desks())
    for fault in found.faults:
        print(fault)
    if found.faults:
        raise typer.Exit(1)
    for line in _grouped(found.not_yet):
        print(line)
    print(f"{', '.join(loaded.desk.desk for loaded in found.desks)}: no fault.")


@desk_app.command()
def schema() -> None:
    """Print the JSON Schema of a desk, for an editor."""
    import json

    from conversations.desk.schema import desk_schema

    print(json.dumps(desk_schema(), ensure_ascii=False, indent=2))


def _grouped(not_yet: Iterable["NotYet"]) -> Iterable[str]:
    """A line for each file: the keys that nothing executes yet, and how often each is used."""
    keys: dict[str, Counter[str]] = {}
    for each in not_yet:
        keys.setdefault(each.path, Counter())[each.key] += 1
    for path, counted in keys.items():
        said = ", ".join(f"{key} ({often})" if often > 1 else key for key, often in sorted(counted.items()))
        yield f"{Path(path).name}: not yet executed: {said}"
