"""The working memory of one turn: what moves read and write; thrown away when the turn is made.

A move says sentences (`say`), puts at most one question (`ask`), wants things done (`do`), and replaces the
state or the draft. `made` turns it into a `Turn`: one reply at the most, and the question that now stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from conversations.changed import changed
from conversations.desk.model import Form, FormField, Localized
from conversations.desk.ready import ReadyDesk
from conversations.dice import Dice
from conversations.effects import (
    AcceptCode,
    DeliveryClass,
    Disposition,
    Effect,
    EndTrust,
    RaiseAlert,
    Say,
    SendCode,
    Turn,
)
from conversations.facts import Facts, Holder, Holders, NearestEntry, RegisterEntry
from conversations.fields.contract import Context, Row
from conversations.inputs import Actor, Evidence, Input, Message
from conversations.places.geodesy import Point
from conversations.state import Answer, Asked, Draft, Language, Note, Option, State
from conversations.text import Mark, Text, compose, sentences


@dataclass(frozen=True, slots=True)
class Question:
    """A question about to be put: what it is, its words, and its numbered options.

    ``listed``: what is said before it has numbered them already.
    """

    what: str
    text: Text
    options: tuple[Option, ...] = ()
    about: str | None = None
    digression: bool = False
    listed: bool = False


@dataclass
class Talk:
    """One turn in the making. ``excused``: it moved nothing, but is no sign of being lost (a wrong code).

    ``began`` and ``began_in``: the state and the active draft that it began with. ``secrets``: what it brought that is
    kept sealed alone.
    """

    desk: ReadyDesk
    state: State
    draft: Draft | None
    told: Input
    facts: Facts
    now: datetime
    dice: Dice
    began: State = field(init=False)
    began_in: str | None = field(init=False)
    effects: list[Effect] = field(default_factory=list)
    said: list[Text] = field(default_factory=list)
    question: Question | None = None
    secrets: list[str] = field(default_factory=list)
    moved: bool = False
    excused: bool = False
    delivery_class: DeliveryClass = DeliveryClass.ANSWER
    disposition: Disposition = "turn"
    reason: str = ""

    def __post_init__(self) -> None:
        self.began, self.began_in = self.state, self.draft.id if self.draft else None

    @property
    def language(self) -> Language:
        """The language of this conversation; the desk's first until one is known."""
        return self.state.language or self.desk.desk.languages[0]

    @property
    def message(self) -> Message:
        """The message told. Raises TypeError in a turn that something else began."""
        if not isinstance(self.told, Message):
            raise TypeError("this turn was not begun by a message")
        return self.told

    def note(self, words: str | None = None) -> Note:
        """What the customer wrote, or a part of it, to be kept."""
        return Note(self.message.text if words is None else words, self.message.id, self.message.at)

    def customer(self, evidence: Evidence | None = None) -> Actor:
        """Who writes, on the evidence of this message (or better, where a move has it)."""
        return Actor("customer", self.facts.address, evidence or self.message.evidence)

    def say(self, msgid: str, **values: Any) -> None:
        """Say an engine text."""
        self.said.append(self.text(msgid, **values))

    def text(self, msgid: str, **values: Any) -> Text:
        """An engine text in the conversation's language, the desk's own wording where it has one."""
        return self.desk.wording.say(self.language, msgid, **values)

    def own(self, texts: Localized, **values: Any) -> Text:
        """A text of the desk's in the conversation's language."""
        return compose(self.own_words(texts), values)

    def own_words(self, texts: Localized) -> str:
        """The same, unfilled: a label, a name."""
        return texts.get(self.language) or texts[self.desk.desk.languages[0]]

    def ask(
        self,
        what: str,
        text: Text,
        options: Sequence[Option] = (),
        *,
        about: str | None = None,
        digression: bool = False,
        listed: bool = False,
    ) -> None:
        """Put a question; a later one in the same turn takes its place."""
        self.question = Question(what, text, tuple(options), about, digression, listed)

    def do(self, *effects: Effect) -> None:
        """Want something done."""
        self.effects.extend(effects)

    def change(self, **changes: Any) -> None:
        """Replace parts of the state."""
        self.state = changed(self.state, **changes)

    def hold(self, *notes: Note) -> None:
        """Keep words that have no place until a question is answered."""
        self.change(held=(*self.state.held, *notes))

    def take_held(self) -> tuple[Note, ...]:
        """The words that had no place, for who has one."""
        held = self.state.held
        self.change(held=())
        return held

    def redraft(self, **changes: Any) -> Draft:
        """Replace parts of the active draft, which must be there."""
        self.draft = changed(self.active_draft, **changes)
        return self.draft

    @property
    def active_draft(self) -> Draft:
        """The draft that a move knows to be there. Raises TypeError otherwise."""
        if self.draft is None:
            raise TypeError("no draft is active")
        return self.draft

    @property
    def form(self) -> Form:
        """The active draft's form."""
        return self.desk.forms[self.active_draft.form]

    @property
    def asked_field(self) -> FormField | None:
        """The field that the form's question is about: it is asked for, or whether its answer is right."""
        asked = self.state.asked if self.draft else None
        what, _, field_id = asked.what.partition(":") if asked else ("", "", "")
        return self.field(field_id) if what in ("field", "confirm") else None

    @property
    def asked_kind(self) -> str:
        """What would answer the form's question: a field's kind, ``yes_no`` where it asks whether one is right.

        The question's own name (``review``) where it is about no field; nothing where none stands.
        """
        asked, field = self.state.asked if self.draft else None, self.asked_field
        if asked is None or field is None:
            return asked.what if asked else ""
        return "yes_no" if asked.what.startswith("confirm:") else field.kind

    def field(self, field_id: str) -> FormField:
        """A field of the active draft's form."""
        return self.desk.field(self.active_draft.form, field_id)

    def context(self, asked: Asked | None = None, known: Answer | None = None) -> Context:
        """What a field kind may know."""
        return Context(
            language=self.language,
            register=self.register_row,
            registers=self.desk.desk.registers,
            shown=asked.options if asked else (),
            known=known.value if known else None,
            sender=self.facts.address,
            now=self.now,
            zone=self.desk.zone,
            nearest=self.nearest_row,
            said=self.desk.danger.said,
        )

    def register_row(self, register: str, key: str) -> Row | None:
        """A row of a register of the desk. Raises Missing where it has not been looked up."""
        return self.facts.find(RegisterEntry(register, key))

    def nearest_row(self, register: str, point: Point, within_m: int) -> Row | None:
        """The row of a register of the desk that lies nearest to the point, if any does. Raises Missing likewise."""
        return self.facts.find(NearestEntry(register, *point, within_m))

    @property
    def is_trusted(self) -> bool:
        """Whether a code proved this address within the desk's period, or does so in this very turn."""
        if any(isinstance(effect, AcceptCode) for effect in self.effects):
            return True
        if any(isinstance(effect, EndTrust) for effect in self.effects):
            return False
        return any(one.trusted_until and one.trusted_until > self.now for one in self.facts.find(Holders()))

    @property
    def writer(self) -> Holder | None:
        """Who writes: the one who holds the number, or of several the one who said so; None: nobody can tell."""
        holders, known = self.facts.find(Holders()), self.state.writer
        if len(holders) == 1:
            return holders[0]
        return next((one for one in holders if known and one.contact == known.contact), None)

    def made(self) -> Turn:
        """The turn: one reply of what was said and asked, if anything was."""
        text = sentences(*self.said, _with_options(self.question) if self.question else ())
        sent_code = any(isinstance(effect, SendCode) for effect in self.effects)
        if text and not sent_code:
            self._reply(text)
        if self.moved:
            if self.state.idle_turns:
                self.change(idle_turns=0)
        elif isinstance(self.told, Message) and not self.excused and self.facts.asked_claimed:
            self.change(idle_turns=self.state.idle_turns + 1)
        return Turn(self.state, self.draft, tuple(self.effects), self.disposition, self.reason)

    def _reply(self, text: Text) -> None:
        message = self.dice.new_id()
        if self.question:
            self._now_asked(self.question, message)
        carries_number = any(isinstance(part, Mark) for part in text)
        reply = Say(
            message=message,
            text=text,
            delivery_class=self.delivery_class,
            replaces=isinstance(self.told, Message),
            replaceable=self.delivery_class is DeliveryClass.ANSWER and not carries_number,
            moved=self.moved,
        )
        # Whoever stands beside the line is told to keep away before anybody is alerted.
        alerted = next((at for at, one in enumerate(self.effects) if isinstance(one, RaiseAlert)), len(self.effects))
        self.effects.insert(alerted, reply)

    def _now_asked(self, question: Question, message: str) -> None:
        asked = Asked(question.what, message, self.now, question.options, question.about)
        if question.what == "danger":
            self.change(danger_asked=asked)
        elif question.digression:
            self.change(digression=asked)
        else:
            self.change(asked=asked)


def _with_options(question: Question) -> Text:
    if question.listed:
        return question.text
    shown = " ".join(f"{n} {option.label}" for n, option in enumerate(question.options, 1))
    return sentences(question.text, (shown,) if shown else ())
