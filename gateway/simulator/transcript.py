r"""Transcripts: one format for the terminal phone, the tests and the documents.

    desk: grid
    # a remark
    [sms +4791234567]                       who speaks now: a phone …
    > Linja henger lavt over veien          it sends
    < Nordlys Nett: Hold minst 20 m …       it receives: the whole text, in order
    < -                                     it receives nothing more
    [caseworker Kari]                       … or a caseworker
    > IN-00000001: Er linja brutt?          comments on a case
    * case IN-00000001 danger reported      a case: number, form, status
    * value IN-00000001 where: Furuneset    what stands on it, as shown
    * comment IN-00000001: Ja, den er brutt
    @ +3d                                   the clock moves on (s, m, h or d)

In a received text ``{code}``, ``{draft}``, ``{word}`` and ``{time}`` stand for what differs from run to run and are
kept; in a sent text and in a check they stand for what was kept last. ``\n`` is a line break.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

KEPT: Mapping[str, str] = {
    "code": r"[0-9]{6,8}",
    "draft": r"[2-9][A-Z]{2}[2-9][A-Z]",
    "word": r"[0-9]{4}",
    "time": r"(?:[0-9]{2}\.[0-9]{2}\. )?[0-9]{2}:[0-9]{2}",
}
UNITS: Mapping[str, str] = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_SPEAKER = re.compile(r"\[(sms|caseworker) ([^\]]+)\]")
_CLOCK = re.compile(r"@ \+([0-9]+)([smhd])")
_MARK = re.compile(r"\{(" + "|".join(KEPT) + r")\}")


class Mismatch(AssertionError):
    """A line of the transcript is not what happened. The text names the line and what came instead."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number, its mark (`>`, `<`, `*`, `@`, `[`), its text."""

    number: int
    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class CaseSeen:
    """A case as a transcript checks it."""

    form: str
    status: str
    values: Mapping[str, str]
    comments: tuple[str, ...]


class Stage(Protocol):
    """Where a transcript is played: against the core and a store, or against a running gateway."""

    def text(self, sender: str, body: str) -> None:
        """A phone texts the desk's number."""

    def heard(self, number: str) -> str | None:
        """The next text that a phone received, None where there is none (within reason)."""

    def comment(self, author: str, case_number: str, words: str) -> None:
        """A caseworker comments on a case."""

    def move_clock(self, by: timedelta) -> None:
        """The clock moves on, and what became due happens."""

    def case(self, number: str) -> CaseSeen | None:
        """A case as it stands."""


def parse(text: str) -> tuple[Mapping[str, str], list[Line]]:
    """The header (``desk: grid``) and the lines. Raises Mismatch for a line that is none."""
    header: dict[str, str] = {}
    lines: list[Line] = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.rstrip()
        if not line or line.startswith("#"):
            continue
        if line[0] in "><*@" and (len(line) == 1 or line[1] == " "):
            lines.append(Line(number, line[0], line[2:]))
        elif line.startswith("[") and _SPEAKER.fullmatch(line):
            lines.append(Line(number, "[", line))
        elif not lines and re.fullmatch(r"[a-z]+: .+", line):
            key, _, value = line.partition(": ")
            header[key] = value
        else:
            raise Mismatch(f"line {number}: not a line of a transcript: {line}")
    return header, lines


@dataclass
class Player:
    """Plays a transcript on a stage; raises Mismatch at the first line that does not hold."""

    stage: Stage
    show: Callable[[str], None] = lambda line: None
    kept: dict[str, str] = field(default_factory=dict)
    speaker: tuple[str, str] = ("sms", "")

    def play(self, text: str) -> None:
        """Play every line in order."""
        for line in parse(text)[1]:
            PLAYED[line.mark](self, line)

    def speak(self, line: Line) -> None:
        found = _SPEAKER.fullmatch(line.text)
        if found:
            self.speaker = (found[1], found[2])
            self.show(line.text)

    def send(self, line: Line) -> None:
        body = self._filled(line.text, line)
        kind, who = self.speaker
        self.show(f"> {body}")
        if kind == "sms":
            self.stage.text(who, body)
        else:
            number, _, words = body.partition(": ")
            self.stage.comment(who, number, words)

    def receive(self, line: Line) -> None:
        got = self.stage.heard(self.speaker[1])
        if line.text == "-":
            if got is not None:
                raise Mismatch(f"line {line.number}: nothing was to come, but there came: {got}")
            return
        if got is None:
            raise Mismatch(f"line {line.number}: nothing came instead of: {line.text}")
        found = re.fullmatch(as_pattern(line.text), got)
        if not found:
            raise Mismatch(f"line {line.number}:\n  wanted: {line.text}\n  came:   {got}")
        self.kept.update({name: value for name, value in found.groupdict().items() if value})
        self.show(f"< {got}")

    def check(self, line: Line) -> None:
        what, _, rest = self._filled(line.text, line).partition(" ")
        number, _, wanted = rest.partition(": " if what == "comment" else " ")
        case = self.stage.case(number)
        seen = {} if case is None else SEEN[what](case) if what in SEEN else {}
        if wanted not in seen:
            raise Mismatch(f"line {line.number}: wanted {line.text}\n  there is: {sorted(seen)}")
        self.show(f"* {line.text}")

    def move_clock(self, line: Line) -> None:
        found = _CLOCK.fullmatch(f"@ {line.text}")
        if not found:
            raise Mismatch(f"line {line.number}: @ takes +3d, +5m, +30s or +2h")
        self.show(f"@ {line.text}")
        self.stage.move_clock(timedelta(**{UNITS[found[2]]: int(found[1])}))

    def _filled(self, text: str, line: Line) -> str:
        return _MARK.sub(lambda mark: self._kept(mark[1], line), text).replace("\\n", "\n")

    def _kept(self, name: str, line: Line) -> str:
        if name not in self.kept:
            raise Mismatch(f"line {line.number}: no {{{name}}} came before it")
        return self.kept[name]


def as_pattern(text: str) -> str:
    """A received line as a regular expression; each mark is kept under its name the first time it stands."""
    parts = list(_parts(text.replace("\\n", "\n")))
    return "".join(parts)


def _parts(text: str) -> Iterator[str]:
    at, named = 0, set[str]()
    for mark in _MARK.finditer(text):
        yield re.escape(text[at : mark.start()])
        name = mark[1]
        yield KEPT[name] if name in named else f"(?P<{name}>{KEPT[name]})"
        named.add(name)
        at = mark.end()
    yield re.escape(text[at:])


SEEN: Mapping[str, Callable[[CaseSeen], set[str]]] = {
    "case": lambda case: {f"{case.form} {case.status}"},
    "value": lambda case: {f"{key}: {value}" for key, value in case.values.items()},
    "comment": lambda case: set(case.comments),
}
PLAYED: Mapping[str, Callable[[Player, Line], None]] = {
    "[": Player.speak,
    ">": Player.send,
    "<": Player.receive,
    "*": Player.check,
    "@": Player.move_clock,
}
