"""`gateway serve` and its child as real processes: how they start, end, and outlive each other."""

import http.client
import json
import os
import signal
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial

import pytest

from gateway.serve import CONNECTIONS_AT_MOST
from tests.gateway.processes import GRID, Gateway, Process, free_port, gateway, members, wait_until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def running(tmp_path_factory) -> Iterator[Gateway]:
    """One gateway for all tests that leave it as it was."""
    with gateway(tmp_path_factory.mktemp("serve")) as one:
        one.serve()
        yield one


@pytest.fixture
def fresh(tmp_path) -> Iterator[Gateway]:
    with gateway(tmp_path) as one:
        yield one


def raw(running: Gateway) -> socket.socket:
    return socket.create_connection(("127.0.0.1", running.port), timeout=20)


def test_it_lives_and_is_ready(running):
    assert running.get("/healthz") == (200, "alive\n")
    status, text = running.get("/readyz")
    assert (status, json.loads(text)) == (
        200,
        {"ready": True, "reasons": [], "warnings": [], "oldest_due_s": None, "oldest_urgent_due_s": None},
    )


MALFORMED = [
    ("POST", "/sms/twilio", {"Content-Type": "application/x-www-form-urlencoded; charset=nope"}, b"a=\xff%zz\x00"),
    ("POST", "/sms/twilio", {"Content-Type": "multipart/form-data"}, b"--x"),
    ("POST", "/sms/twilio", {}, b""),
    ("POST", "/sms/twilio", {"Content-Type": "application/json"}, b"[" * 50_000),
    ("POST", "/sms/twilio", {"Content-Type": "application/x-www-form-urlencoded"}, b"&".join([b"a=1"] * 1001)),
    ("POST", "/sms/twilio", {}, b"x" * 100_000),
    ("POST", "/sms/twilio/status/" + "x" * 200, {}, b"a=1"),
    ("POST", "/api/v1/cases/1/comments", {"Content-Type": "application/json"}, b'{"text": '),
    ("DELETE", "/readyz", {}, b""),
    ("GET", "/%00%ff", {}, b""),
    ("GET", "/nowhere", {}, b""),
]


@pytest.mark.parametrize(("method", "path", "headers", "body"), MALFORMED)
def test_malformed_requests_get_a_short_answer_that_blames_the_caller(running, method, path, headers, body):
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=10)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert 400 <= answer.status < 500, text
    assert len(text) < 300
    assert "Traceback" not in text


@pytest.mark.parametrize(
    "request_",
    [
        b"NONSENSE\r\n\r\n",
        b"POST /sms/twilio HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"POST /sms/twilio HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /sms/twilio HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 20_000 + b"\r\n\r\n",
    ],
)
def test_broken_http_is_a_400(running, request_):
    with raw(running) as connection:
        connection.sendall(request_)
        status, _, rest = connection.recv(1000).partition(b"\r\n")
        assert status in (b"HTTP/1.0 400 Bad Request", b"HTTP/1.1 400 Bad Request")
        assert len(rest) < 500


def test_a_connection_too_many_is_closed_and_room_comes_back(running):
    """Beyond the cap; those that are open go on."""
    connections = [raw(running) for _ in range(CONNECTIONS_AT_MOST + 20)]
    try:
        wait_until(lambda: sum(map(is_closed, connections)) == 20, 10, "20 are closed")
    finally:
        for connection in connections:
            connection.close()
    wait_until(lambda: running.get("/healthz")[0] == 200, 5, "room again")


def is_closed(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


def test_fifty_half_sent_requests_are_closed_within_15_s_and_a_good_one_beside_them_is_answered(running):
    """TRUST T09."""
    connections = [raw(running) for _ in range(50)]
    for connection in connections:
        connection.sendall(b"POST /sms/twilio HTTP/1.1\r\nHost: x\r\nX-Half: ")
    began = time.monotonic()
    assert running.get("/healthz")[0] == 200
    assert time.monotonic() - began < 2
    for connection in connections:
        connection.settimeout(15.5 - (time.monotonic() - began))
        connection.recv(1000)
        connection.close()
    assert time.monotonic() - began < 15


def test_a_killed_parent_takes_its_child_along_and_a_second_start_finds_all_data(fresh):
    killed = fresh.serve()
    fresh.child()
    assert fresh.carrier.text("+4790000001", GRID, "Linja henger lavt over veien").status == 200
    killed.kill()
    wait_until(lambda: not members(killed.pid), 10, "the child is gone")
    assert fresh.carrier.text("+4790000002", GRID, "Strømmen er borte").status == 0
    serving = fresh.serve()
    assert fresh.carrier.text("+4790000001", GRID, "status").status == 200
    assert fresh.carrier.wait_for(to="+4790000001", at_least=2)
    assert fresh.carrier.wait_for(to="+4790000002"), "a text that came while nobody listened is fetched"
    with closing(sqlite3.connect(fresh.folder / "data" / "caseline.db")) as store:
        assert store.execute("SELECT sequence FROM conversation ORDER BY their_address").fetchall() == [(2,), (1,)]
    began = time.monotonic()
    assert serving.stop(signal.SIGTERM) == 0
    assert time.monotonic() - began < 10
    assert members(serving.pid) == []
    assert not list((fresh.folder / "data").glob("caseline.db-*l"))
    assert not list((fresh.folder / "data" / "caseline.db-in-flight").iterdir())


def test_a_killed_child_is_started_again_and_ctrl_c_ends_both_in_order(fresh):
    serving = fresh.serve()
    for lives in (1, 2):
        wait_until(partial(has_lived, serving, lives), 15, "at work", serving)
        os.kill(fresh.child(), signal.SIGKILL)
    assert fresh.carrier.text("+4790000001", GRID, "Linja henger lavt over veien").status == 200
    fresh.carrier.wait_for(to="+4790000001", wait_s=15)
    assert len(serving.said("the child that sends has died, and is started again")) == 2
    os.killpg(serving.pid, signal.SIGINT)
    assert serving.process.wait(10) == 0
    assert members(serving.pid) == []
    assert len(serving.said("stopped")) == 2


def has_lived(serving: Process, lives: int) -> bool:
    """Whether so many children have begun their work."""
    return len(serving.said("at work")) == lives


def test_redis_is_a_bell_and_no_more(tmp_path, valkey, redis_url):
    with gateway(tmp_path, CASELINE_REDIS_URL=redis_url) as several:
        serving = several.start("serve")
        wait_until(lambda: several.get("/healthz")[0] == 200, 20, "alive", serving)
        assert several.get("/readyz")[0] == 503
        first = several.start("work")
        wait_until(lambda: several.get("/readyz")[0] == 200, 20, "ready", first)
        assert_answered(several, "+4790000001")
        valkey.kill()
        assert_answered(several, "+4790000002")
        wait_until(lambda: "Redis is away" in several.get("/readyz")[1], 5, "a warning")
        assert first.stop() == 0
        valkey.start()
        second = several.start("work")
        wait_until(lambda: second.said("at work"), 20, "another", second)
        assert_answered(several, "+4790000003")
        # The bell knows that Redis is back once it has rung again: a message that comes after rings it.
        assert_answered(several, "+4790000004")
        wait_until(lambda: "Redis is away" not in several.get("/readyz")[1], 20, "no warning")
        assert (serving.stop(), second.stop()) == (0, 0)


def assert_answered(running: Gateway, phone: str) -> None:
    assert running.carrier.text(phone, GRID, "Linja henger lavt over veien").status == 200
    assert running.carrier.wait_for(to=phone)


def test_a_port_that_is_taken_is_one_clear_line(running):
    second = running.start("serve")
    assert second.process.wait(15) == 2
    assert second.raw == [f"caseline: CASELINE_HTTP: cannot listen on 127.0.0.1:{running.port}: Address already in use"]
    running.processes.pop()
    second.close()


def test_all_faults_of_the_settings_are_told_at_once_and_none_shows_a_value(fresh):
    """TRUST T75."""
    fresh.settings = {
        "CASELINE_PUBLIC_URL": "http://sms.example.no",
        "CASELINE_SECRET": "change-me-please",
        "CASELINE_STORE_URL": "mysql://root:hunter2@db/x",
        "CASELINE_DESKS": str(fresh.folder / "nowhere"),
        "TWILIO_ACCOUNT_SID": "AC-mine",
        "TWILIO_AUTH_TOKEN": "short",
        "CASELINE_HTPP": "x",
    }
    refused = fresh.start("serve")
    assert refused.process.wait(15) == 2
    assert refused.raw == [
        "caseline: CASELINE_HTPP: there is no such setting",
        "caseline: CASELINE_STORE_URL: must begin with sqlite:/// or postgresql://",
        "caseline: CASELINE_PUBLIC_URL: must begin with https://",
        "caseline: CASELINE_DESKS: is no folder",
        "caseline: CASELINE_SECRET: must be at least 32 bytes in hexadecimal or base64",
        "caseline: TWILIO_ACCOUNT_SID: must be AC and 32 hexadecimal digits",
        "caseline: TWILIO_AUTH_TOKEN: is no auth token: those have 32 hexadecimal digits",
    ]


def test_a_provider_that_is_missing_and_a_faulty_desk_are_told_at_once(fresh):
    """TRUST T75."""
    desks = fresh.folder / "desks"
    desks.mkdir()
    (desks / "a.yaml").write_text("desk: a\n")
    fresh.settings = {
        "CASELINE_PUBLIC_URL": "https://sms.example.no",
        "CASELINE_SECRET": os.urandom(32).hex(),
        "CASELINE_DESKS": str(desks),
    }
    refused = fresh.start("serve")
    assert refused.process.wait(15) == 2
    assert refused.raw[0].startswith("caseline: TWILIO_ACCOUNT_SID: missing")
    assert [line for line in refused.raw if f'{desks}/a.yaml:1:1: The key "forms" is missing.' in line]


def test_a_folder_that_cannot_be_made_is_one_clear_line(fresh):
    fresh.settings |= {"CASELINE_STORE_URL": "sqlite:////proc/caseline/x.db", "CASELINE_SECRET": os.urandom(32).hex()}
    refused = fresh.start("migrate")
    assert refused.process.wait(15) == 1
    assert refused.raw == ["caseline: /proc/caseline: No such file or directory"]


@pytest.mark.parametrize("command", ["migrate", "serve", "work"])
def test_a_store_that_nobody_serves_is_one_clear_line_without_its_password(fresh, command):
    """TRUST T75."""
    fresh.settings["CASELINE_STORE_URL"] = f"postgresql://u:hunter2@127.0.0.1:{free_port()}/x"
    refused = fresh.start(command)
    assert refused.process.wait(20) == 1
    assert refused.raw == [
        "caseline: CASELINE_STORE_URL: the database cannot be used: nobody listens there: is it running, and are host "
        "and port right?"
    ]


def test_another_secret_is_refused_at_start_until_it_is_adopted(fresh):
    """TRUST T75."""
    fresh.settings["CASELINE_SECRET"] = os.urandom(32).hex()
    assert fresh.serve().stop() == 0
    fresh.settings["CASELINE_SECRET"] = os.urandom(32).hex()
    for command in (["serve"], ["work"], ["token", "list"]):
        refused = fresh.start(*command)
        assert refused.process.wait(15) == 2
        assert refused.raw == [
            "caseline: CASELINE_SECRET: its key 1 is another than the one of that id that this database was used with; "
            "give the right one, or see «The secret» in docs/operate.md"
        ]
    assert fresh.start("secret", "adopt").process.wait(15) == 0
    assert fresh.serve().stop() == 0


def test_in_production_nothing_serves_on_tables_of_another_version(fresh):
    fresh.settings |= {
        "CASELINE_DEVELOPMENT": "0",
        "CASELINE_PUBLIC_URL": "https://sms.example.no",
        "CASELINE_SECRET": os.urandom(32).hex(),
        "CASELINE_TWILIO_API_URL": "https://api.twilio.com",
    }
    refused = fresh.start("serve")
    assert refused.process.wait(15) == 2
    assert refused.raw == ["caseline: the database's tables are not of this version: run `gateway migrate`"]
    assert fresh.start("migrate").process.wait(15) == 0
    fresh.settings["CASELINE_HTTP"] = "127.0.0.1:0"
    serving = fresh.start("serve")
    wait_until(lambda: serving.said("listening"), 20, "listening", serving)
    assert serving.stop() == 0
