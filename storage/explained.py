"""What is known of one message: what it met, and the rows that followed from it, for `gateway explain`.

No row says which message it came of. Ids rise, and a conversation takes one input after the other: what has an id
between a message's and the next input's of its conversation is of its turn, or of what that turn set going.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, or_, union_all
from sqlmodel import Session, col, select

from conversations.state import Answer, Draft, Note, thaw_draft
from storage.tables import (
    Address,
    Alert,
    Audit,
    Case,
    CaseValue,
    Challenge,
    Comment,
    Conversation,
    Delivery,
    DraftRow,
    Front,
    MessageRow,
    PendingInput,
)

ELSEWHERE: Final = ("commented", "status_changed", "taken_over", "given_back")
"""What a caseworker causes: it is no consequence of the message before it."""
AFTER_ALL: Final = "~"
NAMED_AT_MOST: Final = 10

Sent = tuple[MessageRow, Delivery]


@dataclass(frozen=True, slots=True)
class Explained:
    """A message and what followed from it, each kind by its ids. ``front``: where it came in or left, None: nowhere.

    ``answers`` (a message of ours: its own sendings) and ``alerted`` are texts of ours with what became of them;
    ``values`` and ``drafts`` hold something that it said; ``before`` is the inbound message that ours followed.
    """

    message: MessageRow
    front: Front | None
    before: str | None
    cases: Sequence[Case]
    values: Sequence[CaseValue]
    comments: Sequence[Comment]
    drafts: Sequence[Draft]
    answers: Sequence[Sent]
    alerts: Sequence[Alert]
    alerted: Sequence[Sent]
    pending: Sequence[PendingInput]
    audit: Sequence[Audit]


def find_messages(session: Session, named: str) -> Sequence[MessageRow]:
    """The messages of this id, or that a provider calls so; ours by their delivery's id too. Mostly one."""
    sent = select(Delivery.message).where(or_(col(Delivery.id) == named, col(Delivery.provider_id) == named))
    # One by one: the last has no index, and is seldom needed.
    for condition in (MessageRow.id == named, col(MessageRow.id).in_(sent), MessageRow.provider_id == named):
        query = select(MessageRow).where(condition).order_by(col(MessageRow.id)).limit(NAMED_AT_MOST)
        if found := session.exec(query).all():
            return found
    return ()


def explained(session: Session, message: MessageRow) -> Explained:
    """All that is known of the message."""
    conversation = session.get(Conversation, message.conversation) if message.conversation else None
    front = session.get(Front, conversation.front) if conversation else None
    if conversation is None or message.direction == "out":
        own = _sent(session, col(MessageRow.id) == message.id)
        return Explained(message, front, _before(session, message), (), (), (), (), own, (), (), (), ())
    within = _Within(session, message, conversation)
    values = session.exec(
        select(CaseValue)
        .join(Case, col(Case.id) == CaseValue.case_id)
        .where(Case.conversation == conversation.id, CaseValue.message == message.id)
        .order_by(CaseValue.case_id, CaseValue.field)
    ).all()
    comments = session.exec(
        select(Comment)
        .join(Case, col(Case.id) == Comment.case_id)
        .where(Case.address == conversation.address, Comment.message == message.id)
    ).all()
    audit = within.audit()
    concerned = {
        *(value.case_id for value in values),
        *(one.case_id for one in comments),
        *(row.about for row in audit),
    }
    told = select(Alert.id).where(Alert.conversation == conversation.id)
    return Explained(
        message,
        front,
        None,
        session.exec(select(Case).where(col(Case.id).in_(concerned)).order_by(col(Case.id))).all(),
        values,
        comments,
        _drafts(session, message, conversation),
        _sent(session, col(MessageRow.conversation) == conversation.id, within.ids(MessageRow.id)),
        within.rows(Alert, Alert.conversation),
        _sent(session, col(Delivery.about).in_(told), within.ids(MessageRow.id)),
        within.rows(PendingInput, PendingInput.conversation),
        audit,
    )


class _Within:
    """The ids from a message's to the next input's of its conversation."""

    def __init__(self, session: Session, message: MessageRow, conversation: Conversation) -> None:
        self._session, self._message, self._conversation = session, message, conversation
        following = select(func.min(MessageRow.id)).where(
            MessageRow.conversation == conversation.id,
            MessageRow.direction == "in",
            col(MessageRow.id) > message.id,
        )
        elsewhere = select(func.min(PendingInput.id)).where(
            PendingInput.conversation == conversation.id,
            col(PendingInput.kind).in_(ELSEWHERE),
            col(PendingInput.id) > message.id,
        )
        ends = (session.exec(following).one(), session.exec(elsewhere).one())
        self._end = min(filter(None, ends), default=AFTER_ALL)

    def ids(self, column: str) -> ColumnElement[bool]:
        return and_(col(column) > self._message.id, col(column) < self._end)

    def rows(self, table: Any, conversation: str) -> Sequence[Any]:
        query = select(table).where(col(conversation) == self._conversation.id, self.ids(table.id))
        return self._session.exec(query.order_by(table.id)).all()

    def audit(self) -> Sequence[Audit]:
        """What the conversation's cases, alerts, codes and address went through; each case that it opened is there."""
        held = self._conversation
        theirs = union_all(
            select(Case.id).where(Case.conversation == held.id),
            select(Alert.id).where(Alert.conversation == held.id),
            select(Challenge.id).where(Challenge.subject == held.address),
            select(Address.id).where(Address.id == held.address),
        )
        query = select(Audit).where(self.ids(Audit.id), Audit.actor_kind != "caseworker", col(Audit.about).in_(theirs))
        return self._session.exec(query.order_by(col(Audit.id))).all()


def _before(session: Session, message: MessageRow) -> str | None:
    if message.conversation is None:
        return None
    return session.exec(
        select(func.max(MessageRow.id)).where(
            MessageRow.conversation == message.conversation,
            MessageRow.direction == "in",
            col(MessageRow.id) < message.id,
        )
    ).one()


def _drafts(session: Session, message: MessageRow, conversation: Conversation) -> list[Draft]:
    """Those that hold an answer or a note of this message."""
    query = select(DraftRow.content).where(DraftRow.conversation == conversation.id).order_by(col(DraftRow.id))
    drafts = [thaw_draft(content) for content in session.exec(query)]
    return [one for one in drafts if message.id in {*_messages(one.answers.values()), *_messages(one.notes)}]


def _messages(said: Iterable[Answer | Note]) -> Iterator[str | None]:
    return (one.message for one in said)


def _sent(session: Session, *conditions: ColumnElement[bool]) -> Sequence[Sent]:
    query = select(MessageRow, Delivery).join(Delivery, col(Delivery.message) == MessageRow.id).where(*conditions)
    return session.exec(query.order_by(col(Delivery.id))).all()
