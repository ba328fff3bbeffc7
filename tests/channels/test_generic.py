"""What only the generic provider has: names, proofs and meanings from the settings."""

import base64
import hmac
import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from pydantic import SecretStr

from channels.bounded_http import Answer
from channels.contract import Failure, Forged, Malformed, Outbound, Receipt
from channels.sms.generic import PROVIDER, GenericSettings, Receiver, Sender, tree
from channels.sms.generic.proof import Proof
from channels.sms.generic.settings import account_of
from tests.channels.providers import GENERIC
from tests.channels.twilio_posts import OURS, THEIRS, TOKEN

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TIMED = Proof("X-Signature: v1={hmac-base64}", "v0:{timestamp}:{body}", "X-Time")
NESTED = {"id": "message.id", "from": "message.from.0.number", "to": "message.to", "text": "message.body"}


def settings(**given: Any) -> GenericSettings:
    first = {"url": "https://x.example/send", "api_secret": "a" * 16, "webhook_secret": "b" * 16}
    return GenericSettings(**{f"generic_sms_{name}": value for name, value in (first | given).items()})


def posted(receiver, body, proof=GENERIC.webhook_proof, now=NOON, **headers):
    raw = json.dumps(body).encode()
    sent = {"Content-Type": "application/json"} | proof.headers(TOKEN, raw, now) | headers
    return receiver.verify_and_parse("/sms/generic", sent, raw)


def told(**changes):
    return {"id": "1", "from": THEIRS, "to": OURS, "text": "hei"} | changes


def test_an_hmac_is_what_others_make_of_it():
    body = b'{"a": 1}'
    stamp = str(int(NOON.timestamp()))
    digest = hmac.new(TOKEN.encode(), b"v0:" + stamp.encode() + b":" + body, "sha256").digest()
    assert TIMED.headers(TOKEN, body, NOON) == {
        "X-Signature": f"v1={base64.b64encode(digest).decode()}",
        "X-Time": stamp,
    }


@pytest.mark.parametrize(("off_s", "is_taken"), [(0, True), (299, True), (-299, True), (301, False), (-301, False)])
def test_what_is_five_minutes_off_is_forged(off_s, is_taken):
    receiver = Receiver(replace(GENERIC, webhook_proof=TIMED), lambda: NOON + timedelta(seconds=off_s))
    if is_taken:
        assert posted(receiver, told(), TIMED).text == "hei"
    else:
        with pytest.raises(Forged):
            posted(receiver, told(), TIMED)


@pytest.mark.parametrize(
    "stamp", ["", "x", "-1", "1", "99999999999999", "١٢٣٤٥٦٧٨٩٠", f"{int(NOON.timestamp()) + 1}", None]
)
def test_another_time_than_the_signed_one_is_forged(stamp):
    receiver = Receiver(replace(GENERIC, webhook_proof=TIMED), lambda: NOON)
    raw = json.dumps(told()).encode()
    sent = {"Content-Type": "application/json"} | TIMED.headers(TOKEN, raw, NOON)
    sent = {**sent, "X-Time": stamp} if stamp is not None else {k: v for k, v in sent.items() if k != "X-Time"}
    with pytest.raises(Forged):
        receiver.verify_and_parse("/sms/generic", sent, raw)


def test_a_token_is_a_proof_too_and_an_old_secret_is_one_beside_the_new():
    proof = Proof("Authorization: Bearer {token}")
    receiver = Receiver(replace(GENERIC, webhook_proof=proof, webhook_secrets=("new", TOKEN)))
    assert posted(receiver, told(), proof).text == "hei"
    for wrong in ("", "Bearer ", "Bearer neW", f"bearer {TOKEN}", f"Bearer {TOKEN} "):
        with pytest.raises(Forged):
            posted(receiver, told(), proof, Authorization=wrong)


def test_things_stand_where_the_settings_say():
    receiver = Receiver(replace(GENERIC, text_fields=NESTED))
    body = {"message": {"id": 17, "from": [{"number": THEIRS}], "to": OURS, "body": "hei"}}
    inbound = posted(receiver, body)
    assert (inbound.provider_id, inbound.sender, inbound.text) == ("17", THEIRS, "hei")
    body["message"]["from"] = [{"number": THEIRS}] * 2
    with pytest.raises(Malformed, match="a list of several"):
        posted(receiver, body)


def test_numbers_may_come_and_go_without_their_plus():
    receiver = Receiver(replace(GENERIC, has_plus=False))
    inbound = posted(receiver, told(**{"from": THEIRS[1:], "to": int(OURS[1:])}))
    assert (inbound.sender, inbound.recipient) == (THEIRS, OURS)
    assert posted(receiver, told(**{"from": "2077"})).sender == "2077"
    with pytest.raises(Malformed):
        posted(Receiver(GENERIC), told(to=OURS[1:]))


@pytest.mark.parametrize(
    ("given", "sent_at"),
    [
        (NOON.isoformat(), None),
        (int((NOON + timedelta(hours=1)).timestamp()), None),
        ("2026-11-22T12:30:00+01:00", NOON - timedelta(minutes=30)),
        ("2026-11-22T11:30:00Z", NOON - timedelta(minutes=30)),
        (int(NOON.timestamp()) - 1800, NOON - timedelta(minutes=30)),
        ((int(NOON.timestamp()) - 1800) * 1000, NOON - timedelta(minutes=30)),
        (None, None),
    ],
)
def test_a_text_that_waited_for_us_says_since_when(given, sent_at):
    receiver = Receiver(replace(GENERIC, text_fields=dict(GENERIC.text_fields) | {"received_at": "at"}), lambda: NOON)
    assert posted(receiver, told(at=given)).sent_at == sent_at


@pytest.mark.parametrize("given", ["", "yesterday", "2026-11-22T11:30:00", -1, 5, "0001-01-01T00:00:00+23:59"])
def test_a_time_that_is_none_is_malformed(given):
    receiver = Receiver(replace(GENERIC, text_fields=dict(GENERIC.text_fields) | {"received_at": "at"}), lambda: NOON)
    with pytest.raises(Malformed):
        posted(receiver, told(at=given))


def test_segments_are_counted_where_nobody_tells_them():
    assert posted(Receiver(GENERIC), told(text="x" * 161)).segments == 2
    receiver = Receiver(
        replace(GENERIC, text_fields=dict(GENERIC.text_fields) | {"segments": "parts", "media": "media"})
    )
    inbound = posted(receiver, told(parts=40, media=99))
    assert (inbound.segments, inbound.media_count) == (10, 10)


def test_states_and_codes_mean_what_the_settings_say():
    account = account_of(settings(states="DLVRD=delivered, undeliv=unallocated", errors="7=opted_out"), {OURS})

    def read(**body):
        raw = json.dumps({"id": "1"} | body).encode()
        sent = {"Content-Type": "application/json"} | account.webhook_proof.headers("b" * 16, raw, NOON)
        return Receiver(account).parse_receipt("/x", sent, raw)

    assert read(state="dlvrd") == Receipt("1", "delivered")
    assert read(state="Undeliv", code=1) == Receipt("1", "failed", Failure.UNALLOCATED, "1")
    assert read(state="undeliv", code="7") == Receipt("1", "failed", Failure.OPTED_OUT, "7")
    assert read(state="expired") == Receipt("1", "failed", Failure.EXPIRED)
    assert read(state="failed", code=f"{THEIRS} er borte").provider_code is None


def test_a_call_looks_as_the_settings_say(monkeypatch):
    fields = "to=messages.0.to.0.number, from=, text=messages.0.text, valid_for_s=ttl, status_url=, reference="
    given = settings(send_fields=fields, plus=False, api_header="X-Sig: {hmac}", signed="{timestamp}.{body}")
    account = account_of(given, {OURS})
    calls = []

    def exchange(*call):
        calls.append(call)
        return Answer(200, {}, '{"id": "x1"}', None)

    sender = Sender(account, now=lambda: NOON)
    with closing(sender):
        monkeypatch.setattr(sender._http, "exchange", exchange)
        assert sender.send(Outbound("d1", OURS, THEIRS, "hæ?", "https://x/1", 60)).provider_id == "x1"
    [(method, url, body, headers)] = calls
    assert (method, url) == ("POST", "https://x.example/send")
    assert json.loads(body) == {"messages": [{"to": [{"number": THEIRS[1:]}], "text": "hæ?"}], "ttl": 60}
    stamp = str(int(NOON.timestamp()))
    signed = hmac.new(b"a" * 16, stamp.encode() + b"." + body, "sha256").hexdigest()
    assert (headers["X-Sig"], headers["X-Timestamp"]) == (signed, stamp)


@pytest.mark.parametrize(
    ("status", "code", "failure"),
    [
        (500, "7", Failure.AMBIGUOUS),
        (503, "7", Failure.UNREACHABLE),
        (400, "7", Failure.OPTED_OUT),
        (409, "8", Failure.THROTTLED),
        (429, None, Failure.THROTTLED),
        (403, None, Failure.CREDENTIALS),
        (404, None, Failure.MISCONFIGURED),
        (408, None, Failure.AMBIGUOUS),
        (422, None, Failure.REFUSED),
        (302, None, Failure.MISCONFIGURED),
    ],
)
def test_statuses_and_codes_have_their_names(status, code, failure):
    account = account_of(settings(errors="7=opted_out, http409=throttled, http503=unreachable"), {OURS})
    assert account.failure_of_call(status, code) == failure


FAULTS = [
    ("url", "http://x.example", "must begin with https://"),
    ("url", "x.example", "must be http(s)://HOST[:PORT][/PATH]"),
    ("api_secret", SecretStr("short"), "must be at least 16 visible ASCII characters"),
    ("webhook_secret", SecretStr("b" * 16 + ",æ" + "b" * 16), "must be at least 16 visible ASCII characters"),
    ("api_header", "Bearer {token}", "must be NAME: VALUE with {token}, {hmac} or {hmac-base64} in the value"),
    ("webhook_header", "X: {token}{hmac}", "must be NAME: VALUE with {token}, {hmac} or {hmac-base64} in the value"),
    ("signed", "{timestamp}", "must have {body} once, and at most one {timestamp}, before it"),
    ("timestamp_header", "X Y", "must be the name of a header"),
    ("numbers", "59440000", "must be numbers such as +4759440000, with commas between"),
    ("account", "A B", "must be 1 to 40 of a-z, 0-9 and -"),
    ("text_fields", "form=x", "knows only id, from, to, text, media, received_at, segments"),
    ("text_fields", "from=", "must have a place for from"),
    ("text_fields", "from", "must be NAME=VALUE, NAME=VALUE, each name once"),
    ("text_fields", "from=a..b", "a place must be names with dots between, such as message.id"),
    ("send_fields", "to=a, from=a.b", "has two things at one place, or one within the other"),
    ("answer_fields", "id=", "must have a place for id"),
]


@pytest.mark.parametrize(("name", "value", "reason"), FAULTS)
def test_a_setting_that_is_wrong_is_told_in_a_line_without_its_value(name, value, reason):
    check = PROVIDER.checks[f"generic_sms_{name}"]
    assert check(settings(**{name: value}), False) == reason


@pytest.mark.parametrize("name", ["states", "errors"])
@pytest.mark.parametrize("value", ["7=perhaps", "7", "=sent", "7=refused, 7=refused"])
def test_meanings_that_are_none_are_told(name, value):
    reason = PROVIDER.checks[f"generic_sms_{name}"](settings(**{name: value}), False)
    assert reason
    assert "perhaps" not in reason


def test_settings_without_a_fault_have_none_and_secrets_are_not_shown():
    given = settings(numbers=f"{OURS}, +4759440001")
    assert [name for name, check in PROVIDER.checks.items() if check(given, False)] == []
    assert PROVIDER.numbers(given) == {OURS, "+4759440001"}
    for shown in (repr(given), repr(account_of(given, {OURS}))):
        assert "aaaa" not in shown
        assert "bbbb" not in shown


@pytest.mark.parametrize("path", ["a", "a.b", "a.0.b", "0"])
def test_what_is_planted_is_found(path):
    assert tree.at(tree.planted({path: "x"}), path) == "x"


def test_nothing_of_json_is_taken_for_a_string():
    nothing: tuple[Any, ...] = (True, 1.5, [], {}, ["x"], 10**70)
    for value in nothing:
        with pytest.raises(Malformed):
            posted(Receiver(GENERIC), told(id=value))
    with pytest.raises(Malformed):
        posted(Receiver(GENERIC), cast("Any", [told(), told()]))
