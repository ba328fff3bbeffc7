"""Refuses a desk or status that does not exist: the list would be empty, and the slip would pass for an answer."""

from collections.abc import Iterable

from sqlmodel import Session

from storage.case_views import Filter, list_cases
from storage.fronts import Fronts
from storage.scope import Scope


class NoSuchValue(ValueError):
    """The scope has no such desk or status (`parameter`); ``known`` are those that it has."""

    def __init__(self, parameter: str, known: Iterable[str]) -> None:
        super().__init__(f"no such {parameter}")
        self.parameter = parameter
        self.known = tuple(known)


def demand_known(scope: Scope, session: Session, fronts: Fronts, wanted: Filter) -> None:
    """Raises NoSuchValue for a desk or status that neither the scope's desks have nor an older case."""
    ours = {front.desk.desk.desk: front.desk.desk for front in fronts.values() if front.tenant == scope.tenant}
    desks = scope.desks or frozenset(ours)
    if wanted.desk not in (None, *desks) and not _has_case(scope, session, wanted.desk):
        raise NoSuchValue("desk", sorted(desks))
    asked = [desk for name, desk in ours.items() if name in desks and wanted.desk in (None, name)]
    statuses = dict.fromkeys(status.id for desk in asked for status in desk.statuses)
    if wanted.status not in (None, *statuses) and not _has_case(scope, session, wanted.desk, wanted.status):
        raise NoSuchValue("status", statuses)


def _has_case(scope: Scope, session: Session, desk: str | None, status: str | None = None) -> bool:
    return bool(list_cases(scope, session, Filter(desk=desk, status=status, limit=1)).cases)
