"""Secrets of a case: opened for who may see them, which is noted, and gone when the case is closed."""

import json
from dataclasses import dataclass

from sqlmodel import Session, col, delete, select

from conversations.dice import Dice
from storage.case_views import Absent, Named, find_case
from storage.scene import note
from storage.scope import Scope
from storage.tables import Case, CaseValue, SealedValue
from storage.work import Work


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret answer in clear."""

    field: str
    clear: str


def open_secret(work: Work, scope: Scope, dice: Dice, named: Named, field: str) -> Secret:
    """Open one, and note who did. Raises Absent as well for a scope that sees no full numbers."""
    with work.session() as session:
        case = find_case(scope, session, named)
        value = session.get(CaseValue, (case.id, field))
        sealed = session.get(SealedValue, json.loads(value.value)) if value and value.sealed else None
        if sealed is None or not scope.full_numbers:
            raise Absent
        note(work, dice, scope.tenant, scope.actor, "secret_opened", case.id, json.dumps({"field": field}))
        return Secret(field, work.keys.open(sealed.sealed, sealed.id))


def forget_secrets(session: Session, case: Case) -> None:
    """The case is closed: nobody needs them any more."""
    values = session.exec(select(CaseValue).where(CaseValue.case_id == case.id, col(CaseValue.sealed).is_(True)))
    secrets = [json.loads(value.value) for value in values]
    session.exec(delete(SealedValue).where(col(SealedValue.id).in_(secrets)))
