"""docs/api.md is true: its examples are run, in order, against the whole application on a real socket."""

import asyncio
import base64
import hmac
import json
import re
import shlex
import sys
from pathlib import Path
from string import Template
from typing import Any

import aiohttp
import jsonschema  # type: ignore[import-untyped]
import pytest
from aiohttp.test_utils import TestServer
from sqlmodel import select
from typer.testing import CliRunner

from gateway import app, config, house
from gateway.commands.token import token_app
from gateway.doors.api.openapi import document
from gateway.doors.api.table import PREFIX, ROUTES
from storage.tables import Case, CaseValue, SealedValue
from tests.stages import loaded
from tests.storage.case_rows import create_tables

DOCS = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", DOCS, re.MULTILINE | re.DOTALL)
CURLS = [text for kind, text in BLOCKS if kind == "sh" and text.startswith("curl")]
PYTHON = next(text for kind, text in BLOCKS if kind == "python")


def examples():
    """Each curl example, and the JSON that stands behind it before the next."""
    found = []
    for kind, text in BLOCKS:
        if kind == "sh" and text.startswith("curl"):
            found.append([text, None])
        elif kind == "json" and found:
            found[-1][1] = json.loads(text)
    return found


def read_curl(text, variables):
    """Method, URL, headers and body of a curl command."""
    words = iter(shlex.split(Template(text).substitute(variables).replace("\\\n", " "))[1:])
    given: dict[str, list[str]] = {"-X": [], "-H": [], "-d": [], "url": []}
    for word in words:
        if word in given:
            given[word].append(next(words))
        elif not word.startswith("-"):
            given["url"].append(word)
    headers = dict(header.split(": ", 1) for header in given["-H"])
    body = given["-d"][0].encode() if given["-d"] else None
    return (given["-X"] or ["GET"])[0], given["url"][0], headers, body


def route_of(method, url):
    path = url.split("/api/v1")[1].split("?")[0]
    return next(
        route
        for route in ROUTES
        if route.method == method and re.fullmatch(re.sub(r"{\w+}", "[^/]+", route.path), path)
    )


@pytest.fixture
def settings(sqlite, tmp_path, monkeypatch):
    url = sqlite.create(create_tables)
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "CASELINE_STORE_URL": url,
        "CASELINE_DEVELOPMENT": "1",
        "CASELINE_SECRET": bytes(range(200, 232)).hex(),
        "CASELINE_PUBLIC_URL": "https://gateway.example",
        "TWILIO_ACCOUNT_SID": f"AC{0x123:032x}",
        "TWILIO_AUTH_TOKEN": "0123456789abcdef0123456789abcdef",
    }.items():
        monkeypatch.setenv(name, value)
    yield config.load()
    sqlite.drop(url)


async def run_python(code, gateway, monkeypatch):
    monkeypatch.setenv("GATEWAY", gateway)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "error", "-c", code, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, errors = await process.communicate()
    return out.decode(), errors.decode()


async def test_the_examples_do_what_the_page_says(settings, monkeypatch):
    with house.opened(settings, (loaded("grid"),)) as opened:
        application = app.web_application(opened, lambda: None, lambda: None)
        async with TestServer(application) as server, aiohttp.ClientSession() as client:
            gateway = f"http://{server.host}:{server.port}"
            assert await run_python(PYTHON, gateway, monkeypatch) == ("200 <Response/>\n", "")
            tokens = await asyncio.to_thread(made_token), await asyncio.to_thread(made_token, "--full-numbers")
            variables = {"GATEWAY": gateway, "TOKEN": tokens[0], "TOKEN_FULL": tokens[1]}
            await asyncio.to_thread(keep_secret, opened)
            for text, shown in examples():
                method, url, headers, body = read_curl(text, variables | await ids(client, variables))
                route = route_of(method, url)
                async with client.request(method, url, headers=headers, data=body) as answer:
                    given = await answer.json()
                assert answer.status == route.status, (text, given)
                assert_like(given, shown, route)


def keep_secret(opened):
    """The grid company's forms ask for none: one is put on the first case."""

    def job(work):
        with work.session() as session:
            case = session.exec(select(Case)).one()
            answer: dict[str, Any] = {
                "value": '"secret1"',
                "shown": "****",
                "words": "****",
                "source": "said",
            }
            session.add(
                CaseValue(case_id=case.id, field="door_code", tenant=case.tenant, at=work.now, sealed=True, **answer)
            )
            sealed = work.keys.seal("1472", "secret1")
            session.add(SealedValue(id="secret1", tenant=case.tenant, sealed=sealed, at=work.now))

    opened.store.write(job).result()


def made_token(*options):
    """As the page's first example makes one."""
    [command] = re.findall(r"gateway token (create .*)\)", DOCS)
    result = CliRunner().invoke(token_app, [*shlex.split(command), *options])
    assert result.exit_code == 0, result.output
    return result.output.strip()


async def ids(client, variables):
    """The ids that the page calls $ALERT and $MESSAGE."""
    headers = {"Authorization": f"Bearer {variables['TOKEN']}"}
    async with client.get(f"{variables['GATEWAY']}/api/v1/cases/IN-00000001", headers=headers) as answer:
        case = await answer.json()
    return {"ALERT": case["alerts"][0]["id"], "MESSAGE": case["messages"][0]["id"]}


def assert_like(given, shown, route):
    """What the page shows has the members of what was given, and fits the document."""
    if shown is None:
        return
    assert shown.keys() == given.keys()
    reference = {
        "$ref": f"#/components/schemas/{route.answer.__name__}",
        "components": document(ROUTES)["components"],
    }
    jsonschema.Draft202012Validator(reference).validate(shown)
    for name, value in shown.items():
        first, other = (one[0] if isinstance(one, list) and one else one for one in (value, given[name]))
        if isinstance(first, dict) and isinstance(other, dict):
            assert first.keys() == other.keys(), name


def test_every_operation_has_its_example():
    shown = {route_of(*read_curl(text, Anything())[:2]) for text in CURLS}
    assert shown == set(ROUTES)


class Anything(dict):
    """Any variable has a value."""

    def __missing__(self, name):
        return "x"


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_operation_and_all_that_it_takes_is_named(route):
    assert f"{route.method} {PREFIX}{route.path}" in DOCS or f"{route.method} {route.path}" in DOCS
    for model in (route.query, route.body):
        for name in model.model_fields:
            assert re.search(rf"`{name}`|\?{name}=|\"{name}\"", DOCS), name


@pytest.mark.parametrize("name", sorted(document(ROUTES)["components"]["schemas"]["CaseWhole"]["properties"]))
def test_every_member_of_a_case_is_named(name):
    assert re.search(rf"`{name}`|\"{name}\"", DOCS)


def test_the_signature_to_check_ones_own_code_by_is_right():
    [(token, url, signature)] = re.findall(
        r"auth token `(\w+)`, the URL `([^`]+)` and the parameters\s.*?signature is `([^`]+)`", DOCS, re.DOTALL
    )
    signed = url + "BodyHei" + "From+4790012345"
    assert base64.b64encode(hmac.digest(token.encode(), signed.encode(), "sha1")).decode() == signature
