"""What needs a person now: alerts nobody acknowledged, cases, messages left to a person, held senders."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import text
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.case_views import Absent, alert_views, case_lines, message_views
from storage.scope import Scope
from storage.tables import Alert, Case, Conversation, Front, MessageRow, Sender
from storage.views import AlertView, CaseLine, MessageView

EACH_AT_MOST: Final = 100
# Word for word the condition of the table's index, which is used only so.
UNHANDLED: Final = text("disposition IN ('to_person', 'failed', 'waiting') AND handled_at IS NULL")


@dataclass(frozen=True, slots=True)
class HeldSender:
    """One of our numbers that sends nothing until then, and why: an operator must look."""

    address: str
    held_until: datetime
    held_because: str | None


@dataclass(frozen=True, slots=True)
class Attention:
    """All that waits for a person, oldest first, at most 100 of a kind. ``more``: something was left out."""

    alerts: tuple[AlertView, ...]
    cases: tuple[CaseLine, ...]
    messages: tuple[MessageView, ...]
    senders: tuple[HeldSender, ...]
    more: bool


def attention(scope: Scope, session: Session, now: datetime) -> Attention:
    """What needs a person of this scope."""
    alerts = _alerts(scope, session)
    cases = _cases(scope, session)
    messages = _messages(scope, session)
    return Attention(
        alert_views(scope, alerts[:EACH_AT_MOST]),
        case_lines(session, cases[:EACH_AT_MOST]),
        message_views(scope, session, messages[:EACH_AT_MOST]),
        _held(scope, session, now),
        more=any(len(found) > EACH_AT_MOST for found in (alerts, cases, messages)),
    )


def one_message(scope: Scope, session: Session, message_id: str) -> MessageView:
    """A message, its disposition and its deliveries. Raises Absent."""
    [view] = message_views(scope, session, [find_message(scope, session, message_id)])
    return view


def find_message(scope: Scope, session: Session, message_id: str) -> MessageRow:
    """The message of this id; one without a conversation is seen by who sees all desks. Raises Absent."""
    row = session.exec(_messages_of(scope).where(col(MessageRow.id) == message_id)).first()
    if row is None:
        raise Absent
    return row


def _alerts(scope: Scope, session: Session) -> list[tuple[Alert, Case]]:
    query = (
        select(Alert, Case)
        .join(Case, col(Alert.case_id) == Case.id)
        .where(
            scope.holds(Alert.tenant, Alert.desk),
            col(Alert.acknowledged_at).is_(None),
            col(Alert.merged_into).is_(None),
        )
    )
    # By the index of the standing ones; the few that there are get into their order here.
    found = session.exec(query.order_by(col(Alert.next_at)).limit(EACH_AT_MOST + 1)).all()
    return sorted(found, key=lambda one: one[0].id)


def _cases(scope: Scope, session: Session) -> list[Case]:
    query = select(Case).where(scope.holds(Case.tenant, Case.desk), col(Case.attention).is_not(None))
    return list(session.exec(query.order_by(col(Case.attention_at), col(Case.id)).limit(EACH_AT_MOST + 1)))


def _messages(scope: Scope, session: Session) -> list[MessageRow]:
    query = _messages_of(scope).where(UNHANDLED, col(MessageRow.disposition) != "waiting")
    return list(session.exec(query.order_by(col(MessageRow.at), col(MessageRow.id)).limit(EACH_AT_MOST + 1)))


def _messages_of(scope: Scope) -> SelectOfScalar[MessageRow]:
    return (
        select(MessageRow)
        .join(Conversation, col(MessageRow.conversation) == Conversation.id, isouter=True)
        .join(Front, col(Conversation.front) == Front.id, isouter=True)
        .where(scope.holds(MessageRow.tenant, Front.desk))
    )


def _held(scope: Scope, session: Session, now: datetime) -> tuple[HeldSender, ...]:
    rows = session.exec(
        select(Sender)
        .join(Front, (col(Front.channel) == Sender.channel) & (col(Front.address) == Sender.address))
        .where(scope.holds(Sender.tenant, Front.desk), col(Sender.held_until) > now)
        .order_by(Sender.address)
    )
    return tuple(HeldSender(row.address, row.held_until, row.held_because) for row in rows if row.held_until)
