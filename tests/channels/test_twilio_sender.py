"""The vendor's client, over our pool, against the stand-in on loopback, and against sockets that behave worse."""

import json
import logging
import socket
import ssl
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import urllib3
from structlog.testing import capture_logs

from channels.bounded_http import failure_of_transport
from channels.contract import SEND_ERRORS, Failure, Outbound, SendError
from channels.sms.twilio import DEFAULT_API_URL, Sender
from channels.sms.twilio.codes import FAILURES, failure_of_call
from channels.sms.twilio.pool import PooledHttp
from gateway.simulator.carrier import CarrierThread, Trouble, run
from tests.channels.raw_server import raw_server
from tests.channels.twilio_posts import ACCOUNT, OURS, THEIRS, TOKEN, payload

TEXT = "Hei, vi varsler vakta. Hold deg unna linja."
A_MINUTE = timedelta(minutes=1)
POOL = urllib3.HTTPConnectionPool("127.0.0.1")


def outbound(recipient=THEIRS, text=TEXT, **more):
    return Outbound("d1", OURS, recipient, text, **({"status_url": ""} | more))


def a_minute_ago():
    return datetime.now(UTC) - A_MINUTE


@pytest.fixture
def carrier() -> Iterator[CarrierThread]:
    with run(account_sid=ACCOUNT.account_sid, auth_token=TOKEN) as running:
        yield running


@contextmanager
def sending_to(url: str, **settings) -> Iterator[Sender]:
    sender = Sender(replace(ACCOUNT, api_url=url), **settings)
    with closing(sender):
        yield sender


@pytest.fixture
def sender(carrier) -> Iterator[Sender]:
    with sending_to(carrier.url, threads=8, connect_s=1, answer_s=5) as made:
        yield made


def failing(sender, message=None) -> SendError:
    with pytest.raises(SendError) as raised:
        sender.send(message or outbound())
    return raised.value


def test_a_text_is_sent_as_it_is(carrier, sender):
    sent = sender.send(outbound(text="Strømmen er på — 😀 \x00", status_url="http://127.0.0.1:9/x?y=1"))
    [message] = carrier.messages()
    assert message.sid == sent.provider_id
    assert (message.sender, message.recipient) == (OURS, THEIRS)
    assert message.body == "Strømmen er på — 😀 \u2400"
    assert message.status_url == "http://127.0.0.1:9/x?y=1"


@pytest.mark.parametrize("case", payload("send_errors"), ids=lambda case: f"{case['code']} {case['failure']}")
def test_what_twilio_refuses_has_a_name_and_a_handling(carrier, sender, case):
    carrier.make_trouble(Trouble(refuse=case["code"], times=1))
    error = failing(sender)
    assert error.failure == case["failure"]
    assert error.handling.outcome == case["outcome"]
    assert error.provider_code == str(case["code"])
    assert error.retry_after_s == (1.0 if case["code"] in (20429, 63038) else None)
    assert not carrier.messages()
    assert sender.send(outbound())


def test_the_stand_in_refuses_by_itself_what_twilio_would(sender):
    assert failing(sender, outbound(recipient="12345")).failure == Failure.INVALID_NUMBER
    assert failing(sender, outbound(recipient=OURS)).failure == Failure.INVALID_NUMBER
    assert failing(sender, outbound(text="x" * 1601)).failure == Failure.CONTENT_REFUSED
    assert failing(sender, outbound(text="")).failure == Failure.CONTENT_REFUSED


def test_a_wrong_token_is_the_operators_fault(carrier):
    account = replace(ACCOUNT, api_url=carrier.url, auth_tokens=("wrong",))
    with closing(Sender(account)) as sender:
        assert failing(sender).failure == Failure.CREDENTIALS


def test_another_account_is_the_operators_fault(carrier):
    account = replace(ACCOUNT, api_url=carrier.url, account_sid=f"AC{9:032x}")
    with closing(Sender(account)) as sender:
        assert failing(sender).failure in (Failure.CREDENTIALS, Failure.MISCONFIGURED)


def test_too_many_a_second_are_throttled_and_told_when_to_come_again(carrier, sender):
    carrier.make_trouble(Trouble(per_second=3))
    for _ in range(3):
        sender.send(outbound())
    error = failing(sender)
    assert (error.failure, error.retry_after_s) == (Failure.THROTTLED, 1.0)
    time.sleep(1.05)
    assert sender.send(outbound())


@pytest.mark.parametrize("answer", ["cut", "500", "503", "garbage", "empty"])
def test_what_was_taken_and_not_said_is_ambiguous_and_stands_in_the_list(carrier, sender, answer):
    carrier.make_trouble(Trouble(answer=answer, times=1))
    since = a_minute_ago()
    error = failing(sender)
    assert error.failure == Failure.AMBIGUOUS
    assert SEND_ERRORS[error.failure].outcome == "unknown"
    [listed] = sender.list_sent(THEIRS, since)
    assert (listed.sender, listed.recipient, listed.text) == (OURS, THEIRS, TEXT)


def test_what_was_lost_on_its_way_is_ambiguous_and_not_in_the_list(carrier, sender):
    carrier.make_trouble(Trouble(accept=False, answer="cut", times=1))
    assert failing(sender).failure == Failure.AMBIGUOUS
    assert sender.list_sent(THEIRS, a_minute_ago()) == []


def test_an_answer_that_comes_too_late_is_ambiguous(carrier):
    carrier.make_trouble(Trouble(slow_s=5, times=1))
    with sending_to(carrier.url, connect_s=0.2, answer_s=0.3) as sender:
        begun = time.monotonic()
        assert failing(sender).failure == Failure.AMBIGUOUS
        assert time.monotonic() - begun < sender.slowest_s
        assert len(sender.list_sent(THEIRS, a_minute_ago())) == 1


def test_eight_threads_send_over_one_client(carrier, sender):
    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda i: sender.send(outbound(text=f"nr {i}")).provider_id, range(200)))
    assert len(set(sent)) == 200
    assert {message.sid: message.body for message in carrier.messages()} == {
        sid: f"nr {i}" for i, sid in enumerate(sent)
    }


def test_what_an_answer_asks_to_wait_is_the_threads_own(carrier):
    http = PooledHttp(carrier.url, threads=2, connect_s=1, answer_s=5)
    url = f"{DEFAULT_API_URL}/2010-04-01/Accounts/{ACCOUNT.account_sid}/Messages.json"
    carrier.make_trouble(Trouble(refuse=20429))
    waits = []
    http.request("POST", url, data={"To": THEIRS}, auth=(ACCOUNT.account_sid, TOKEN))
    waits.append(http.retry_after_s)
    with ThreadPoolExecutor(1) as other:
        waits.append(other.submit(lambda: http.retry_after_s).result())
    http.request("GET", url, auth=(ACCOUNT.account_sid, TOKEN))
    waits.append(http.retry_after_s)
    http.close()
    assert waits == [1.0, None, None]


def test_a_text_that_is_still_queued_is_listed(carrier, sender):
    carrier.make_trouble(Trouble(receipts=()))
    sender.send(outbound())
    [listed] = sender.list_sent(THEIRS, a_minute_ago())
    assert listed.state == "accepted"
    assert carrier.messages()[0].sent_at is None


def test_the_list_says_what_became_of_each(carrier, sender):
    for recipient, receipts in (("+4790000002", ("sent",)), ("+4790000003", ("sent", "undelivered"))):
        carrier.make_trouble(Trouble(receipts=receipts, receipt_after_s=0, receipt_error=30005), recipient)
        sender.send(outbound(recipient))
        wait_until(lambda wanted=(recipient, receipts): _status(carrier, wanted[0]) == wanted[1][-1])
    since = a_minute_ago()
    assert [listed.state for listed in sender.list_sent("+4790000002", since)] == ["sent"]
    assert [listed.state for listed in sender.list_sent("+4790000003", since)] == ["failed"]


def test_the_list_is_read_page_by_page_and_no_further_than_asked(carrier, sender, monkeypatch):
    for i in range(530):
        carrier.carrier.take("outbound-api", OURS, THEIRS, f"nr {i}")
    for message in carrier.carrier.messages[:400]:
        message.created_at -= timedelta(hours=1)
    monkeypatch.setattr("channels.sms.twilio.sender.PAGES_AT_MOST", 3)
    found = sender.list_sent(THEIRS, a_minute_ago())
    assert [listed.text for listed in found] == [f"nr {i}" for i in range(529, 399, -1)]
    assert all(listed.created_at.tzinfo for listed in found)
    two_hours_ago = datetime.now(UTC) - timedelta(hours=2)
    with pytest.raises(SendError):
        sender.list_sent(THEIRS, two_hours_ago)
    monkeypatch.setattr("channels.sms.twilio.sender.PAGES_AT_MOST", 6)
    assert len(sender.list_sent(THEIRS, two_hours_ago)) == 530


def test_twilios_times_have_whole_seconds_and_nothing_is_missed_for_it(carrier, sender):
    sender.send(outbound())
    message = carrier.carrier.messages[0]
    message.created_at = message.created_at.replace(microsecond=900_000)
    since = message.created_at.replace(microsecond=500_000)
    assert len(sender.list_sent(THEIRS, since)) == 1
    assert sender.list_sent(THEIRS, since + timedelta(seconds=1)) == []


def test_texts_of_people_that_we_never_saw_are_fetched(carrier, sender):
    carrier.carrier.gateway_url = "http://127.0.0.1:9"
    assert carrier.text(THEIRS, OURS, "Linja\x00 henger").status == 0
    carrier.text("Posten", "+4759440001", "Pakke")
    carrier.text(THEIRS, "+4759449999", "til noen andre")
    carrier.text(THEIRS, OURS, "bare den første delen")
    carrier.carrier.messages[-1].status = "receiving"
    sender.send(outbound(recipient="+4759440001"))
    found = {inbound.text: inbound for inbound in sender.list_received(a_minute_ago())}
    assert set(found) == {"Linja\u2400 henger", "Pakke"}
    fetched = found["Linja\u2400 henger"]
    assert (fetched.sender, fetched.recipient, fetched.account) == (THEIRS, OURS, ACCOUNT.account_sid)
    assert abs(fetched.sent_at - datetime.now(UTC)) < A_MINUTE
    assert found["Pakke"].sender == "Posten"


def test_a_list_that_cannot_be_had_is_a_send_error_too(carrier, sender):
    carrier.close()
    for ask in (lambda: sender.list_sent(THEIRS, a_minute_ago()), lambda: sender.list_received(a_minute_ago())):
        with pytest.raises(SendError):
            ask()


def test_nobody_listening_is_certain_not_to_have_taken_it():
    with closing(socket.socket()) as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        with sending_to(f"http://127.0.0.1:{port}") as sender:
            assert failing(sender).failure == Failure.UNREACHABLE


def test_a_name_that_nobody_has_is_certain_not_to_have_taken_it():
    with sending_to("http://no-such-host.invalid") as sender:
        assert failing(sender).failure == Failure.UNREACHABLE


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (urllib3.exceptions.ConnectTimeoutError("x"), Failure.UNREACHABLE),
        (urllib3.exceptions.EmptyPoolError(POOL, "x"), Failure.UNREACHABLE),
        (urllib3.exceptions.SSLError(ssl.SSLCertVerificationError("x")), Failure.UNREACHABLE),
        (urllib3.exceptions.SSLError(ssl.SSLError("bad record mac")), Failure.AMBIGUOUS),
        (urllib3.exceptions.ReadTimeoutError(POOL, "", "x"), Failure.AMBIGUOUS),
        (urllib3.exceptions.ProtocolError("Connection aborted.", ConnectionResetError()), Failure.AMBIGUOUS),
        (ConnectionResetError(), Failure.AMBIGUOUS),
        (urllib3.exceptions.LocationParseError("x"), Failure.MISCONFIGURED),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_what_is_not_certain_is_ambiguous(error, failure):
    assert failure_of_transport(error) == failure


@pytest.mark.parametrize(
    ("status", "code", "failure"),
    [
        (500, "21610", Failure.AMBIGUOUS),
        (429, "", Failure.THROTTLED),
        (429, "429", Failure.THROTTLED),
        (401, "401", Failure.CREDENTIALS),
        (403, "", Failure.MISCONFIGURED),
        (408, "", Failure.AMBIGUOUS),
        (400, "400", Failure.REFUSED),
        (302, "", Failure.MISCONFIGURED),
    ],
)
def test_without_a_code_the_status_tells(status, code, failure):
    assert failure_of_call(status, code) == failure


def test_every_failure_of_the_network_comes_from_some_code():
    from_calls = {Failure.UNREACHABLE, Failure.AMBIGUOUS, Failure.REFUSED}
    assert set(FAILURES.values()) | from_calls == set(Failure)


def test_an_answer_that_drips_is_cut_off_in_time():
    head = b"HTTP/1.1 201 Created\r\nContent-Length: 100000\r\n\r\n"
    with (
        raw_server(head, *[b" "] * 50, pause_s=0.1) as (url, _),
        sending_to(url, connect_s=0.2, answer_s=0.4) as sender,
    ):
        begun = time.monotonic()
        assert failing(sender).failure == Failure.AMBIGUOUS
        assert time.monotonic() - begun < sender.slowest_s


def test_an_answer_without_end_is_cut_off():
    with (
        raw_server(b"HTTP/1.1 201 Created\r\n\r\n", *[b" " * 1_000_000] * 20) as (url, _),
        sending_to(url) as sender,
    ):
        error = failing(sender)
    assert (error.failure, error.provider_code) == (Failure.AMBIGUOUS, "ProtocolError")


@pytest.mark.parametrize("body", [b"[]", b'"x"', b"null", b"{}", b'{"sid": 5}', b'{"sid": "CA1"}', b"[" * 100_000])
def test_json_of_another_shape_is_ambiguous(body):
    head = b"HTTP/1.1 201 Created\r\nContent-Length: %d\r\n\r\n" % len(body)
    with raw_server(head, body) as (url, _), sending_to(url) as sender:
        error = failing(sender)
    assert error.failure == Failure.AMBIGUOUS
    assert error.provider_code != "ProtocolError"  # it was read, and understood by nobody


ODD = [
    {"date_created": None},
    {"date_created": "Thu, 99 Foo 2037"},
    {"status": ["delivered"]},
    {"sid": None},
    {"sid": "x" * 300},
    {"body": 5},
    {"from": ["+4790000001"]},
    {"to": None},
    {"num_segments": "many"},
    {"num_media": {}, "num_segments": [1]},
    {"error_code": "none"},
]


def list_of(*odd, direction):
    """Twilio's list of a sound row, those rows, and another sound one."""
    sound = {
        "sid": f"SM{'0' * 32}",
        "date_created": "Thu, 30 Jul 2037 20:12:31 +0000",
        "direction": direction,
        "status": "received" if direction == "inbound" else "sent",
        "from": THEIRS,
        "to": OURS,
        "body": TEXT,
        "num_segments": "1",
        "num_media": "0",
    }
    rows = [sound, *({**sound, **one} for one in odd), {**sound, "sid": f"SM{'1' * 32}"}]
    page = json.dumps({"messages": rows, "page": 0})
    return f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {len(page)}\r\n\r\n".encode() + page.encode()


@pytest.mark.parametrize("direction", ["inbound", "outbound-api"])
@pytest.mark.parametrize("odd", ODD, ids=str)
def test_a_row_that_cannot_be_read_is_passed_over_and_the_others_are_taken(odd, direction):
    with raw_server(list_of(odd, direction=direction)) as (url, _), sending_to(url) as sender, capture_logs() as lines:
        rows = (
            sender.list_received(a_minute_ago()) if direction == "inbound" else sender.list_sent(OURS, a_minute_ago())
        )
    assert {row.provider_id for row in rows} == {f"SM{'0' * 32}", f"SM{'1' * 32}"}
    for line in lines:
        assert set(line) == {"event", "log_level", "error"}


def test_a_redirect_is_not_followed():
    with raw_server() as (elsewhere, requests):
        answer = f"HTTP/1.1 307 Go\r\nLocation: {elsewhere}/\r\nContent-Length: 0\r\n\r\n"
        with raw_server(answer.encode()) as (url, _), sending_to(url) as sender:
            assert failing(sender).failure == Failure.MISCONFIGURED
    assert not requests


def test_a_next_page_elsewhere_is_not_fetched():
    row = {"date_created": "Thu, 30 Jul 2037 20:12:31 +0000", "direction": "inbound"}
    with raw_server() as (elsewhere, requests):
        # Behind our own address, this makes a host of theirs.
        following = f"@{elsewhere.removeprefix('http://')}/steal"
        page = json.dumps({"messages": [row], "meta": {"key": "messages", "next_page_url": following}})
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(page)}\r\n\r\n"
        with raw_server(head.encode(), page.encode()) as (url, _), sending_to(url) as sender:
            with pytest.raises(SendError) as raised:
                sender.list_sent(THEIRS, a_minute_ago())
            assert raised.value.failure == Failure.MISCONFIGURED
    assert not requests


def test_the_environment_does_not_move_the_host(carrier, monkeypatch):
    monkeypatch.setenv("TWILIO_REGION", "ie1")
    monkeypatch.setenv("TWILIO_EDGE", "dublin")
    with sending_to(carrier.url) as sender:
        assert sender.send(outbound()).provider_id


@pytest.mark.parametrize(("wished", "told"), [(None, None), (1, "6"), (600, "600"), (1_000_000, "36000")])
def test_the_validity_is_within_what_twilio_takes(wished, told):
    with raw_server() as (url, requests), sending_to(url) as sender:
        failing(sender, outbound(valid_for_s=wished))
    sent = requests[0].decode()
    assert f"ValidityPeriod={told}" in sent if told else "ValidityPeriod" not in sent


def test_no_number_text_or_token_reaches_a_log_or_an_error(carrier, caplog):
    caplog.set_level(logging.DEBUG)
    with sending_to(carrier.url, connect_s=0.2, answer_s=0.3) as sender:
        sender.send(outbound())
        sender.list_sent(THEIRS, a_minute_ago())
        sender.list_received(a_minute_ago())
        shown = []
        for trouble in (
            Trouble(refuse=21211, times=1),
            Trouble(answer="cut", times=1),
            Trouble(answer="garbage", times=1),
            Trouble(slow_s=2, times=1),
        ):
            carrier.make_trouble(trouble)
            shown += traceback.format_exception(failing(sender))
        carrier.close()
        with pytest.raises(SendError) as raised:
            sender.list_sent(THEIRS, a_minute_ago())
        shown += traceback.format_exception(raised.value)
    shown += [record.getMessage() for record in caplog.records]
    everything = "".join(shown)
    for secret in (THEIRS, THEIRS[1:], "%2B47", TEXT, TOKEN, "varsler"):
        assert secret not in everything


def test_reading_webhooks_loads_nothing_of_the_client():
    loaded = (
        "import sys, channels.sms.twilio as t;"
        "print([m for m in sys.modules if m.split('.')[0] in ('twilio', 'requests', 'urllib3')])"
    )
    answer = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def _status(carrier, recipient):
    return carrier.messages(to=recipient)[-1].status


def wait_until(true, within_s=5.0):
    until = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.01)
