"""The OpenAPI document: sound, and the promise that clients were written against."""

import json
import re
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest

from gateway.doors.api.openapi import document
from gateway.doors.api.table import ROUTES

GOLDEN = Path(__file__).with_name("openapi.json")
DOCUMENT = json.loads(json.dumps(document(ROUTES)))
OPERATIONS = [
    (method, path, operation) for path, methods in DOCUMENT["paths"].items() for method, operation in methods.items()
]


def test_the_document_is_what_was_promised():
    """After a change that callers can bear: python -m tests.gateway.doors.test_openapi"""
    assert json.loads(GOLDEN.read_text(encoding="utf-8")) == DOCUMENT


@pytest.mark.parametrize("name", sorted(DOCUMENT["components"]["schemas"]))
def test_each_schema_is_one_of_json_schema_2020_12(name):
    jsonschema.Draft202012Validator.check_schema(DOCUMENT["components"]["schemas"][name])


def test_every_reference_leads_somewhere():
    text = json.dumps(DOCUMENT)
    named = set(re.findall(r'"#/components/schemas/(\w+)"', text))
    assert named <= DOCUMENT["components"]["schemas"].keys()
    assert len(re.findall(r'"\$ref"', text)) == len(re.findall(r'"#/components/schemas/\w+"', text))


def test_every_operation_has_a_name_of_its_own():
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(set(names)) == len(names) == len(ROUTES)


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_every_operation_says_what_it_takes_and_answers(method, path, operation):
    declared = {one["name"] for one in operation["parameters"] if one["in"] == "path"}
    assert declared == set(re.findall(r"{(\w+)}", path))
    assert {"401", "404", "422", "503"} <= operation["responses"].keys()
    assert any(status.startswith("2") for status in operation["responses"])
    assert ("requestBody" in operation) <= (method == "post")


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(DOCUMENT, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
