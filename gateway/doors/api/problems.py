"""What goes wrong at the API, as problem details (RFC 9457): a plain sentence each, never what was sent."""

import json
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web
from pydantic import ValidationError

CONTENT_TYPE: Final = "application/problem+json"
FAULTS_SHOWN: Final = 20


class Problem(Exception):
    """The call fails with `status`; `detail` says in a sentence what is wrong, `more` is shown beside."""

    def __init__(self, status: int, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})
        self.more = more

    def response(self) -> web.Response:
        """The problem as an answer. Its type is `about:blank`: the status says the kind."""
        document = {
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            **self.more,
        }
        return web.Response(
            status=self.status,
            text=json.dumps(document, ensure_ascii=False),
            content_type=CONTENT_TYPE,
            headers=self.headers,
        )


def misread(error: ValidationError, what: str, names: Iterable[str]) -> Problem:
    """The problem with a body or query (`what`) that does not fit: 400 where it is no JSON, else 422.

    Says where and why, and never repeats a value. For an unknown name it lists the known `names`.
    """
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    if any(fault["type"] == "json_invalid" for fault in faults):
        return Problem(400, "The body is not JSON in UTF-8.")
    known = tuple(names)
    unknown = f"there is no such name; {_one_of(known)}" if known else "there is no such name; this call takes none"
    shown = [
        {
            "in": ".".join(str(step)[:40] for step in fault["loc"]) or what,
            "detail": unknown if fault["type"] == "extra_forbidden" else _sentence(fault["msg"]),
        }
        for fault in faults[:FAULTS_SHOWN]
    ]
    return Problem(422, f"The {what} does not fit: see faults.", faults=shown)


def no_such_value(parameter: str, known: Sequence[str]) -> Problem:
    """The problem with a parameter whose value does not exist. Lists those that do, for who made a slip."""
    return Problem(422, "The query does not fit: see faults.", faults=[{"in": parameter, "detail": _one_of(known)}])


def _one_of(known: Sequence[str]) -> str:
    return f"must be one of: {', '.join(known)}" if known else "there is none"


def _sentence(message: str) -> str:
    return message.removeprefix("Value error, ")
