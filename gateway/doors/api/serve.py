"""From a request to a call and back: who calls, what is asked, what is sent; each checked before anything is done."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final

import structlog
from aiohttp import web
from pydantic import BaseModel, TypeAdapter, ValidationError

from gateway.doors.api.call import Call
from gateway.doors.api.openapi import document
from gateway.doors.api.problems import Problem, misread, no_such_value
from gateway.doors.api.table import PREFIX, ROUTES, Route
from gateway.doors.bearer import NotKnown
from gateway.doors.bodies import BadBody, read_body
from gateway.doors.deps import Deps
from storage.case_filter import NoSuchValue
from storage.case_views import Absent, Ambiguous
from storage.case_work import Moved, NoSuchStatus, UsedForAnother
from storage.faults import is_away
from storage.keys import CannotOpen
from storage.scope import Scope

BODY_AT_MOST_BYTES: Final = 64 * 1024
KEY: Final = re.compile(r"[\x21-\x7e][\x20-\x7e]{0,198}")
NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger(__name__)


def routes(deps: Deps) -> list[web.RouteDef]:
    """All paths under `/api/v1/`: the table's, its document's, and answers for what is not there."""
    found = [web.route(route.method, PREFIX + route.path, _handler(deps, route)) for route in ROUTES]
    found.append(web.route("GET", f"{PREFIX}/openapi.json", _document()))
    methods: dict[str, list[str]] = {}
    for known in found:
        methods.setdefault(known.path, []).append(known.method)
    return [
        *found,
        *(web.route("*", path, _guarded(_not_allowed(allowed))) for path, allowed in methods.items()),
        web.route("*", f"{PREFIX}/{{rest:.*}}", _guarded(_not_there)),
    ]


def _handler(deps: Deps, route: Route[Any, Any]) -> Handler:
    adapter: TypeAdapter[Any] = TypeAdapter(route.answer)

    async def handle(request: web.Request) -> web.Response:
        scope = await _scope(deps, request)
        call = Call(
            deps,
            scope,
            _path(request),
            _query(route.query, request),
            await _body(route, request),
            _key(request) if route.once else None,
        )
        answer = await route.act(call)
        return web.Response(status=route.status, body=adapter.dump_json(answer), content_type="application/json")

    return _guarded(handle)


def _guarded(handle: Handler) -> Handler:
    """Every failure becomes a problem; what nobody foresaw is logged, and the caller sees no more than 500."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        try:
            answer = await handle(request)
        except Problem as problem:
            answer = problem.response()
        except tuple(PROBLEMS) as error:
            answer = PROBLEMS[type(error)](error).response()
        except Exception as error:
            answer = _failed(error).response()
        answer.headers.update(HEADERS)
        return answer

    return guarded


PROBLEMS: Final[dict[type[Exception], Callable[[Any], Problem]]] = {
    Absent: lambda error: Problem(404, "There is no such thing here."),
    Ambiguous: lambda error: Problem(409, "Several desks have a case of this number: add ?desk=."),
    BadBody: lambda error: Problem(error.status, f"{error.reason[0].upper()}{error.reason[1:]}."),
    CannotOpen: lambda error: Problem(404, "It was sealed under a key of CASELINE_SECRET that is gone."),
    Moved: lambda error: Problem(409, "The case has been changed since: read it again.", revision=error.revision),
    NoSuchValue: lambda error: no_such_value(error.parameter, error.known),
    NoSuchStatus: lambda error: Problem(422, "The case's desk has no such status.", statuses=list(error.known)),
    UsedForAnother: lambda error: Problem(422, "This Idempotency-Key came before, with another comment."),
}


def _failed(error: Exception) -> Problem:
    if is_away(error):
        log.warning("the store is away", exc_info=error)
        return Problem(503, "The store cannot be reached. Try again.", headers={"Retry-After": "5"})
    log.error("a call of the API failed", exc_info=error)
    return Problem(500, "This is our fault. It has been noted.")


async def _scope(deps: Deps, request: web.Request) -> Scope:
    try:
        return await deps.bearers.scope(request)
    except NotKnown as error:
        deps.count("api_token_refused")
        if error.braked_s:
            raise Problem(
                429, "Too many wrong tokens from here.", headers={"Retry-After": str(error.braked_s)}
            ) from None
        raise Problem(
            401, "Send a token that is good: Authorization: Bearer …", headers={"WWW-Authenticate": "Bearer"}
        ) from None


def _path(request: web.Request) -> dict[str, str]:
    values = dict(request.match_info)
    if not all(NAME.fullmatch(value) for value in values.values()):
        raise Absent
    return values


def _query(model: type[BaseModel], request: web.Request) -> BaseModel:
    if len(request.query) != len(set(request.query)):
        raise Problem(422, "A parameter is there twice.")
    try:
        return model.model_validate_strings(dict(request.query))
    except ValidationError as error:
        raise misread(error, "query", model.model_fields) from None


async def _body(route: Route[Any, Any], request: web.Request) -> BaseModel:
    model: type[BaseModel] = route.body
    body = b"" if route.method == "GET" else await read_body(request, BODY_AT_MOST_BYTES)
    if not body and not route.takes_body:
        return model()
    if request.content_type != "application/json" or (request.charset or "utf-8").lower() != "utf-8":
        raise Problem(415, "Send JSON in UTF-8: Content-Type: application/json.")
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise misread(error, "body", model.model_fields) from None


def _key(request: web.Request) -> str | None:
    given = request.headers.getall("Idempotency-Key", [])
    if not given:
        return None
    if len(given) > 1 or not KEY.fullmatch(given[0]):
        raise Problem(400, "An Idempotency-Key is 1 to 200 printable ASCII characters, and one of them.")
    return given[0]


def _document() -> Handler:
    text = json.dumps(document(ROUTES), ensure_ascii=False, indent=1)

    async def handle(request: web.Request) -> web.Response:
        return web.Response(text=text, content_type="application/json")

    return handle


def _not_allowed(allowed: list[str]) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        raise Problem(405, f"This takes {' and '.join(allowed)} alone.", headers={"Allow": ", ".join(allowed)})

    return handle


async def _not_there(request: web.Request) -> web.Response:
    raise Problem(404, "There is no such path: see /api/v1/openapi.json.")
