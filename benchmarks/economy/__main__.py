"""The tables; the package says what is counted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from textwrap import shorten
from typing import Annotated

import typer

from benchmarks.economy.ids import ids_in
from benchmarks.economy.played import Played, played
from channels.sms.segments import count
from gateway.aligned import aligned
from gateway.desk_cost import forms_that_end
from gateway.desks import load
from gateway.simulator.transcript import Mismatch
from tests.stages import name_of, transcripts

CUSTOMERS = ("terse", "average", "rambling")
DANGER_TEXTS, DANGER_SEGMENTS = 4, 6
SHARE = 0.95


@dataclass(frozen=True)
class Sent:
    """A text of ours in a transcript, with the ids of the texts that it is made of."""

    transcript: str
    made_of: str
    text: str

    @cached_property
    def segments(self) -> int:
        """How many it took."""
        return count(self.text).segments


def main(
    check: Annotated[bool, typer.Option("--check", help="Fail where an aim is not met.")] = False,
) -> None:
    """What a case costs in texts and segments."""
    every, faults = _played()
    faults += [*_forms(every), *_longer(list(every.values()))]
    for fault in faults:
        print(f"not met: {fault}")
    if check and faults:
        raise typer.Exit(1)


def economy(desk: str, form: str) -> tuple[str, ...]:
    """The names of the form's transcripts, a customer each."""
    return tuple(f"{desk}/economy_{form}_{customer}" for customer in CUSTOMERS)


def _played() -> tuple[dict[str, Played], list[str]]:
    """Every transcript by its name; which do not hold."""
    every, faults = {}, []
    for transcript in transcripts():
        try:
            every[name_of(transcript)] = played(transcript)
        except Mismatch as error:
            faults.append(f"{name_of(transcript)} does not hold, {error}")
    return every, faults


def _forms(every: dict[str, Played]) -> list[str]:
    """Print the forms; which are not there, and which danger costs too much."""
    rows: list[Sequence[str]] = [("texts/segments", *CUSTOMERS)]
    faults: list[str] = []
    for desk in (loaded.desk for loaded in load()):
        for form in forms_that_end(desk):
            names = economy(desk.desk, form.id)
            faults += [f"there is no {name}" for name in names if name not in every]
            three = [every[name] for name in names if name in every]
            figures = [f"{every[name].texts}/{every[name].segments}" if name in every else "-" for name in names]
            rows.append((f"{desk.desk} {form.id}", *figures))
            if desk.danger and form.id == desk.danger.form:
                faults += map(_too_dear, filter(_is_too_dear, three))
    print(aligned(rows))
    return faults


def _is_too_dear(danger: Played) -> bool:
    return danger.texts > DANGER_TEXTS or danger.segments > DANGER_SEGMENTS


def _too_dear(danger: Played) -> str:
    took = f"{danger.texts} texts and {danger.segments} segments"
    return f"{danger.name} takes {took}; at most {DANGER_TEXTS} and {DANGER_SEGMENTS}"


def _longer(every: Sequence[Played]) -> list[str]:
    """Print the share of one segment and what is longer, each once; whether the share is too small."""
    texts = [
        Sent(one.name, " + ".join(ids_in(one.desk, text)) or shorten(text, 60), text)
        for one in every
        for _, text in one.sent
    ]
    calm = [one for one in texts if "danger.safety" not in one.made_of]
    share = _of_one_segment(calm)
    print(f"\n{len(texts)} texts in {len(every)} transcripts, {_of_one_segment(texts):.1%} of them one segment;")
    print(f"{share:.1%} without the first answers to a danger, which may be two. Longer:\n")
    print(aligned([("segments", "of what", "in"), *_listed(texts)]))
    return [] if share >= SHARE else [f"{share:.1%} of the texts are one segment; at least {SHARE:.0%}"]


def _of_one_segment(texts: Sequence[Sent]) -> float:
    return sum(one.segments == 1 for one in texts) / len(texts)


def _listed(texts: Iterable[Sent]) -> list[tuple[str, str, str]]:
    """Those that are longer by what they are made of, the most frequent first."""
    found: dict[tuple[int, str], list[str]] = {}
    for one in texts:
        if one.segments > 1:
            found.setdefault((one.segments, one.made_of), []).append(one.transcript)
    rows = sorted(found.items(), key=lambda row: -len(row[1]))
    return [(str(segments), made_of, _named(names)) for (segments, made_of), names in rows]


def _named(names: list[str]) -> str:
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return names[0] + more


if __name__ == "__main__":
    typer.run(main)
