"""`gateway desk`: check the files of desks, test them, say what they cost, print their JSON Schema."""

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from conversations.desk.check import NotYet
    from gateway.desks import Found

desk_app = typer.Typer(
    help="Desks: check their files, test and price them, print their JSON Schema.", no_args_is_help=True
)


@desk_app.command()
def check(
    place: Annotated[
        Path | None,
        typer.Argument(metavar="FILE_OR_FOLDER", exists=True, help="Default: the desks that ship with the product."),
    ] = None,
) -> None:
    """Report every fault of a desk, or of all desks of a folder, with its line, column and mend; warnings last."""
    from gateway.desks import ready_desks

    found = _without_fault(place or ready_desks())
    for line in (*_grouped(found.not_yet), *(f"warning: {warning}" for warning in found.warnings)):
        print(line)
    print(f"{', '.join(loaded.desk.desk for loaded in found.desks)}: no fault.")


@desk_app.command("test")
def play(
    place: Annotated[Path, typer.Argument(metavar="FILE_OR_FOLDER", exists=True, help="A desk, or a folder of them.")],
    tests: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="Where each desk has a folder of tests; default: beside it."),
    ] = None,
    mutate: Annotated[
        bool,
        typer.Option("--mutate", help="Also leave out each field, condition, word, `remember`: does a test notice?"),
    ] = False,
) -> None:
    """Play a desk's transcripts and check what it understands (docs/write-a-desk.md), without a database."""
    from gateway.desk_tests import Bench, mutants

    found = _without_fault(place)
    beside = tests or (place if place.is_dir() else place.parent)
    is_good = True
    for loaded in found.desks:
        bench = Bench(loaded, beside / loaded.desk.desk)
        failures = list(bench.failures())
        for failure in failures:
            print(f"{loaded.desk.desk}: {failure}")
        print(f"{loaded.desk.desk}: {len(bench.tests)} tests, {len(failures)} failed.")
        is_good = is_good and bool(bench.tests) and not failures
        if mutate and bench.tests and not failures:
            tried = mutants(loaded.desk)
            with typer.progressbar(length=len(tried), label=loaded.desk.desk, file=sys.stderr) as bar:
                missed = list(bench.unnoticed(tried, lambda: bar.update(1)))
            for part in missed:
                print(f"{loaded.desk.desk}: no test notices when this is left out: {part}")
            print(f"{loaded.desk.desk}: {len(tried)} parts left out in turn, {len(missed)} unnoticed.")
            is_good = is_good and not missed
    if not is_good:
        raise typer.Exit(1)


@desk_app.command()
def cost(
    place: Annotated[Path, typer.Argument(metavar="FILE_OR_FOLDER", exists=True, help="A desk, or a folder of them.")],
    price: Annotated[float, typer.Option(min=0, help="Of one segment, in whatever money.")] = 0.65,
) -> None:
    """Print what each path of each form costs in each language: the customer's texts, our segments, the price."""
    from gateway.aligned import aligned
    from gateway.desk_cost import paths

    found = _without_fault(place)
    walked = [(loaded.desk.desk, path) for loaded in found.desks for path in paths(loaded)]
    rows = [
        (
            *(desk, path.form, path.branch or "-", path.language, str(path.texts), str(path.segments)),
            f"stops at {path.stops}" if path.stops else f"{path.segments * price:.2f}",
        )
        for desk, path in walked
    ]
    print(aligned([("desk", "form", "path", "language", "texts", "segments", "price"), *rows]))
    if any(path.stops for _, path in walked):
        raise typer.Exit(1)


@desk_app.command()
def schema() -> None:
    """Print the JSON Schema of a desk, for an editor."""
    import json

    from conversations.desk.schema import desk_schema

    print(json.dumps(desk_schema(), ensure_ascii=False, indent=2))


def _without_fault(place: Path) -> "Found":
    """The desks there. Where one has a fault, all faults are printed and the command ends."""
    from gateway.desks import look_at

    found = look_at(place)
    for fault in found.faults:
        print(fault)
    if found.faults:
        raise typer.Exit(1)
    return found


def _grouped(not_yet: Iterable["NotYet"]) -> Iterable[str]:
    """A line for each file: the keys that nothing executes yet, and how often each is used."""
    keys: dict[str, Counter[str]] = {}
    for each in not_yet:
        keys.setdefault(each.path, Counter())[each.key] += 1
    for path, counted in keys.items():
        said = ", ".join(f"{key} ({often})" if often > 1 else key for key, often in sorted(counted.items()))
        yield f"{Path(path).name}: not yet executed: {said}"
