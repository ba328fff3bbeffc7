"""What caseworkers do to a case: comment, give back, move on, close; and see to a message. One transaction each.

Whom it concerns learns it by an input of its own conversation (`pending_input`), never by a write to it.
Every act is audited, and refused where the case has moved on from what the caseworker saw.
"""

import json
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from conversations.desk.model import Status
from conversations.dice import Dice
from conversations.inputs import Commented, GivenBack, Happened, StatusChanged, TakenOver
from conversations.state import HandedOver, thaw
from storage.alert_work import stop_all_of
from storage.attention import UNHANDLED, find_message, one_message
from storage.case_secrets import forget_secrets
from storage.case_views import Named, comment_view, find_case, whole_case
from storage.fronts import Fronts
from storage.pending import tell
from storage.scene import note
from storage.scope import Scope
from storage.tables import Case, Comment, Conversation, MessageRow, PendingInput
from storage.views import CaseWhole, CommentView, MessageView
from storage.work import Again, Work


class Moved(Exception):
    """The case has another revision than the caseworker saw; ``revision`` is the present one."""

    def __init__(self, revision: int) -> None:
        super().__init__(revision)
        self.revision = revision


class NoSuchStatus(ValueError):
    """The case's desk has no status of that name; ``known`` are those that it has."""

    def __init__(self, known: tuple[str, ...]) -> None:
        super().__init__("no such status")
        self.known = known


class UsedForAnother(ValueError):
    """The caller's key came before, with another comment."""


@dataclass(frozen=True, slots=True)
class NewComment:
    """A comment to be made. ``author``: its writer's name where that is not the scope's own.

    ``key``: the caller's; the same again makes no second comment.
    """

    text: str
    public: bool
    author: str | None = None
    revision: int | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class NewStatus:
    """The status that a case shall have, and the revision of it that the caseworker saw."""

    status: str
    revision: int


def comment(work: Work, scope: Scope, dice: Dice, named: Named, new: NewComment) -> CommentView:
    """Put a caseworker's comment on a case; a public one is told to whoever reported.

    Raises as `find_case`, Moved, UsedForAnother.
    """
    with work.session() as session:
        case = _locked(scope, session, named)
        once = _once(scope, new.key)
        before = _made_before(session, case, new, once)
        if before is not None:
            return comment_view(before)
        _demand(case, new.revision)
        row = _comment_row(work, scope, dice, case, new, once)
        _add_once(session, row)
        if new.public:
            told = Commented(row.id, case.id, case.number, row.author_name or "", new.text)
            _tell(work, dice, case, told)
            _seen_to(work, session, case)
        _audit(work, scope, dice, "commented", case.id, comment=row.id, public=new.public)
        return comment_view(row)


def change_status(work: Work, scope: Scope, dice: Dice, fronts: Fronts, named: Named, new: NewStatus) -> CaseWhole:
    """Move a case on in its desk's statuses: this closes it, its alerts with it, and opens it again.

    A status that it has already is no change, and no conflict. Raises as `find_case`, Moved, NoSuchStatus.
    """
    with work.session() as session:
        case = _locked(scope, session, named)
        status = _status(fronts, case, new.status)
        if case.status != status.id:
            _demand(case, new.revision)
            _move_on(work, session, dice, case, status)
            _seen_to(work, session, case)
            if not case.open:
                forget_secrets(session, case)
                stop_all_of(work, session, scope, dice, fronts, case)
            _audit(work, scope, dice, "status_changed", case.id, status=status.id)
        return whole_case(scope, session, Named(case.id))


def take_over(work: Work, scope: Scope, dice: Dice, named: Named) -> CaseWhole:
    """A caseworker takes the conversation that the case was reported in; the customer is told, once.

    From then on what the customer writes is a comment, and public comments go out as talk. Raises as `find_case`.
    """
    with work.session() as session:
        case = _locked(scope, session, named)
        if not _waits(session, case, "taken_over") and _handed_over(session, case) is None:
            _tell(work, dice, case, TakenOver(case.id, case.number))
            _audit(work, scope, dice, "taken_over", case.id)
        return whole_case(scope, session, Named(case.id))


def give_back(work: Work, scope: Scope, dice: Dice, named: Named) -> CaseWhole:
    """The machine answers again in the conversation that was handed over with this case; told once.

    The case needs nobody any more, unless something else than the hand-over does. Raises as `find_case`.
    """
    with work.session() as session:
        case = _locked(scope, session, named)
        handed = _handed_over(session, case)
        if handed is not None:
            _tell(work, dice, case, GivenBack(case.id))
            # Set in the same turn, and by nothing since.
            if case.attention_at == handed.at:
                case.attention, case.attention_at = None, None
                session.add(case)
            _audit(work, scope, dice, "given_back", case.id)
        return whole_case(scope, session, Named(case.id))


def handle_message(work: Work, scope: Scope, dice: Dice, message_id: str) -> MessageView:
    """A person has seen to this message: it needs no attention any more. Raises Absent."""
    with work.session() as session:
        message = find_message(scope, session, message_id)
        if message.handled_at is None:
            message.handled_at = work.now
            session.add(message)
            _audit(work, scope, dice, "message_handled", message.id)
            session.flush()
        return one_message(scope, session, message_id)


def _audit(work: Work, scope: Scope, dice: Dice, act: str, about: str, **detail: object) -> None:
    note(work, dice, scope.tenant, scope.actor, act, about, json.dumps(detail) if detail else None)


def _locked(scope: Scope, session: Session, named: Named) -> Case:
    case = find_case(scope, session, named)
    session.refresh(case, with_for_update={"key_share": True})
    return case


def _demand(case: Case, revision: int | None) -> None:
    if revision is not None and revision != case.revision:
        raise Moved(case.revision)


def _once(scope: Scope, key: str | None) -> str | None:
    return None if key is None else sha256(f"{scope.actor.id}\0{key}".encode()).hexdigest()


def _made_before(session: Session, case: Case, new: NewComment, once: str | None) -> Comment | None:
    before = session.exec(select(Comment).where(Comment.once == once)).first() if once else None
    if before and (before.case_id, before.text, before.public) != (case.id, new.text, new.public):
        raise UsedForAnother
    return before


def _comment_row(work: Work, scope: Scope, dice: Dice, case: Case, new: NewComment, once: str | None) -> Comment:
    return Comment(
        id=dice.new_id(),
        tenant=case.tenant,
        case_id=case.id,
        author_kind=scope.actor.kind,
        author_id=scope.actor.id,
        author_name=new.author or scope.actor_name,
        evidence=scope.actor.evidence,
        public=new.public,
        text=new.text,
        at=work.now,
        once=once,
    )


def _add_once(session: Session, row: Comment) -> None:
    session.add(row)
    try:
        session.flush()
    except IntegrityError:
        # The same call came to another process at the same time and was first: taken again, it is found.
        raise Again from None


def _status(fronts: Fronts, case: Case, wanted: str) -> Status:
    desks = (front.desk.desk for front in fronts.values() if front.tenant == case.tenant)
    known = next((desk.statuses for desk in desks if desk.desk == case.desk), ())
    found = next((status for status in known if status.id == wanted), None)
    if found is None:
        raise NoSuchStatus(tuple(status.id for status in known))
    return found


def _move_on(work: Work, session: Session, dice: Dice, case: Case, new: Status) -> None:
    turned = case.open != new.open
    case.status, case.open, case.revision = new.id, new.open, case.revision + 1
    if turned:
        case.closed_at = None if new.open else work.now
    session.add(case)
    # Closed or opened again, the conversation must know it even where the customer is not told.
    if new.tell or turned:
        _tell(work, dice, case, StatusChanged(case.id, case.number, new.id))


def _handed_over(session: Session, case: Case) -> HandedOver | None:
    """Since when a person has the conversation with this case; None: nobody has, or it is given back already."""
    # Asked before the state is read: what waits no longer stands in it.
    if _waits(session, case, "given_back"):
        return None
    state = session.exec(select(Conversation.state).where(Conversation.id == case.conversation)).one()
    handed = thaw(state).handed_over
    return handed if handed and handed.case == case.id else None


def _waits(session: Session, case: Case, kind: str) -> bool:
    """Whether the conversation is to be told so, and has not been yet."""
    told = select(PendingInput.id).where(
        PendingInput.conversation == case.conversation,
        PendingInput.kind == kind,
        PendingInput.about == case.id,
        col(PendingInput.taken_at).is_(None),
    )
    return session.exec(told).first() is not None


def _tell(work: Work, dice: Dice, case: Case, told: Happened) -> None:
    tell(work, dice, case.tenant, case.conversation, told, work.now, about=case.id)


def _seen_to(work: Work, session: Session, case: Case) -> None:
    """A caseworker has acted before the customer's eyes: what waited for that waits no longer."""
    case.attention, case.attention_at = None, None
    session.add(case)
    session.execute(
        update(Comment)
        .where(
            col(Comment.case_id) == case.id,
            col(Comment.author_kind) == "customer",
            col(Comment.read_at).is_(None),
        )
        .values(read_at=work.now)
    )
    session.execute(
        update(MessageRow)
        .where(col(MessageRow.conversation) == case.conversation, UNHANDLED)
        .values(handled_at=work.now)
    )
