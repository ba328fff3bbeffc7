"""What an effect may use while it becomes rows: the conversation that is held, and what the turn gathers."""

from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_hex
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select

from conversations.dice import Dice
from conversations.effects import Turn
from conversations.inputs import Actor, Input, Message
from conversations.text import Mark, Text, filled
from storage.fronts import ReadyFront
from storage.statements import Statement
from storage.tables import metadata
from storage.work import Work

SALT_BYTES = 16


class Held(NamedTuple):
    """A conversation with its row locked, and what a turn needs beside it; None: there is none of it.

    `asked_…` is the delivery of the newest question, `opted_by` the standing opt-out of the address.
    """

    id: str
    front: str
    their_address: str
    address: str
    epoch: int
    sequence: int
    revision: int
    state: str
    challenge: str | None
    heard_at: datetime
    draft: str | None
    draft_revision: int | None
    draft_content: str | None
    opted_by: str | None
    asked_delivery: str | None
    asked_state: str | None
    asked_claimed_at: datetime | None
    asked_replaceable: bool | None
    asked_message: str | None


@dataclass(slots=True)
class Scene:
    """One turn becoming rows. `numbers` are the case numbers known so far, by the case's id."""

    work: Work
    front: ReadyFront
    held: Held
    told: Input
    turn: Turn
    dice: Dice
    asked_delivery: str | None = None
    numbers: dict[str, str] = field(default_factory=dict)
    is_to_ring: bool = False

    @property
    def desk(self) -> str:
        """The desk that the conversation is with."""
        return self.turn.state.desk or self.front.desk.desk.desk

    @property
    def actor(self) -> Actor:
        """Who began the turn. A customer is named by the address's row, not by the address itself."""
        if isinstance(self.told, Message):
            return Actor("customer", self.held.address, self.told.evidence)
        return Actor("system", self.told.kind, "wrote")

    def filled(self, text: Text) -> Text:
        """The text with its numbers; only what is known while sending is left as marks."""
        return text if len(text) == 1 and isinstance(text[0], str) else filled(text, self._known)

    def note(self, act: str, about: str, detail: str | None = None, actor: Actor | None = None) -> None:
        """A row of the audit: who did what to which row."""
        note(self.work, self.dice, self.front.tenant, actor or self.actor, act, about, detail)

    def _known(self, mark: Mark) -> str | None:
        if mark.mark == "case_number":
            return self._number(mark.of)
        draft = self.turn.draft
        return draft.code if mark.mark == "draft_code" and draft and draft.id == mark.of else None

    def _number(self, case: str) -> str | None:
        if case not in self.numbers:
            row = _NUMBER.one(self.work, case_id=case, tenant=self.front.tenant)
            if row is None:
                return None
            self.numbers[case] = row[0]
        return self.numbers[case]


def note(work: Work, dice: Dice, tenant: str, actor: Actor, act: str, about: str, detail: str | None = None) -> None:
    """A row of the audit, unsealed. `detail`: JSON of ids and states, nobody's text."""
    values: dict[str, Any] = {
        "id": dice.new_id(),
        "tenant": tenant,
        "at": work.now,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "evidence": actor.evidence,
        "act": act,
        "about": about,
        "detail": detail,
        "salt": token_hex(SALT_BYTES),
    }
    _AUDIT.run(work, **values)


_A = metadata.tables["audit"]
_CASE = metadata.tables["cases"]
_AUDIT = Statement(
    insert(_A).inline(),
    *("id", "tenant", "at", "actor_kind", "actor_id", "evidence", "act", "about", "detail", "salt"),
)
_NUMBER = Statement(
    select(_CASE.c.number).where(_CASE.c.id == bindparam("case_id"), _CASE.c.tenant == bindparam("tenant"))
)
