"""The tests of a desk: its transcripts, and what single sentences mean to it; and whether they would miss a part of it.

They lie in a folder of the desk's id: ``*.txt`` are transcripts (docs/transcripts.md), ``*.words`` say what a phone's
first text is understood as, a line each::

    Strømmen er borte, bare hos meg = outage; who: only_me
    Det lukter rart = -
    outage.who: bare oss to = only_me

The form, and what its fields hold: a choice its id, all else as it is read back. ``-`` where no form is meant,
``?`` where it is asked whether there is danger. Behind the name of a field: an answer to its question.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import compress
from pathlib import Path
from typing import Any, Final

from conversations.desk.model import Desk, FormField
from conversations.desk.ready import ReadyDesk
from conversations.fields import KINDS
from conversations.fields.contract import Context, Taken
from conversations.moves.collect import ASKED
from conversations.state import Json
from gateway.desks import Loaded
from gateway.ready import make_ready
from gateway.simulator.pure import PureStage
from gateway.simulator.transcript import Mismatch, Player

NOTHING: Final = "-"
DOUBTED: Final = "?"
PHONE: Final = "+4790000001"
_ANSWER: Final = re.compile(r"(\w+)\.(\w+): (.+)")


@dataclass(frozen=True, slots=True)
class Test:
    """One thing that must hold on a fresh stage: ``play`` raises Mismatch where it does not."""

    name: str
    play: Callable[[PureStage], None]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A desk without one of its parts."""

    without: str
    desk: Desk


@dataclass
class Bench:
    """A loaded desk and its tests. Raises OSError where they cannot be read."""

    loaded: Loaded
    folder: Path
    tests: list[Test] = field(init=False)

    def __post_init__(self) -> None:
        self._ready = make_ready(self.loaded.desk, 1)
        self.tests = [*_words(self.folder), *_transcripts(self.folder)]

    def failures(self) -> Iterator[str]:
        """What does not hold, a text for each test."""
        for test in self.tests:
            try:
                test.play(PureStage.of(self.loaded, self._ready))
            except Mismatch as error:
                yield f"{test.name}: {error}"

    def unnoticed(self, mutants: Sequence[Mutant], done: Callable[[], object] = bool) -> Iterator[str]:
        """Parts that can be left out though every test holds. `done` is called after each that was tried."""
        newest_first = list(self.tests)
        for mutant in mutants:
            ready = replace(self._ready, desk=mutant.desk)
            noticing = next((test for test in newest_first if not self._holds(test, ready)), None)
            if noticing is None:
                yield mutant.without
            else:
                # What lies together in the file is mostly missed by the same test.
                newest_first.remove(noticing)
                newest_first.insert(0, noticing)
            done()

    def _holds(self, test: Test, ready: ReadyDesk) -> bool:
        try:
            test.play(PureStage.of(self.loaded, ready))
        except Exception:  # it may break in any way: that is noticed too
            return False
        return True


def mutants(desk: Desk) -> list[Mutant]:
    """The desk without each of its fields, conditions and words, and each `remember`, in turn, as far as
    conversations reach them today.

    Danger's phrases are not among them: they are measured on sentences, with what must not set it off.
    """
    whole = desk.model_dump(by_alias=True, exclude_unset=True)
    reached = [not one.approval and (one.kind == "form" or desk.answers(one)) for one in desk.forms]
    return [Mutant(without, Desk.model_validate(_without(whole, path))) for without, path in _parts(whole, reached)]


Way = tuple[str | int, ...]


def _parts(desk: Mapping[str, Any], reached: Sequence[bool]) -> Iterator[tuple[str, Way]]:
    for at, form in compress(enumerate(desk["forms"]), reached):
        here: Way = ("forms", at)
        yield from _listed(f"{form['id']}: the word", form.get("words", {}), (*here, "words"))
        for number, command in enumerate(form.get("commands", ())):
            yield from _listed(f"{form['id']}: its own word", command["word"], (*here, "commands", number, "word"))
        for number, asked in enumerate(form.get("fields", ())):
            if not _is_filled(asked) or (form.get("kind") == "lookup" and asked.get("prefill")):
                # What a look-up knows by itself is shown nowhere.
                continue
            name, place = f"{form['id']}.{asked['id']}", (*here, "fields", number)
            yield name, place
            for condition in range(len(asked.get("when", ()))):
                yield f"{name}: condition {condition + 1}", (*place, "when", condition)
            if "remember" in asked:
                yield f"{name}: remember", (*place, "remember")
            for option, choice in enumerate(asked.get("choices", ())):
                words, at_words = choice.get("words", {}), (*place, "choices", option, "words")
                yield from _listed(f"{name} {choice['id']}: the word", words, at_words)
    for name, register in desk.get("registers", {}).items():
        yield from _listed(f"register {name}: the word", register.get("words", {}), ("registers", name, "words"))


def _is_filled(field: Mapping[str, Any]) -> bool:
    is_asked = (field.get("ask") or field.get("asked_with")) and field["kind"] in ASKED and not field.get("after_send")
    return is_asked or any("register" in source for source in field.get("prefill", ()))


def _listed(what: str, words: Mapping[str, Sequence[str]], place: Way) -> Iterator[tuple[str, Way]]:
    for language, listed in words.items():
        for at, word in enumerate(listed):
            yield f"{what} «{word}» ({language})", (*place, language, at)


def _without(whole: Mapping[str, Any], path: Way) -> Mapping[str, Any]:
    """A copy that lacks what the path leads to."""
    copied: Any = deepcopy(whole)
    found = copied
    for step in path[:-1]:
        if isinstance(found[step], tuple):
            found[step] = list(found[step])
        found = found[step]
    del found[path[-1]]
    return copied  # type: ignore[no-any-return]


def _transcripts(folder: Path) -> Iterator[Test]:
    for path in sorted(folder.glob("*.txt")):
        yield Test(path.stem, partial(_play, path.read_text(encoding="utf-8")))


def _words(folder: Path) -> Iterator[Test]:
    for path in sorted(folder.glob("*.words")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip() and not line.startswith("#"):
                yield Test(f"{path.name} line {number}", partial(_check_meaning, line))


def _play(text: str, stage: PureStage) -> None:
    Player(stage).play(text)


def _check_meaning(line: str, stage: PureStage) -> None:
    said, equals, wanted = (part.strip() for part in line.rpartition(" = "))
    if not equals:
        raise Mismatch("a line is: what somebody writes = the form; a field: what it holds")
    asked = _ANSWER.fullmatch(said)
    came = [_answered(stage, *asked.groups())] if asked else _understood(stage, said)
    form, *values = (part.strip() for part in wanted.split(";"))
    if came[0] != form or not set(values) <= set(came):
        raise Mismatch(f"{said}\n  wanted: {wanted}\n  came:   {'; '.join(came)}")


def _understood(stage: PureStage, said: str) -> list[str]:
    """What a phone's first text is taken for: the form, and what its fields hold. A code that is sent is brought."""
    stage.text(PHONE, said)
    if code := stage.code(PHONE):
        stage.text(PHONE, code)
    draft, state = stage.draft(PHONE), stage.state(PHONE)
    if draft is None:
        return [DOUBTED if state.danger_asked else NOTHING]
    context = _context(stage)
    fields = {name: stage.desk.field(draft.form, name) for name in draft.answers}
    return [draft.form, *(f"{name}: {_held(fields[name], one.value, context)}" for name, one in draft.answers.items())]


def _answered(stage: PureStage, form: str, name: str, said: str) -> str:
    """What the field takes from an answer to its question."""
    field, context = stage.desk.field(form, name), _context(stage)
    read = KINDS[field.kind].read(field, said, context)
    return _held(field, read.value, context) if isinstance(read, Taken) else NOTHING


def _context(stage: PureStage) -> Context:
    desk = stage.desk
    return Context(
        stage.state(PHONE).language or desk.desk.languages[0],
        register=lambda register, key: stage.registers[register].get(key),
        registers=desk.desk.registers,
        now=stage.now,
        zone=desk.zone,
        said=desk.danger.said,
    )


def _held(field: FormField, value: Json, context: Context) -> str:
    """The choice's id, whatever language it was said in; anything else as it is read back."""
    if field.kind == "choice":
        return str(value)
    return KINDS[field.kind].show(field, value, context)
