"""The API's routes: one table, from which the paths, the checks, the tests and the OpenAPI document come."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel

from gateway.doors.api import acts
from gateway.doors.api.answers import CommentMade
from gateway.doors.api.asked import CaseFilter, CaseOfDesk, NewComment, NewStatus, NoBody, Nothing
from gateway.doors.api.call import Call
from storage.attention import Attention
from storage.case_secrets import Secret
from storage.views import AlertView, CasePage, CaseWhole, MessageView

Q = TypeVar("Q", bound=BaseModel)
B = TypeVar("B", bound=BaseModel)

PREFIX: Final = "/api/v1"


@dataclass(frozen=True)
class Route(Generic[Q, B]):
    """One operation. ``path`` has its parameters in braces; ``act`` returns an ``answer``.

    ``once``: it takes an Idempotency-Key. ``conflicts``: what a 409 of it means, None where it has none.
    """

    method: str
    path: str
    summary: str
    query: type[Q]
    body: type[B]
    answer: type[Any]
    act: Callable[[Call[Q, B]], Awaitable[Any]]
    status: int = 200
    once: bool = False
    conflicts: str | None = None

    @property
    def takes_body(self) -> bool:
        """Whether there must be a body."""
        return self.body is not NoBody


TWO_DESKS: Final = "Several desks have a case of this number: say which, with `desk`."
CHANGED: Final = "The case has another `revision` by now: read it again."

ROUTES: Final[tuple[Route[Any, Any], ...]] = (
    Route("GET", "/attention", "What needs a person now", Nothing, NoBody, Attention, acts.list_attention),
    Route("GET", "/cases", "List cases, newest first", CaseFilter, NoBody, CasePage, acts.list_cases),
    Route(
        "GET",
        "/cases/{case}",
        "Get a case with all that belongs to it",
        CaseOfDesk,
        NoBody,
        CaseWhole,
        acts.get_case,
        conflicts=TWO_DESKS,
    ),
    Route(
        "POST",
        "/cases/{case}/comments",
        "Comment on a case",
        CaseOfDesk,
        NewComment,
        CommentMade,
        acts.comment,
        status=201,
        once=True,
        conflicts=f"{TWO_DESKS} {CHANGED}",
    ),
    Route(
        "POST",
        "/cases/{case}/status",
        "Move a case on, close it or open it again",
        CaseOfDesk,
        NewStatus,
        CaseWhole,
        acts.change_status,
        conflicts=f"{TWO_DESKS} {CHANGED}",
    ),
    Route(
        "POST",
        "/cases/{case}/take-over",
        "Take the conversation of a case: the machine is silent in it until it is given back",
        CaseOfDesk,
        NoBody,
        CaseWhole,
        acts.take_over,
        conflicts=TWO_DESKS,
    ),
    Route(
        "POST",
        "/cases/{case}/give-back",
        "Give a conversation that was handed over back to the machine",
        CaseOfDesk,
        NoBody,
        CaseWhole,
        acts.give_back,
        conflicts=TWO_DESKS,
    ),
    Route(
        "POST",
        "/cases/{case}/secrets/{field}",
        "Open a secret answer of a case: it is noted who did",
        CaseOfDesk,
        NoBody,
        Secret,
        acts.open_secret,
        conflicts=TWO_DESKS,
    ),
    Route(
        "POST",
        "/alerts/{alert}/acknowledge",
        "Acknowledge an alert: nobody else is alerted",
        Nothing,
        NoBody,
        AlertView,
        acts.acknowledge,
    ),
    Route(
        "GET",
        "/messages/{message}",
        "Get a message and what became of it",
        Nothing,
        NoBody,
        MessageView,
        acts.get_message,
    ),
    Route(
        "POST",
        "/messages/{message}/handled",
        "Say that a person has seen to a message",
        Nothing,
        NoBody,
        MessageView,
        acts.handle_message,
    ),
)
