"""The OpenAPI 3.1 document of the API, made from its table of routes."""

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final

from pydantic import TypeAdapter

from gateway.doors.api.problems import CONTENT_TYPE
from gateway.doors.api.table import PREFIX, Route

VERSION: Final = "1"
REF: Final = "#/components/schemas/{model}"

Json = dict[str, Any]

EVERY_FAILURE: Final = {
    401: "No token, or none that is good.",
    404: "There is no such thing, or it is not yours to see: nobody learns which.",
    422: "What was sent does not fit; `faults` says where and why.",
    429: "Too many wrong tokens from this address: see Retry-After.",
    503: "The store cannot be reached: see Retry-After.",
}
BODY_FAILURE: Final = {
    400: "The body is not JSON in UTF-8.",
    408: "The body did not come in time.",
    413: "The body is too long.",
    415: "The body is not application/json, or is compressed.",
}
IDEMPOTENCY_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A value of your own, 1 to 200 printable ASCII characters: the same call with the same key, "
    "repeated because no answer came, is done once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}
PROBLEM: Final = {
    "title": "Problem",
    "description": "Problem details (RFC 9457). More members may stand beside these: see each operation.",
    "type": "object",
    "required": ["title", "status", "detail"],
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "a sentence that may be shown"},
        "faults": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["in", "detail"],
                "properties": {"in": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
        "revision": {"type": "integer", "description": "the case's present revision"},
        "statuses": {"type": "array", "items": {"type": "string"}},
    },
}


def document(routes: Iterable[Route[Any, Any]]) -> Json:
    """The whole document, as JSON data."""
    schemas: Json = {"Problem": PROBLEM}
    paths: Json = {}
    for route in routes:
        paths.setdefault(PREFIX + route.path, {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Caseline",
            "version": VERSION,
            "description": "Cases that people report by text and mail: list, read, comment, move on, acknowledge.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "From `gateway token create`.",
                }
            },
        },
    }


def _operation(route: Route[Any, Any], schemas: Json) -> Json:
    operation: Json = {
        "operationId": route.act.__name__,
        "summary": route.summary,
        "parameters": [*_in_path(route), *_in_query(route), *([IDEMPOTENCY_KEY] if route.once else ())],
        "responses": _responses(route, schemas),
    }
    if route.takes_body:
        schema = _schema(route.body, "validation", schemas)
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation


def _responses(route: Route[Any, Any], schemas: Json) -> Json:
    failures = {**EVERY_FAILURE, **(BODY_FAILURE if route.method == "POST" else {})}
    if route.conflicts:
        failures[409] = route.conflicts
    answer = _schema(route.answer, "serialization", schemas)
    done = {
        "description": HTTPStatus(route.status).phrase,
        "content": {"application/json": {"schema": answer}},
    }
    problem = {CONTENT_TYPE: {"schema": {"$ref": REF.format(model="Problem")}}}
    refused = {str(status): {"description": why, "content": problem} for status, why in sorted(failures.items())}
    return {str(route.status): done, **refused}


def _in_path(route: Route[Any, Any]) -> list[Json]:
    described = {
        "case": "the case's id or its number",
        "alert": "the alert's id",
        "field": "the answer's field",
        "message": "the message's id",
    }
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": described[name],
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,40}$"},
        }
        for name in re.findall(r"{(\w+)}", route.path)
    ]


def _in_query(route: Route[Any, Any]) -> list[Json]:
    schema = route.query.model_json_schema()
    return [_parameter(name, value) for name, value in schema.get("properties", {}).items()]


def _parameter(name: str, schema: Json) -> Json:
    """A parameter is there or not: it is never null."""
    given = [one for one in schema.get("anyOf", []) if one != {"type": "null"}]
    left_out = ("anyOf", "title", "description")
    kept = {key: value for key, value in schema.items() if key not in left_out and value is not None}
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": schema["description"],
        "schema": {**(given[0] if given else {}), **kept},
    }


def _schema(of: type[Any], mode: Any, schemas: Json) -> Json:
    """A reference to the type's schema, which is put among the others."""
    schema = TypeAdapter(of).json_schema(mode=mode, ref_template=REF)
    schemas.update(schema.pop("$defs", {}))
    schemas[of.__name__] = schema
    return {"$ref": REF.format(model=of.__name__)}
