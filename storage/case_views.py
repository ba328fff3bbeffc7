"""Reads cases as caseworkers see them: a list, and a case whole. The scope comes first."""

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select

from storage.scope import Scope
from storage.tables import (
    Address,
    AddressHolder,
    Alert,
    Case,
    CaseParty,
    CaseValue,
    Comment,
    Contact,
    Delivery,
    MessageRow,
)
from storage.views import (
    AlertView,
    CaseLine,
    CasePage,
    CaseWhole,
    CommentView,
    DeliveryView,
    MessageView,
    Party,
    Reporter,
    Value,
)

CASES_AT_MOST: Final = 100
COMMENTS_AT_MOST: Final = 500
MESSAGES_AT_MOST: Final = 200
ALERTS_AT_MOST: Final = 50


class Absent(LookupError):
    """There is no such thing in this scope: it does not exist, or belongs to others. Nobody learns which."""


class Ambiguous(LookupError):
    """Several desks of the scope have a case of this number."""


@dataclass(frozen=True, slots=True)
class Named:
    """A case by its id or number; `desk`: of which desk, where several have one of that number."""

    case: str
    desk: str | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which cases a list shows: all that is None does not matter. ``q``: words in number or answers."""

    desk: str | None = None
    status: str | None = None
    open: bool | None = None
    q: str | None = None
    after: str | None = None
    limit: int = 50


def list_cases(scope: Scope, session: Session, wanted: Filter) -> CasePage:
    """A page of cases, newest first: their ids are in the order of opening."""
    query = select(Case).where(scope.holds(Case.tenant, Case.desk), *_conditions(wanted))
    query = query.order_by(col(Case.id).desc()).limit(wanted.limit + 1)
    cases = session.exec(query).all()
    shown = cases[: wanted.limit]
    return CasePage(case_lines(session, shown), shown[-1].id if len(cases) > len(shown) else None)


def case_lines(session: Session, cases: Sequence[Case]) -> tuple[CaseLine, ...]:
    """Cases that were read within a scope, as a list shows them."""
    unread = _unread(session, [case.id for case in cases])
    return tuple(CaseLine(**_line(case), unread=unread.get(case.id, 0)) for case in cases)


def find_case(scope: Scope, session: Session, named: Named) -> Case:
    """The case of this name. Raises Absent, and Ambiguous where two desks have a case of that number."""
    query = select(Case).where(
        scope.holds(Case.tenant, Case.desk),
        or_(col(Case.id) == named.case, col(Case.number) == named.case),
    )
    if named.desk is not None:
        query = query.where(col(Case.desk) == named.desk)
    cases = session.exec(query.limit(2)).all()
    if len(cases) > 1:
        raise Ambiguous
    if not cases:
        raise Absent
    return cases[0]


def whole_case(scope: Scope, session: Session, named: Named) -> CaseWhole:
    """The case with all that belongs to it. Raises as `find_case`."""
    case = find_case(scope, session, named)
    [line] = case_lines(session, [case])
    return CaseWhole(
        **{name: getattr(line, name) for name in CaseLine.__dataclass_fields__},
        revision=case.revision,
        outside_reference=case.outside_reference,
        sent_at=case.sent_at,
        closed_at=case.closed_at,
        reporter=_reporter(scope, session, case),
        values=_values(session, case),
        parties=_parties(scope, session, case),
        comments=_comments(session, case),
        messages=_messages(scope, session, case),
        alerts=alert_views(
            scope,
            session.exec(
                select(Alert, Case)
                .join(Case, col(Alert.case_id) == Case.id)
                .where(Alert.case_id == case.id)
                .order_by(col(Alert.id).desc())
                .limit(ALERTS_AT_MOST)
            ).all(),
        ),
    )


def alert_views(scope: Scope, found: Sequence[tuple[Alert, Case]]) -> tuple[AlertView, ...]:
    """Alerts that were read within the scope, with their cases."""
    return tuple(
        AlertView(
            id=alert.id,
            case=case.id,
            case_number=case.number,
            desk=alert.desk,
            step=alert.step,
            raised_at=alert.raised_at,
            next_at=None if alert.acknowledged_at or alert.merged_into else alert.next_at,
            acknowledged_at=alert.acknowledged_at,
            acknowledged_by=scope.shows(alert.acknowledged_by) if alert.acknowledged_by else None,
            merged_into=alert.merged_into,
        )
        for alert, case in found
    )


def message_views(scope: Scope, session: Session, messages: Sequence[MessageRow]) -> tuple[MessageView, ...]:
    """Messages that were read within the scope, with what became of each sending."""
    deliveries: dict[str, list[DeliveryView]] = {}
    wanted = [message.id for message in messages if message.direction == "out"]
    query = select(Delivery).where(col(Delivery.message).in_(wanted)).order_by(col(Delivery.id))
    for delivery in session.exec(query) if wanted else ():
        deliveries.setdefault(delivery.message, []).append(_delivery(scope, delivery))
    return tuple(
        MessageView(
            id=message.id,
            direction=message.direction,
            channel=message.channel,
            their_address=scope.shows(message.their_address),
            text=message.text,
            hidden_text=message.hidden_text,
            disposition=message.disposition,
            reason=message.reason,
            at=message.at,
            handled_at=message.handled_at,
            deliveries=tuple(deliveries.get(message.id, ())),
        )
        for message in messages
    )


def comment_view(
    comment: Comment, message_text: str | None = None, delivery: str | None = None, failure: str | None = None
) -> CommentView:
    """A comment; one that came in by a message has the message's text."""
    return CommentView(
        id=comment.id,
        author_kind=comment.author_kind,
        author_name=comment.author_name,
        evidence=comment.evidence,
        public=comment.public,
        text=comment.text if comment.text is not None else message_text or "",
        message=comment.message,
        delivery=delivery,
        failure=failure,
        at=comment.at,
        read_at=comment.read_at,
    )


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.desk is not None:
        conditions.append(col(Case.desk) == wanted.desk)
    if wanted.status is not None:
        conditions.append(col(Case.status) == wanted.status)
    if wanted.open is not None:
        conditions.append(col(Case.open) == wanted.open)
    if wanted.after is not None:
        conditions.append(col(Case.id) < wanted.after)
    if wanted.q is not None:
        conditions.append(_says(wanted.q))
    return conditions


def _says(words: str) -> ColumnElement[bool]:
    # Neither database folds æ, ø and å everywhere: the usual spellings are asked for one by one.
    normal = unicodedata.normalize("NFC", words)
    spellings = sorted({normal, normal.lower(), normal.upper(), normal.capitalize(), normal.title()})
    answered = select(CaseValue.case_id).where(
        CaseValue.case_id == Case.id,
        or_(*(col(column).icontains(one, autoescape=True) for one in spellings for column in _SEARCHED)),
    )
    return or_(col(Case.number).icontains(normal, autoescape=True), answered.exists())


_SEARCHED: Final = (CaseValue.shown, CaseValue.words)


def _line(case: Case) -> dict[str, Any]:
    return {name: getattr(case, name) for name in CaseLine.__dataclass_fields__ if name != "unread"}


def _unread(session: Session, cases: list[str]) -> dict[str, int]:
    if not cases:
        return {}
    query = (
        select(Comment.case_id, func.count())
        .where(
            col(Comment.case_id).in_(cases),
            col(Comment.author_kind) == "customer",
            col(Comment.read_at).is_(None),
        )
        .group_by(col(Comment.case_id))
    )
    return dict(session.exec(query).all())


def _reporter(scope: Scope, session: Session, case: Case) -> Reporter:
    address = session.exec(select(Address).where(Address.id == case.address)).one()
    holders = session.exec(
        select(Contact.name, AddressHolder.proved_at)
        .join(AddressHolder, col(AddressHolder.contact) == Contact.id)
        .where(AddressHolder.address == case.address, AddressHolder.epoch == case.epoch)
        .order_by(col(AddressHolder.id))
    ).all()
    reporters = session.exec(
        select(Contact.name)
        .join(CaseParty, col(CaseParty.contact) == Contact.id)
        .where(CaseParty.case_id == case.id, CaseParty.role == "reporter")
    ).all()
    # Where several hold the address, the case alone can tell which of them reported it.
    names = reporters or [name for name, _ in holders]
    name = names[0] if len(names) == 1 else None
    return Reporter(address.channel, scope.shows(address.value), name, any(proved for _, proved in holders))


def _values(session: Session, case: Case) -> tuple[Value, ...]:
    rows = session.exec(select(CaseValue).where(CaseValue.case_id == case.id).order_by(CaseValue.field))
    return tuple(
        Value(
            field=row.field,
            value=None if row.sealed else json.loads(row.value),
            shown=row.shown,
            words=row.words,
            source=row.source,
            confirmed=row.confirmed,
            sealed=row.sealed,
            at=row.at,
        )
        for row in rows
    )


def _parties(scope: Scope, session: Session, case: Case) -> tuple[Party, ...]:
    rows = session.exec(
        select(CaseParty, Contact.name)
        .join(Contact, col(CaseParty.contact) == Contact.id, isouter=True)
        .where(CaseParty.case_id == case.id)
        .order_by(CaseParty.id)
    )
    return tuple(Party(party.role, party.name or name, _numbers(scope, party.numbers)) for party, name in rows)


def _numbers(scope: Scope, numbers: str | None) -> str | None:
    return " ".join(scope.shows(number) for number in numbers.split()) if numbers else None


def _comments(session: Session, case: Case) -> tuple[CommentView, ...]:
    rows = session.exec(
        select(Comment, MessageRow.text)
        .join(MessageRow, col(Comment.message) == MessageRow.id, isouter=True)
        .where(Comment.case_id == case.id)
        .order_by(col(Comment.id).desc())
        .limit(COMMENTS_AT_MOST)
    ).all()
    sent = _sent(session, [comment.id for comment, _ in rows if comment.message is None and comment.public])
    return tuple(comment_view(comment, text, *sent.get(comment.id, ())) for comment, text in reversed(rows))


def _sent(session: Session, comments: list[str]) -> dict[str, tuple[str, str | None]]:
    """Comment to the state of its delivery, and why that failed."""
    query = select(Delivery.about, Delivery.state, Delivery.failure).where(col(Delivery.about).in_(comments))
    query = query.order_by(col(Delivery.id))
    return {about: (state, why) for about, state, why in session.exec(query) if about} if comments else {}


def _messages(scope: Scope, session: Session, case: Case) -> tuple[MessageView, ...]:
    rows = session.exec(
        select(MessageRow)
        .where(MessageRow.conversation == case.conversation)
        .order_by(col(MessageRow.id).desc())
        .limit(MESSAGES_AT_MOST)
    ).all()
    return message_views(scope, session, rows[::-1])


def _delivery(scope: Scope, delivery: Delivery) -> DeliveryView:
    return DeliveryView(
        id=delivery.id,
        state=delivery.state,
        failure=delivery.failure,
        attempt=delivery.attempt,
        recipient=scope.shows(delivery.recipient),
        created_at=delivery.created_at,
        settled_at=delivery.settled_at,
    )
