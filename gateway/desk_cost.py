"""What a desk's forms cost: each is walked on the pure stage in each language, every question answered.

A path is a form with the answers that its conditions look at: first the first of each, then each other branch once.
The answers are short and good, so this is the least that a path costs; the language is chosen before, and not counted.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from channels.sms.segments import count
from conversations.desk.model import Desk, FieldKind, Form, FormField
from conversations.desk.ready import ReadyDesk
from conversations.fields import email, metering_point, org_number, phone, postal_address
from conversations.fields.patterned import example
from conversations.state import Asked, Language
from conversations.words import Command, shown
from gateway.desks import Loaded
from gateway.ready import make_ready
from gateway.simulator.pure import PureStage

PHONE: Final = "+4790000001"
ASKED_AT_MOST: Final = 3
SPOKEN: Final[Mapping[Language, str]] = {"nb": "NORSK", "sv": "SVENSKA", "en": "ENGLISH"}
SAID: Final[Mapping[Language, str]] = {"nb": "et kort svar", "sv": "ett kort svar", "en": "a short answer"}
PAST: Final[Mapping[Language, str]] = {"nb": "i går kl. 14", "sv": "i går kl. 14", "en": "yesterday at 2 pm"}
FUTURE: Final[Mapping[Language, str]] = {"nb": "i morgen kl. 14", "sv": "i morgon kl. 14", "en": "tomorrow at 2 pm"}
ANSWERS: Final[Mapping[FieldKind, Callable[[FormField, Language], str]]] = {
    "number": lambda asked, language: f"{asked.minimum or 1:g}",
    "date_time": lambda asked, language: (FUTURE if asked.tense == "future" else PAST)[language],
    "phone": lambda asked, language: phone.EXAMPLES[language],
    "email": lambda asked, language: email.EXAMPLE,
    "person_name": lambda asked, language: "Eva Hagen",
    "postal_address": lambda asked, language: postal_address.EXAMPLES[language],
    "location": lambda asked, language: postal_address.EXAMPLES[language],
    "org_number": lambda asked, language: org_number.EXAMPLES[language],
    "metering_point": lambda asked, language: metering_point.EXAMPLES[language],
    "reference": lambda asked, language: example(asked.pattern or "A-#####", lambda kind: "1"),
    "secret": lambda asked, language: "4711",
}
"""What is answered to a question without options; all other kinds take any words."""

Choices = Mapping[str, str]


class Stops(Exception):
    """A walk that comes to no end; the text says where."""


@dataclass(frozen=True, slots=True)
class Path:
    """A path of a form in a language: the customer's texts, our segments; ``stops``: at which question it got stuck."""

    form: str
    branch: str
    language: Language
    texts: int
    segments: int
    stops: str = ""


def forms_that_end(desk: Desk) -> tuple[Form, ...]:
    """The forms that conversations take to a case today: no look-ups, no chains of approval."""
    return tuple(form for form in desk.forms if form.kind == "form" and not form.approval)


def paths(loaded: Loaded) -> Iterator[Path]:
    """Every path of every form, in each of the desk's languages."""
    ready = make_ready(loaded.desk, 1)
    for form in forms_that_end(loaded.desk):
        for language in loaded.desk.languages:
            yield from _paths(loaded, ready, form, language)


def _paths(loaded: Loaded, ready: ReadyDesk, form: Form, language: Language) -> Iterator[Path]:
    to_walk: list[Choices] = [{}]
    known: set[tuple[str, frozenset[str]]] = set()
    for choices in to_walk:  # a walk may find more of them
        walk = _Walk(PureStage.of(loaded, ready), form, language, choices)
        stops = ""
        try:
            walk.go()
        except Stops as error:
            stops = str(error)
        branch = ", ".join(f"{name}={key}" for name, key in walk.chosen.items())
        yield Path(form.id, branch, language, walk.texts, walk.segments, stops)
        known |= {(name, _asks(form, name, key)) for name, key in walk.chosen.items()}
        before: dict[str, str] = {}
        for name, key in walk.chosen.items():
            for other in walk.offered[name]:
                if (name, _asks(form, name, other)) not in known:
                    known.add((name, _asks(form, name, other)))
                    to_walk.append({**before, name: other})
            before[name] = key


def _asks(form: Form, name: str, option: str) -> frozenset[str]:
    """The fields that this answer lets be asked."""
    return frozenset(
        one.id for one in form.fields for condition in one.when if condition.field == name and option in condition.is_
    )


@dataclass
class _Walk:
    """A customer who answers everything. ``chosen``: of the options ``offered`` by fields that conditions look at."""

    stage: PureStage
    form: Form
    language: Language
    choices: Choices
    texts: int = 0
    segments: int = 0
    chosen: dict[str, str] = field(default_factory=dict)
    offered: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def go(self) -> None:
        """From the form's name to its case. Raises Stops."""
        self._text(SPOKEN[self.language])
        self.texts = self.segments = 0
        self._text(self.form.name[self.language])
        asked: Counter[str] = Counter()
        is_begun = False
        while not is_begun or self.stage.draft(PHONE) is not None:
            what = self._answer()
            asked[what] += 1
            if asked[what] > ASKED_AT_MOST:
                raise Stops(what)
            is_begun = is_begun or self.stage.draft(PHONE) is not None

    def _answer(self) -> str:
        """Answer what is asked now; what that was."""
        if code := self.stage.code(PHONE):
            self._text(code)
            return "code"
        asked = self.stage.state(PHONE).standing
        if asked is None:
            raise Stops("nothing is asked")
        self._text(self._words(asked))
        return asked.what

    def _words(self, asked: Asked) -> str:
        what, _, name = asked.what.partition(":")
        if what == "review":
            return shown(Command.SEND, self.language)
        keys = [option.key for option in asked.options]
        if what == "field":
            one = next(one for one in self.form.fields if one.id == name)
            if not keys:
                return self._value(one)
            return str(keys.index(self._option(name, keys)) + 1)
        return str(keys.index(self.form.id) + 1) if self.form.id in keys else "1"

    def _option(self, name: str, keys: list[str]) -> str:
        key = self.choices.get(name, keys[0])
        if any(condition.field == name for one in self.form.fields for condition in one.when):
            self.chosen[name], self.offered[name] = key, tuple(keys)
        return key

    def _value(self, asked: FormField) -> str:
        rows = self.stage.registers.get(asked.register_ or "", {})
        if asked.kind == "object":
            return next(iter(rows), shown(Command.SKIP, self.language))
        say = ANSWERS.get(asked.kind)
        return say(asked, self.language) if say else SAID[self.language]

    def _text(self, words: str) -> None:
        self.stage.text(PHONE, words)
        self.texts += 1
        while (heard := self.stage.heard(PHONE)) is not None:
            self.segments += count(heard).segments
