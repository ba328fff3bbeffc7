"""What a conversation remembers between two inputs, and a draft: small, versioned, frozen, JSON.

The next question is derived from the draft's answers; what is kept here is what was *asked*, because
digits and a yes are read against the question as the customer saw it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Literal

from pydantic import ConfigDict, TypeAdapter

Language = Literal["nb", "sv", "en"]
Json = Any
Source = Literal["said", "prefilled", "default", "person"]
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Option:
    """One numbered choice as it was shown: what it stands for, and its label in the customer's language."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """One numbered line of a mail that asks several things at once: ``what`` as in ``Asked``."""

    what: str
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """The question put last. ``what`` is ``field:<id>`` or the name of a move's own question.

    ``lines``: what the numbers of a mail's lines stand for, in their order.
    """

    what: str
    message: str
    at: datetime
    options: tuple[Option, ...] = ()
    about: str | None = None
    tries: int = 0
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """What a customer wrote that has no field: goes onto the case."""

    words: str
    message: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Awaited:
    """A case that waits for this person's answer, since the comment ``comment`` went out at ``at``."""

    case: str
    comment: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LiveChallenge:
    """A code is awaited: for what (``purpose``), of how many digits, and the object it binds.

    ``held`` is what the customer wrote that takes effect with the code: a reason, a new address.
    """

    challenge: str
    purpose: str
    digits: int = 6
    about: str | None = None
    expires_at: datetime | None = None
    held: Note | None = None


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A person has the conversation: the machine is silent until given back."""

    case: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OpenDanger:
    """The danger case of this conversation that is still open, its alert, and the word that acknowledges it.

    ``into``: the alert of the same place that this one was merged into, whose word it then is. ``at``: when it was
    told.
    """

    case: str
    alert: str
    word: str = ""
    into: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Something asked of the outside (a public register, ``source``) whose answer is awaited as an input."""

    inquiry: str
    source: str
    about: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A register's row that this person proved to be theirs; a ``guest``'s is over at ``until``."""

    register: str
    key: str
    guest: bool = False
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Writer:
    """Which of the contacts that hold the number writes, by their own word; ``at``: when they last did."""

    contact: str
    at: datetime


@dataclass(frozen=True, slots=True)
class State:
    """All that a conversation remembers, but for its draft (a row of its own).

    ``digression``: a question beside the form's, one deep: it owns the digits until answered, then the form's is
    put again. ``danger_asked``: «Er det fare nå?», which no digression displaces. ``held``: what the customer wrote
    that has no place yet (a menu asks for its form, «hvilken sak?» for its case). ``relations``: the one that
    look-ups are about comes first. ``terms``: the version that was accepted.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    # Left out means 1, for ever: a release that changes the format makes ``freeze`` write its own number.
    version: int = 1
    language: Language | None = None
    desk: str | None = None
    asked: Asked | None = None
    digression: Asked | None = None
    danger_asked: Asked | None = None
    held: tuple[Note, ...] = ()
    awaited: tuple[Awaited, ...] = ()
    challenge: LiveChallenge | None = None
    after_code: str | None = None
    handed_over: HandedOver | None = None
    danger: OpenDanger | None = None
    cases: tuple[str, ...] = ()
    acts_for: str | None = None
    parked: tuple[str, ...] = ()
    idle_turns: int = 0
    inquiry: Inquiry | None = None
    relations: tuple[Relation, ...] = ()
    terms: str | None = None
    writer: Writer | None = None

    @property
    def standing(self) -> Asked | None:
        """The question that digits are read against: the newest of danger's and a digression's, else the form's."""
        beside = [one for one in (self.danger_asked, self.digression) if one]
        return max(beside, key=lambda one: one.message, default=self.asked)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as a record: the value, the words it was said in, and where it comes from.

    ``message`` is the inbound message's id (None where nobody wrote it). A sealed answer's value is
    the id of what is sealed; the clear text is nowhere in the draft.
    """

    value: Json
    words: str
    at: datetime
    message: str | None = None
    source: Source = "said"
    confirmed: bool = False
    sealed: bool = False

    @property
    def is_given(self) -> bool:
        """Whether somebody said it, or took what was offered: nothing else is put in its place."""
        return self.message is not None or self.source in ("said", "person")


@dataclass(frozen=True, slots=True)
class Draft:
    """A form being filled; ``desk_version`` is of the desk that it was last brought up to date with.

    ``case`` once a case is open for it, ``alert`` once opening it has alerted somebody; ``reminded``: it was spoken of;
    ``filed``: the case of the report that it came in between, of which the customer is told when this one is done;
    ``again``: the answered field that is asked anew: its answer stands until there is another.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    id: str
    form: str
    desk_version: int
    began_at: datetime
    version: int = 1
    case: str | None = None
    code: str | None = None
    acts_for: str | None = None
    answers: dict[str, Answer] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    alert: str | None = None
    reminded: bool = False
    filed: str | None = None
    again: str | None = None


_STATES = TypeAdapter(State)
_DRAFTS = TypeAdapter(Draft)


def freeze(state: State) -> str:
    """The state as JSON text; what stands at its default is left out, the first version's number too."""
    return _STATES.dump_json(state, exclude_defaults=True).decode()


def thaw(text: str | bytes) -> State:
    """The state from its JSON text. Raises ValueError on anything that no release of ours wrote."""
    return _STATES.validate_json(text)


def freeze_draft(draft: Draft) -> str:
    """The draft as JSON text."""
    return _DRAFTS.dump_json(draft, exclude_defaults=True).decode()


def thaw_draft(text: str | bytes) -> Draft:
    """The draft from its JSON text. Raises ValueError as ``thaw``."""
    return _DRAFTS.validate_json(text)
