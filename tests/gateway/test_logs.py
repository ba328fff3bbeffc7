"""Logs carry ids and states; what slips in beside them is masked (TRUST T66)."""

import json
import logging
import subprocess
import sys
import threading

import pytest
import structlog

from gateway import logs

ID = "01a201c0-cda0-781f-9f66-5b3590c375a2"


@pytest.fixture
def written(capfd):
    """Lines of the log since the start of the test."""
    before = {name: logging.getLogger(name).level for name in (*logs.QUIET, "")}
    handlers, hooks = logging.getLogger().handlers[:], (sys.excepthook, threading.excepthook)
    logs.set_up()

    def read():
        return [json.loads(line) for line in capfd.readouterr().err.splitlines()]

    yield read
    sys.excepthook, threading.excepthook = hooks
    logging.captureWarnings(False)
    logging.getLogger().handlers = handlers
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize(
    "text",
    [
        "+4759440000",
        "59440000",
        "594 40 000",
        "59 44 00 00",
        "0047-59440000",
        "481206",
        "481 206",
        "eva@example.no",
        "post+tag@nordlysnett.example",
    ],
)
def test_a_number_an_address_and_a_code_are_masked_anywhere(written, text):
    structlog.get_logger().info("x", plain=text, among=f"to {text}, as asked", deep=[{"a": (text,)}])
    [line] = written()
    assert text not in json.dumps(line)
    assert line["among"] == f"to {logs.MASK}, as asked"


@pytest.mark.parametrize(
    "kept", [ID, "2026-11-22T05:24:33.123456", "storage/turns.py:123456", "127.0.0.1:8080", "1 of 20"]
)
def test_ids_times_and_places_are_kept(kept):
    assert logs.guarded(f"at {kept} it was") == f"at {kept} it was"


def test_a_line_has_what_was_said_its_level_and_the_time(written):
    structlog.get_logger().warning("a door failed", delivery=ID, count=3, age_s=1.5, ready=True, why=None)
    [line] = written()
    assert line.pop("time").endswith("Z")
    assert line == {
        "event": "a door failed",
        "level": "warning",
        "delivery": ID,
        "count": 3,
        "age_s": 1.5,
        "ready": True,
        "why": None,
    }


def test_an_exception_is_told_by_its_kinds_and_places_never_by_its_words(written):
    try:
        try:
            raise ValueError("Strømmen er borte i Furunesveien")
        except ValueError as cause:
            raise LookupError("Eva Nordmann") from cause
    except LookupError:
        structlog.get_logger().exception("a turn raised")
    [line] = written()
    assert line["error"] == "LookupError < ValueError"
    assert "test_logs.py:" in line["at"][-1]
    assert "Eva" not in json.dumps(line)
    assert "Furu" not in json.dumps(line)


def test_a_librarys_record_is_told_without_its_values(written):
    logging.getLogger("redis.connection").warning("cannot send %s to %s", "Linja henger lavt", "+4790000001")
    [line] = written()
    assert (line["event"], line["logger"], line["level"]) == ("cannot send %s to %s", "redis.connection", "warning")


def test_our_own_records_have_their_values_guarded(written):
    logging.getLogger("storage.writer").warning("kept %s for %s", ID, "+4790000001")
    [line] = written()
    assert line["event"] == f"kept {ID} for {logs.MASK}"


@pytest.mark.parametrize("name", ["twilio.http_client", "urllib3.connectionpool", "aiohttp.access", "dramatiq.worker"])
def test_what_libraries_say_of_each_call_is_left_out(written, name):
    logging.getLogger(name).info("POST /Messages.json?To=x")
    assert written() == []


def test_what_nobody_caught_is_told_in_the_same_form():
    program = (
        "import threading; from gateway import logs; logs.set_up();"
        "thread = threading.Thread(target=lambda: int('Eva')); thread.start(); thread.join(); int('Kari')"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in ended.stderr.splitlines()]
    assert [(line["event"], line["error"]) for line in lines] == [("unhandled", "ValueError")] * 2
    assert "Eva" not in ended.stderr
    assert "Kari" not in ended.stderr
