"""What every provider must do, whoever it is: the same cases for each row of the table. docs/add-a-provider.md."""

import logging
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.contract import CannotList, Failure, Forged, Inbound, Malformed, Outbound, Receipt, SendError
from conversations.limits import can_be_answered
from gateway.providers import PROVIDERS
from gateway.settings import Settings
from gateway.simulator.carrier import Trouble
from tests.channels.providers import KITS, TEXT
from tests.channels.raw_server import raw_server
from tests.channels.twilio_posts import OURS, SID, THEIRS, TOKEN


@pytest.fixture(params=KITS.values(), ids=list(KITS))
def kit(request):
    return request.param


@pytest.fixture
def carrier(kit):
    with kit.carrier() as running:
        yield running


@pytest.fixture
def sender(kit, carrier):
    with closing(kit.sending(carrier.url, threads=8, connect_s=1, answer_s=5)) as made:
        yield made


def test_every_row_of_the_table_runs_these_cases():
    assert {kit.name: kit.provider for kit in KITS.values()} == dict(PROVIDERS)


def test_its_settings_are_settings_and_nothing_is_demanded_of_who_does_not_want_it(kit):
    assert {*kit.provider.demands, *kit.provider.checks} <= Settings.model_fields.keys()
    assert all(Settings.model_fields[name].default is None for name in kit.provider.demands)
    assert all(Settings.model_fields[name].repr is True for name in kit.provider.demands)


def parse(kit, post, path=""):
    body, headers = post
    return kit.receiver.verify_and_parse(path or kit.path, headers, body)


def test_a_text_is_taken(kit):
    assert parse(kit, kit.text()) == Inbound("sms", kit.account, SID, THEIRS, OURS, TEXT, 1, 0)


@pytest.mark.parametrize("sender", ["Posten", "STRØMNETT A", "2077", "", "anonymous", "+471234"])
def test_t14_who_cannot_be_answered_is_taken_as_he_is(kit, sender):
    inbound = parse(kit, kit.text(**{"from": sender}))
    assert inbound.sender == sender
    assert not can_be_answered(inbound.sender, "sms")


@pytest.mark.parametrize("sender", ["+47900000999999999", "a name too long", "a\x00b", None])
def test_t14_what_no_network_shows_is_no_sender(kit, sender):
    with pytest.raises(Malformed):
        parse(kit, kit.text(**{"from": sender}))


def test_t15_our_own_number_is_a_sender_like_any(kit):
    assert parse(kit, kit.text(**{"from": OURS})).sender == OURS


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ""),
        ("  a\r\nb\t ", "  a\r\nb\t "),
        ("😀\u202eabc\u200b раура\u2069", "😀\u202eabc\u200b раура\u2069"),
        ("{{7*7}} {0.__class__} %s '; DROP TABLE--", "{{7*7}} {0.__class__} %s '; DROP TABLE--"),
        ("a\x00b", "a\u2400b"),
        ("a\udcffb", "a\ufffdb"),
        ("Linja 😀 " * 200, "Linja 😀 " * 200),
    ],
    ids=["nothing", "spaces", "odd signs", "code", "NUL", "half a pair", "1600"],
)
def test_t21_t23_a_text_is_kept_as_it_came_but_for_what_no_store_can_hold(kit, text, kept):
    assert parse(kit, kit.text(text=text)).text == kept


def test_t10_what_the_provider_has_added_is_passed_over(kit):
    assert parse(kit, kit.text(NewIn2027="x", other="y")) == parse(kit, kit.text())


@pytest.mark.parametrize("name", ["id", "from", "to", "text"])
def test_t10_what_must_be_there_and_is_not_is_malformed(kit, name):
    with pytest.raises(Malformed) as refused:
        parse(kit, kit.text(**{name: None}))
    assert 400 <= refused.value.status < 500


def test_t10_what_is_there_twice_is_malformed(kit):
    body = kit.twice(kit.text()[0])
    with pytest.raises(Malformed):
        parse(kit, (body, kit.prove(body, kit.path)))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("to", "+4759449999"),
        ("to", f"{OURS} "),
        ("to", ""),
        ("from", "whatsapp:+4790000001"),
        ("from", "Pos\x00ten"),
        ("from", "+4790000001\n"),
        ("from", "+4790000001, +4790000002"),
        ("id", ""),
        ("id", "x" * 5_000),
        ("id", "SM00000000000000000000000000000abc\n"),
        ("id", "SM\x0000000000000000000000000000000a"),
        ("id", "æ"),
    ],
)
def test_t07_t10_what_is_odd_is_malformed_and_not_repeated_in_the_reason(kit, name, value):
    with pytest.raises(Malformed) as refused:
        parse(kit, kit.text(**{name: value}))
    assert 400 <= refused.value.status < 500
    assert not value.strip() or value.strip() not in refused.value.reason


def wrong_proofs(kit):
    body, headers = kit.text()
    right = headers[kit.proof]
    without = {name: value for name, value in headers.items() if name != kit.proof}
    given = ["", "x", "æ", "\udcff", "=" * 28, right[:-1], right + "x", right.swapcase(), f" {right}", right * 2]
    return body, [without, *(headers | {kit.proof: value} for value in given)]


def test_t01_without_the_right_proof_it_is_forged(kit):
    body, wrong = wrong_proofs(kit)
    for headers in wrong:
        for read in (kit.receiver.verify_and_parse, kit.receiver.parse_receipt):
            with pytest.raises(Forged):
                read(kit.path, headers, body)


def test_t04_another_body_under_the_same_proof_is_forged(kit):
    body, headers = kit.text()
    for other in (body + b" ", body[:-1], body.replace(b"lavt", b"hoyt"), b"", b"{}", kit.text(text="x")[0]):
        with pytest.raises((Forged, Malformed)):
            kit.receiver.verify_and_parse(kit.path, headers, other)
    with pytest.raises(Forged):
        kit.receiver.verify_and_parse(kit.path, headers, kit.text(**{"from": "+4790000002"})[0])


@pytest.mark.parametrize(
    "kind", ["multipart/form-data; boundary=x", "text/plain", "", "x/y; charset=nope", "\x07", None]
)
def test_t04_t08_another_kind_of_body_is_refused(kit, kind):
    body, headers = kit.text()
    sent = {name: value for name, value in {**headers, "Content-Type": kind}.items() if value is not None}
    with pytest.raises((Forged, Malformed)):
        kit.receiver.verify_and_parse(kit.path, sent, body)


@pytest.mark.parametrize("charset", ["nope", "utf-16", "latin-1"])
def test_t08_another_charset_is_refused(kit, charset):
    body, headers = kit.text()
    kind = headers["Content-Type"].partition(";")[0]
    with pytest.raises(Malformed) as refused:
        kit.receiver.verify_and_parse(kit.path, headers | {"Content-Type": f"{kind}; charset={charset}"}, body)
    assert refused.value.status == 415


def test_t08_what_is_proved_and_cannot_be_read_is_malformed(kit):
    for body in kit.malformed:
        for read in (kit.receiver.verify_and_parse, kit.receiver.parse_receipt):
            with pytest.raises(Malformed) as refused:
                read(kit.path, _proved(kit, body), body)
            assert 400 <= refused.value.status < 500, body[:30]


def _proved(kit, body):
    return kit.prove(body, kit.path)


@given(st.sampled_from(list(KITS)), st.binary(max_size=300), st.text(max_size=40), st.text(max_size=40))
def test_t08_nothing_else_is_raised_whatever_comes(name, body, content_type, proof):
    kit = KITS[name]
    for kind in (kit.text()[1]["Content-Type"], content_type):
        with pytest.raises((Forged, Malformed)):
            kit.receiver.verify_and_parse(kit.path, {"Content-Type": kind, kit.proof: proof}, body)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda some: st.lists(some, max_size=3) | st.dictionaries(st.text(max_size=4), some, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(["id", "from", "to", "text", "state", "code"]), _JSON)
def test_t08_nor_where_json_has_anything_in_the_place_of_a_string(name, value):
    kit = KITS["generic"]
    for read, post in (
        (kit.receiver.verify_and_parse, kit.text(**{name: value})),
        (kit.receiver.parse_receipt, kit.receipt(**{name: value})),
    ):
        with suppress(Malformed):
            read(kit.path, post[1], post[0])


def read_receipt(kit, **changes):
    path = f"{kit.path}/status/0193.a.b"
    body, headers = kit.receipt(path, **changes)
    return kit.receiver.parse_receipt(path, headers, body)


@pytest.mark.parametrize(
    ("changes", "state", "error", "code"),
    [
        ({"state": "queued"}, "accepted", None, None),
        ({"state": "sent"}, "sent", None, None),
        ({"state": "delivered"}, "delivered", None, None),
        ({"state": "delivered", "code": "0"}, "delivered", None, None),
        ({"state": "failed"}, "failed", Failure.REFUSED, None),
        ({"state": "undelivered", "code": "39999"}, "failed", Failure.REFUSED, "39999"),
        ({"state": "failed", "code": "21610"}, "failed", Failure.OPTED_OUT, "21610"),
        ({"state": "failed", "code": "30003"}, "failed", Failure.HANDSET_UNREACHABLE, "30003"),
    ],
)
def test_t12_a_receipt_is_read(kit, changes, state, error, code):
    assert read_receipt(kit, **changes) == Receipt(SID, state, error, code)


@pytest.mark.parametrize("changes", [{"state": None}, {"state": ""}, {"state": "Perhaps"}, {"id": None}, {"id": ""}])
def test_t12_a_receipt_of_another_shape_is_malformed(kit, changes):
    with pytest.raises(Malformed):
        read_receipt(kit, **changes)


def test_a_text_is_no_receipt_and_a_receipt_no_text(kit):
    body, headers = kit.text()
    with pytest.raises(Malformed):
        kit.receiver.parse_receipt(kit.path, headers, body)
    body, headers = kit.receipt(kit.path)
    with pytest.raises(Malformed):
        kit.receiver.verify_and_parse(kit.path, headers, body)


def outbound(recipient=THEIRS, text="Hei, vi varsler vakta.", **more):
    return Outbound("d1", OURS, recipient, text, **({"status_url": ""} | more))


def failing(sender, message=None) -> SendError:
    with pytest.raises(SendError) as raised:
        sender.send(message or outbound())
    return raised.value


def test_a_text_is_sent_as_it_is(kit, carrier, sender):
    sent = sender.send(
        outbound(text="Strømmen er på — 😀 \x00", status_url="http://127.0.0.1:9/x?y=1", valid_for_s=600)
    )
    [message] = carrier.messages()
    assert (message.sid, message.sender, message.recipient) == (sent.provider_id, OURS, THEIRS)
    assert (message.body, message.status_url) == ("Strømmen er på — 😀 \u2400", "http://127.0.0.1:9/x?y=1")


def test_what_is_refused_has_its_name(kit, carrier, sender):
    for code, failure in kit.refusals:
        carrier.make_trouble(Trouble(refuse=code, times=1))
        error = failing(sender)
        assert error.failure == failure, code
        assert error.retry_after_s == (1.0 if failure == Failure.THROTTLED else None)
    assert not carrier.messages()
    assert sender.send(outbound())


def test_a_wrong_secret_is_the_operators_fault(kit, carrier):
    with closing(kit.sending(carrier.url, token="wrong")) as sender:
        assert failing(sender).failure == Failure.CREDENTIALS


@pytest.mark.parametrize("answer", ["cut", "500", "503", "garbage", "empty"])
@pytest.mark.parametrize("accept", [True, False])
def test_what_was_perhaps_taken_is_ambiguous(carrier, sender, answer, accept):
    carrier.make_trouble(Trouble(answer=answer, accept=accept, times=1))
    assert failing(sender).failure == Failure.AMBIGUOUS
    assert len(carrier.messages()) == accept


def test_an_answer_that_comes_too_late_is_ambiguous(kit, carrier):
    carrier.make_trouble(Trouble(slow_s=5, times=1))
    with closing(kit.sending(carrier.url, connect_s=0.2, answer_s=0.3)) as sender:
        begun = time.monotonic()
        assert failing(sender).failure == Failure.AMBIGUOUS
        assert time.monotonic() - begun < sender.slowest_s


def test_nobody_there_is_certain_not_to_have_taken_it(kit):
    with closing(socket.socket()) as bound:
        bound.bind(("127.0.0.1", 0))
        with closing(kit.sending(f"http://127.0.0.1:{bound.getsockname()[1]}")) as sender:
            assert failing(sender).failure == Failure.UNREACHABLE


def test_eight_threads_send_at_once(carrier, sender):
    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda i: sender.send(outbound(text=f"nr {i}")).provider_id, range(80)))
    assert {message.sid: message.body for message in carrier.messages()} == {
        sid: f"nr {i}" for i, sid in enumerate(sent)
    }


def test_it_lists_what_it_took_or_says_that_it_never_will(carrier, sender):
    sent, since = sender.send(outbound()), datetime.now(UTC) - timedelta(minutes=1)
    try:
        assert [listed.provider_id for listed in sender.list_sent(THEIRS, since)] == [sent.provider_id]
    except CannotList:
        with pytest.raises(CannotList):
            sender.list_received(since)


@pytest.mark.parametrize(
    "body",
    [b"", b"[", b"[]", b"null", b'{"messages": null}', b'{"messages": [null]}', b'{"messages": [{}, {"sid": 5}]}'],
)
def test_whatever_its_list_answers_nothing_is_raised_but_what_the_contract_names(kit, body):
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
    with raw_server(head, body) as (url, _), closing(kit.sending(url)) as sender:
        for ask in (lambda since: sender.list_sent(THEIRS, since), sender.list_received):
            with suppress(SendError, CannotList):
                assert ask(datetime.now(UTC)) == []


def test_no_number_text_or_secret_reaches_a_log_or_an_error(kit, carrier, caplog):
    caplog.set_level(logging.DEBUG)
    shown = []
    with closing(kit.sending(carrier.url, connect_s=0.2, answer_s=0.3)) as sender:
        sender.send(outbound())
        for trouble in (*(Trouble(refuse=code) for code, _ in kit.refusals), Trouble(answer="cut"), Trouble(slow_s=2)):
            carrier.make_trouble(trouble)
            shown.append(repr(failing(sender)) + str(failing(sender)))
    everything = "".join([*shown, *(record.getMessage() for record in caplog.records if "carrier" not in record.name)])
    for secret in (THEIRS[1:], "varsler", TOKEN):
        assert secret not in everything


def test_reading_webhooks_loads_nothing_that_sends(kit):
    loaded = (
        f"import sys, channels.sms.{kit.name};"
        "print([m for m in sys.modules if m.split('.')[0] in ('twilio', 'requests', 'urllib3')])"
    )
    answer = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
