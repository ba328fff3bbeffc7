"""The stand-in of the carrier, as the terminal phone and other tests use it."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import urllib3
from multidict import CIMultiDict

from channels.contract import Failure, Forged, Inbound, Malformed, Outbound, Receipt, SendError
from channels.sms.twilio import Account, Receiver, Sender
from gateway.simulator.carrier import Carrier, CarrierThread, Trouble, run

OURS = "+4759440000"
THEIRS = "+4790000001"
TOKEN = "secret"


@dataclass
class Gateway:
    """A door and nothing behind it: verifies, keeps what it read, and answers as it is told."""

    url: str
    receiver: Receiver
    answer: int = 200
    inbound: list[Inbound] = field(default_factory=list)
    receipts: list[tuple[str, Receipt]] = field(default_factory=list)
    requests: int = 0


@contextmanager
def serving_gateway(public_url: str = "") -> Iterator[Gateway]:
    class Door(BaseHTTPRequestHandler):
        def do_POST(self):
            behind.requests += 1
            sent = CIMultiDict(self.headers.items())
            body = self.rfile.read(int(sent["Content-Length"]))
            try:
                if "/status/" in self.path:
                    receipt = behind.receiver.parse_receipt(self.path, sent, body)
                    behind.receipts.append((self.path, receipt))
                else:
                    behind.inbound.append(behind.receiver.verify_and_parse(self.path, sent, body))
                status = behind.answer
            except Forged:
                status = 403
            except Malformed as fault:
                status = fault.status
            self.send_response(status)
            self.end_headers()
            self.wfile.write(b"<Response/>")

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    url = f"http://127.0.0.1:{server.server_port}"
    behind = Gateway(url, Receiver(account(public_url=public_url or url)))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield behind
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def account(**settings: Any) -> Account:
    first = {"account_sid": Carrier().account_sid, "auth_tokens": (TOKEN,), "numbers": frozenset({OURS})}
    return Account(**(first | {"public_url": "http://127.0.0.1:9"} | settings))


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with serving_gateway() as serving:
        yield serving


@pytest.fixture
def carrier(gateway) -> Iterator[CarrierThread]:
    with run(auth_token=TOKEN, gateway_url=gateway.url) as running:
        yield running


@pytest.fixture
def sender(carrier) -> Iterator[Sender]:
    with closing(Sender(account(api_url=carrier.url))) as made:
        yield made


@pytest.fixture
def control(carrier) -> Iterator[Any]:
    with urllib3.PoolManager(retries=False) as pool:
        yield lambda method, path, **given: pool.request(method, f"{carrier.url}/control/{path}", **given)


def outbound(gateway=None, recipient=THEIRS, text="hei", delivery="d1"):
    status_url = f"{gateway.url}/sms/twilio/status/{delivery}.sig" if gateway else ""
    return Outbound(delivery, OURS, recipient, text, status_url)


def wait_until(true, within_s=5.0):
    until = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.01)


def test_a_text_from_a_phone_passes_the_gateways_check(carrier, gateway):
    posted = carrier.text(THEIRS, OURS, "Strømmen er borte 😀\n", media_count=2)
    assert (posted.status, posted.attempts, posted.body) == (200, 1, "<Response/>")
    [inbound] = gateway.inbound
    assert (inbound.sender, inbound.recipient, inbound.text) == (THEIRS, OURS, "Strømmen er borte 😀\n")
    assert (inbound.provider_id, inbound.segments, inbound.media_count) == (posted.sid, 1, 2)


def test_t05_the_same_sid_is_the_same_text_delivered_again(carrier, gateway):
    first = carrier.text(THEIRS, OURS, "hei")
    again = carrier.text(THEIRS, OURS, "hei", sid=first.sid)
    assert (first.sid, first.status) == (again.sid, again.status)
    assert gateway.inbound[0] == gateway.inbound[1]
    assert len(carrier.carrier.messages) == 1


def test_behind_a_proxy_the_public_address_is_signed(carrier, sender):
    with serving_gateway(public_url="https://sms.example.no/caseline") as behind:
        # The proxy takes its own path away before it passes a request on, as the stand-in does here.
        carrier.carrier.gateway_url, carrier.carrier.public_url = behind.url, "https://sms.example.no/caseline"
        assert carrier.text(THEIRS, OURS, "hei").status == 200
        status_url = "https://sms.example.no/caseline/sms/twilio/status/d1.sig?x=%2F"
        sender.send(replace(outbound(), status_url=status_url))
        wait_until(lambda: len(behind.receipts) == 3)
        assert {path for path, _ in behind.receipts} == {"/sms/twilio/status/d1.sig?x=%2F"}
        carrier.carrier.public_url = "https://other.example.no"
        assert carrier.text(THEIRS, OURS, "hei").status == 403


def test_a_message_goes_from_queued_to_delivered(carrier, gateway, sender):
    sent = sender.send(outbound(gateway))
    wait_until(lambda: len(gateway.receipts) == 3)
    assert [receipt.state for _, receipt in gateway.receipts] == ["accepted", "sent", "delivered"]
    assert {receipt.provider_id for _, receipt in gateway.receipts} == {sent.provider_id}
    assert {path for path, _ in gateway.receipts} == {"/sms/twilio/status/d1.sig"}
    wait_until(lambda: carrier.journal()[-1].kind == "receipt")
    told = [(entry.kind, entry.what) for entry in carrier.journal()]
    assert told[0] == ("accepted", "queued")
    assert told[-1] == ("receipt", "delivered 200")
    times = [entry.at_s for entry in carrier.journal()]
    assert times == sorted(times)


@pytest.mark.parametrize(
    "receipts", [("delivered", "sent"), ("sent", "sent", "delivered", "delivered"), ("sent",), ()], ids=str
)
def test_t12_receipts_come_turned_round_doubled_too_few_or_not(carrier, gateway, sender, receipts):
    carrier.make_trouble(Trouble(receipts=receipts, receipt_after_s=0))
    sender.send(outbound(gateway))
    wait_until(lambda: len(gateway.receipts) == len(receipts))
    time.sleep(0.05)
    assert tuple(receipt.state for _, receipt in gateway.receipts) == receipts


def test_t12_a_receipt_can_come_before_the_answer(carrier, gateway, sender):
    carrier.make_trouble(Trouble(early=True, slow_s=0.2, receipt_after_s=0))
    seen = []
    thread = threading.Thread(target=lambda: seen.append(sender.send(outbound(gateway))))
    thread.start()
    wait_until(lambda: len(gateway.receipts) == 3)
    assert not seen
    thread.join(10)
    assert seen[0].provider_id == gateway.receipts[0][1].provider_id


def test_a_message_that_fails_says_why(carrier, gateway, sender):
    carrier.make_trouble(Trouble(receipts=("sent", "undelivered"), receipt_error=30005), THEIRS)
    sender.send(outbound(gateway))
    wait_until(lambda: len(gateway.receipts) == 2)
    assert gateway.receipts[0][1].provider_code is None
    assert gateway.receipts[1][1].error == Failure.UNALLOCATED
    assert carrier.messages()[0].error_code == 30005


def test_a_receipt_can_be_sent_by_hand(carrier, gateway, sender):
    carrier.make_trouble(Trouble(receipts=()))
    sid = sender.send(outbound(gateway)).provider_id
    assert carrier.receipt(sid, "failed", 30007).status == 200
    assert gateway.receipts[0][1].error == Failure.CONTENT_REFUSED
    with pytest.raises(KeyError):
        carrier.receipt(f"SM{1:032x}", "sent")


def test_a_phone_is_told_when_nobody_answers_and_twilio_tries_twice(carrier):
    carrier.carrier.gateway_url = "http://127.0.0.1:9"
    posted = carrier.text(THEIRS, OURS, "hei")
    assert (posted.status, posted.attempts) == (0, 2)
    carrier.carrier.retries = 0
    assert carrier.text(THEIRS, OURS, "hei").attempts == 1


@pytest.mark.parametrize(("retry_on", "attempts"), [({"ct"}, 1), ({"ct", "5xx"}, 4), ({"4xx"}, 1)])
def test_what_is_tried_again_is_a_setting(carrier, gateway, retry_on, attempts):
    gateway.answer = 503
    carrier.carrier.retries, carrier.carrier.retry_on = 3, frozenset(retry_on)
    assert carrier.text(THEIRS, OURS, "hei").attempts == attempts
    assert gateway.requests == attempts


def test_t16_after_stop_the_carrier_sends_nothing_until_start(carrier, gateway, sender):
    carrier.text(THEIRS, OURS, " Stop ")
    assert gateway.inbound[-1].keyword == ""
    with pytest.raises(SendError) as blocked:
        sender.send(outbound())
    assert blocked.value.failure == Failure.OPTED_OUT
    assert sender.send(outbound(recipient="+4790000002"))
    carrier.text(THEIRS, OURS, "please stop")
    carrier.text(THEIRS, OURS, "START")
    assert sender.send(outbound())
    carrier.carrier.tells_opt_outs = True
    for word, keyword in (("STOP", "stop"), ("unstop", "start"), ("Info", "help"), ("hei", "")):
        carrier.text(THEIRS, OURS, word)
        assert gateway.inbound[-1].keyword == keyword


def test_a_trouble_is_for_one_recipient_or_for_all_and_so_many_times(carrier, sender):
    carrier.make_trouble(Trouble(refuse=21408))
    carrier.make_trouble(Trouble(refuse=21211, times=2), THEIRS)

    def met(recipient=THEIRS):
        try:
            return sender.send(outbound(recipient=recipient)).provider_id[:2]
        except SendError as error:
            return error.failure

    assert [met() for _ in range(3)] == [
        Failure.INVALID_NUMBER,
        Failure.INVALID_NUMBER,
        Failure.BLOCKED_COUNTRY,
    ]
    assert met("+4790000002") == Failure.BLOCKED_COUNTRY
    carrier.clear_troubles()
    assert met() == "SM"
    carrier.make_trouble(Trouble(refuse=21408, times=1))
    assert [met(), met()] == [Failure.BLOCKED_COUNTRY, "SM"]


def test_only_its_own_numbers_may_send(carrier, sender):
    carrier.carrier.numbers = frozenset({"+4759440001"})
    with pytest.raises(SendError) as refused:
        sender.send(outbound())
    assert refused.value.failure == Failure.MISCONFIGURED


def test_one_can_wait_for_what_the_gateway_sends(carrier, sender):
    threading.Timer(0.1, lambda: sender.send(outbound(text="svar"))).start()
    assert carrier.wait_for(to=THEIRS)[0].body == "svar"
    with pytest.raises(TimeoutError):
        carrier.wait_for(to="+4790000002", wait_s=0.05)


def test_the_api_filters_by_number_and_time_and_leaves_out_what_has_not_left(carrier, sender):
    carrier.make_trouble(Trouble(receipts=("sent",), receipt_after_s=0))
    sender.send(outbound(text="left"))
    wait_until(lambda: carrier.messages()[0].status == "sent")
    carrier.make_trouble(Trouble(receipts=()))
    sender.send(outbound(text="waits"))
    sender.send(outbound(recipient="+4790000002", text="another"))
    now = datetime.now(UTC)

    def listed(**query):
        path = f"{carrier.url}/2010-04-01/Accounts/{carrier.carrier.account_sid}/Messages.json"
        credentials = urllib3.make_headers(basic_auth=f"{carrier.carrier.account_sid}:{TOKEN}")
        with urllib3.PoolManager() as pool:
            answer = pool.request("GET", path, fields=query, headers=credentials)
        return [message["body"] for message in answer.json()["messages"]]

    hour = timedelta(hours=1)
    assert listed() == ["another", "waits", "left"]
    assert listed(To=THEIRS, From=OURS) == ["waits", "left"]
    assert listed(**{"DateSent>": (now - hour).isoformat()}) == ["left"]
    assert listed(**{"DateSent>": (now + hour).isoformat()}) == []
    assert listed(**{"DateSent<": (now + hour).isoformat()}) == ["left"]
    assert listed(DateSent=carrier.messages()[0].sent_at.date().isoformat()) == ["left"]


def test_another_process_sends_as_a_phone(control, gateway):
    answer = control("POST", "text", json={"from": THEIRS, "to": OURS, "body": "hei"}).json()
    assert (answer["status"], answer["attempts"]) == (200, 1)
    assert gateway.inbound[0].provider_id == answer["sid"]
    again = {"from": THEIRS, "to": OURS, "body": "hei", "sid": answer["sid"]}
    assert control("POST", "text", json=again).json()["sid"] == answer["sid"]
    assert gateway.requests == 2
    gateway.answer = 503
    assert control("POST", "text", json={"from": THEIRS, "to": OURS, "body": "hei"}).json()["status"] == 503


def test_another_process_follows_the_messages(carrier, control, sender):
    carrier.text(THEIRS, OURS, "fra telefonen")
    sender.send(outbound(text="til telefonen"))
    everything = control("GET", "messages?after=0").json()
    assert [message["body"] for message in everything["messages"]] == ["fra telefonen", "til telefonen"]
    assert everything["next"] == 2
    shown = everything["messages"][1]
    assert (shown["from"], shown["to"], shown["segments"]) == (OURS, THEIRS, 1)
    assert control("GET", "messages?after=2&wait_s=0.05").json() == {"messages": [], "next": 2}
    threading.Timer(0.1, lambda: [sender.send(outbound(recipient=to)) for to in ("+4790000002", THEIRS)]).start()
    begun = time.monotonic()
    waited = control("GET", "messages?after=2&wait_s=10&direction=outbound-api&to=%2B4790000001").json()
    assert time.monotonic() - begun < 5
    assert [message["to"] for message in waited["messages"]] == [THEIRS]
    assert waited["next"] == 4
    journal = control("GET", "journal?after=1").json()
    assert journal["entries"][0]["kind"] == "webhook"
    assert control("GET", f"journal?after={journal['next']}").json()["next"] >= journal["next"]


def test_another_process_makes_trouble(control, carrier, sender):
    assert control("PUT", "trouble", json={"to": THEIRS, "refuse": 21610, "times": 1}).status == 200
    assert control("PUT", "trouble", json={"answer": "cut"}).status == 200
    shown = control("GET", "trouble").json()
    assert shown["all"]["answer"] == "cut"
    assert shown["recipients"][THEIRS]["refuse"] == 21610
    for failure in (Failure.OPTED_OUT, Failure.AMBIGUOUS):
        with pytest.raises(SendError) as raised:
            sender.send(outbound())
        assert raised.value.failure == failure
    assert control("DELETE", "trouble").status == 200
    assert sender.send(outbound())


def test_another_process_reports_and_says_where_the_gateway_is(control, carrier, gateway, sender):
    carrier.make_trouble(Trouble(receipts=()))
    sid = sender.send(outbound(gateway)).provider_id
    shown = control("GET", "messages").json()["messages"][0]
    assert (shown["sid"], shown["status_url"]) == (sid, f"{gateway.url}/sms/twilio/status/d1.sig")
    assert control("POST", "receipt", json={"sid": sid, "status": "delivered"}).json()["status"] == 200
    assert gateway.receipts[0][1].state == "delivered"
    assert control("PUT", "gateway", json={"url": "http://127.0.0.1:9"}).status == 200
    assert control("POST", "text", json={"from": THEIRS, "to": OURS, "body": "x"}).json()["status"] == 0


@pytest.mark.parametrize(
    ("method", "path", "given"),
    [
        ("POST", "text", {"from": THEIRS, "to": OURS}),
        ("POST", "text", {"from": THEIRS, "to": OURS, "body": "x", "sid": "SM1"}),
        ("POST", "text", {"from": THEIRS, "to": OURS, "body": "x", "bodi": "y"}),
        ("POST", "text", ["x"]),
        ("POST", "receipt", {"sid": f"SM{1:032x}", "status": "sent"}),
        ("PUT", "trouble", {"refuze": 1}),
        ("PUT", "trouble", {"answer": "explode"}),
        ("PUT", "trouble", "cut"),
        ("GET", "messages?after=x", None),
    ],
)
def test_a_mistake_is_400_with_the_reason(control, carrier, method, path, given):
    answer = control(method, path) if method == "GET" else control(method, path, json=given)
    assert answer.status == 400
    assert answer.data
    assert not carrier.carrier.messages


def test_what_is_no_json_is_refused(control):
    assert control("POST", "text", body=b"{", headers={"Content-Type": "application/json"}).status == 400
    assert control("POST", "text", fields={"body": "x"}).status == 415


def test_it_listens_on_loopback_alone(carrier):
    assert carrier.url.startswith("http://127.0.0.1:")


def test_a_port_that_is_taken_is_an_error(carrier):
    port = int(carrier.url.rpartition(":")[2])
    with pytest.raises(OSError, match="in use"):
        run(port)


def test_no_secret_is_shown():
    assert TOKEN not in repr(Carrier(auth_token=TOKEN))


def test_closing_waits_for_nothing(gateway):
    with run(auth_token=TOKEN, gateway_url=gateway.url) as carrier:
        carrier.make_trouble(Trouble(slow_s=30, receipt_after_s=30))
        with (
            closing(Sender(account(api_url=carrier.url), connect_s=0.2, answer_s=0.2)) as sender,
            pytest.raises(SendError),
        ):
            sender.send(outbound(gateway))
        begun = time.monotonic()
    assert time.monotonic() - begun < 2
    assert json.dumps([message.body for message in carrier.messages()]) == '["hei"]'
