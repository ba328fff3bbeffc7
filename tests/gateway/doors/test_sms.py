"""TRUST 2.1 through the real door: each row by its number, with what must be in the store afterwards."""

import asyncio
import json
import re
import threading
from datetime import timedelta
from io import BytesIO

import pytest

from gateway import status_links
from storage import outbox, settling
from storage.settling import Outcome
from storage.tables import Case, Conversation, Delivery, MessageRow, UnknownReceipt
from tests.channels.twilio_posts import (
    ACCOUNT,
    OURS,
    PATH,
    SID,
    TOKEN,
    case_name,
    changed,
    encoded,
    headers,
    payload,
)
from tests.gateway.doors.raw import RAW, raw
from tests.gateway.doors.text_door import text_door
from tests.storage.case_rows import DICE

TAKEN = (200, "<Response/>")
HOST = ACCOUNT.public_url


@pytest.fixture
async def door(sqlite):
    async with text_door(sqlite) as door:
        yield door


@pytest.fixture
async def either(store_place):
    """The same on each database."""
    async with text_door(store_place) as door:
        yield door


def is_empty(door):
    return not any(door.rows(table) for table in (MessageRow, Conversation, Case, Delivery))


def answers(door):
    return [row for row in door.rows(MessageRow) if row.direction == "out" and row.conversation]


def texts(door):
    return [row for row in door.rows(MessageRow) if row.direction == "in"]


async def test_a_signed_text_is_one_turn_and_is_answered_with_empty_twiml(either):
    assert await either.text() == TAKEN
    assert [row.provider_id for row in texts(either)] == [SID]
    assert [case.urgency for case in either.rows(Case)] == ["danger"]
    assert len(answers(either)) == 1
    assert either.events == ["text_turn"]
    # The bell is rung after the commit, and so perhaps after the answer.
    assert await asyncio.to_thread(either.rung.wait, 5)


async def test_t01_without_the_right_signature_nothing_is_kept(door):
    form = changed("text", {})
    right = headers(form)["X-Twilio-Signature"]
    wrong = [None, "", "x", "æøå", "\udcff", "=" * 28, right[:-2], right + "x"]
    for given in wrong:
        sent = headers(form) | {"X-Twilio-Signature": given or ""}
        if given is None:
            del sent["X-Twilio-Signature"]
        status, text = await door.post(encoded(form), sent)
        assert status == 403, given
        assert "Traceback" not in text
    assert (is_empty(door), door.events) == (True, ["text_forged"] * len(wrong))


OTHER_ADDRESSES = [
    (f"http://sms.example.no{PATH}", PATH),
    (f"{HOST}{PATH}/", PATH),
    (f"{HOST}{PATH}?x=1", PATH),
    (f"https://other.example.no{PATH}", PATH),
    (f"http://127.0.0.1:8080{PATH}", PATH),
    (f"{HOST}{PATH}", f"{PATH}?x=1"),
    (f"{HOST}{PATH}", "/sms/twili%6F"),
    (f"{HOST}{PATH}", f"{PATH}?%"),
]


async def test_t02_a_signature_for_another_address_is_refused(door):
    form = changed("text", {})
    lies = {"Host": "other.example.no", "X-Forwarded-Host": "other.example.no", "X-Forwarded-Proto": "http"}
    for signed, path in OTHER_ADDRESSES:
        status, _ = await door.post(encoded(form), headers(form, signed) | lies, path)
        assert status == 403, (signed, path)
    assert is_empty(door)


@pytest.mark.parametrize("signed", [f"{HOST}{PATH}", f"{HOST}:443{PATH}"])
async def test_t02_the_configured_address_validates_whatever_a_proxy_says(door, signed):
    form = changed("text", {})
    lies = {"Host": "10.0.0.7:8080", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "Forwarded": "x"}
    assert await door.post(encoded(form), headers(form, signed) | lies) == TAKEN


HONEST = {"Body": "heiFrom+4790000009"}
CUT_ELSEWHERE: list[dict[str, str | None]] = [
    {"Body": None, "Bod": "yheiFrom+4790000009"},
    {"Body": "hei", "From": "+4790000009From+4790000001"},
    {"Body": None, "BodyheiFrom": "+4790000009"},
    {"ApiVersion": None, "ApiVersion2010-04-01Body": "heiFrom+4790000009", "Body": None},
]


async def test_t03_a_form_cut_elsewhere_is_refused_although_its_signature_holds(door):
    sent = headers(changed("text", HONEST))
    known = {name for name, _ in changed("text", {})}
    for changes in CUT_ELSEWHERE:
        forged = changed("text", {name: changes[name] for name in changes.keys() & known})
        forged += [(name, value or "") for name, value in changes.items() if name not in known]
        assert headers(forged)["X-Twilio-Signature"] == sent["X-Twilio-Signature"]
        assert (await door.post(encoded(forged), sent))[0] == 422, changes
    assert is_empty(door)


KINDS = ["application/json", "multipart/form-data; boundary=x", "text/plain", "", "application/octet-stream"]


async def test_t04_another_content_type_is_refused(door):
    form = changed("text", {})
    for kind in KINDS:
        for body in (encoded(form), json.dumps(dict(form)).encode(), b"{}", b""):
            for sent in (headers(form), headers([])):
                status, _ = await door.post(body, sent | {"Content-Type": kind})
                assert status == 403, (kind, body[:20])
    assert is_empty(door)


async def test_t05_the_same_message_is_one_turn_however_often_it_comes(either):
    for _ in range(5):
        assert await either.text() == TAKEN
    assert set(await either.at_once(either.text() for _ in range(10))) == {TAKEN}
    either.pass_time(timedelta(days=30))
    assert await either.text() == TAKEN
    assert (len(texts(either)), len(answers(either)), len(either.rows(Case))) == (1, 1, 1)
    assert sorted(set(either.events)) == ["text_duplicate", "text_turn"]


async def test_t05_ten_at_once_that_nobody_saw_before_are_one_turn(either):
    assert set(await either.at_once(either.text() for _ in range(10))) == {TAKEN}
    assert (len(texts(either)), len(answers(either)), len(either.rows(Case))) == (1, 1, 1)


async def test_t03_t07_t10_t14_a_signed_form_that_is_not_for_us_is_refused(door):
    for case in payload("refused"):
        status, text = await door.text(**case["change"])
        assert (status, text) == (422, "Not taken.\n"), case_name(case)
    assert is_empty(door)


async def test_t07_a_number_of_the_account_that_no_desk_answers_on_is_refused(door):
    assert (await door.text(To="+4759440001"))[0] == 422
    assert is_empty(door)


ACCEPTED = [case for case in payload("accepted") if case["is"].get("recipient", OURS) == OURS]


@pytest.mark.parametrize("case", ACCEPTED, ids=case_name)
async def test_t10_t14_t16_t17_t21_a_signed_form_is_taken(door, case):
    assert await door.text(**case["change"]) == TAKEN
    [row] = texts(door)
    if "text" in case["is"]:
        assert row.text == case["is"]["text"]
    due = [delivery for delivery in door.rows(Delivery) if delivery.state == "due" and delivery.conversation]
    if case["row"] == "T14":
        assert due == []


MALFORMED = [
    (b"Body=%", 400),
    (b"Body=%zz", 400),
    (b"Body=%4", 400),
    (b"&".join(b"a%d=b" % n for n in range(1_001)), 413),
    (b"Body=" + b"x" * 65_536, 413),
    (b"x" * 2_000_000, 413),
    (b"\x00", 403),
    (b"Body=%00", 403),
    (b"Body=\xff\xfe", 403),
    (b"Body=%ff%fe", 403),
    (b"=&=&=", 422),
    (b"Body", 403),
    (b"", 422),
    (b"{" * 10_000, 403),
    ("Body=\udcff".encode("utf-8", "surrogateescape"), 403),
]
CHARSETS = [("nope", 415), ("utf-16", 415), ("latin-1", 415), ('"', 403), ("utf-8", 403), ("", 403)]


async def test_t08_malformed_bodies_are_refused_and_never_ours(door):
    for body, expected in MALFORMED:
        sent = headers([])
        status, text = await door.post(BytesIO(body), sent)
        assert status == expected, (body[:40], status)
        assert "Traceback" not in text
    assert is_empty(door)


async def test_t08_a_long_body_that_does_not_say_how_long_is_cut_off(door):
    async def endless():
        for _ in range(2_000):
            yield b"x" * 1_000

    status, _ = await door.post(endless(), headers([]))
    assert status == 413


async def test_t08_whatever_the_charset_it_is_4xx(door):
    form = changed("text", {"Body": "æøå"})
    for charset, expected in CHARSETS:
        for body in (encoded(form), b"Body=%e6", b"\xff"):
            kind = f"application/x-www-form-urlencoded; charset={charset}"
            status, _ = await door.post(body, headers([]) | {"Content-Type": kind})
            assert status == expected, (charset, status)
    assert is_empty(door)


async def test_t08_odd_texts_that_are_signed_are_kept(door):
    for body in ("a\x00b", "\udcff", "\u202eabc", "\ufeff", "\r\n\r\n", " " * 1_600, "x" * 5_000):
        assert await door.text(Body=body, MessageSid=f"SM{len(texts(door)):032x}") == TAKEN
    for row in texts(door):
        assert "\x00" not in row.text
        row.text.encode()


async def test_t08_raw_requests_are_4xx_or_cut_off(door):
    for rest, name in RAW:
        request = b"POST /sms/twilio HTTP/1.1\r\nHost: x\r\n"
        if b"Content-Type" not in rest:
            request += b"Content-Type: application/x-www-form-urlencoded\r\n"
        status, answer = await raw(door.server, request + rest)
        assert status is None or 400 <= status < 500, (name, answer)
        assert b"Traceback" not in answer
    assert is_empty(door)


REQUEST_LINES = [
    b"POST /sms/twilio\x00 HTTP/1.1",
    b"POST /sms/twilio%00 HTTP/1.1",
    b"POST /sms/twilio/%ff HTTP/1.1",
    b"POST /sms/twilio HTTP/9.9",
    b"POST http://sms.example.no/sms/twilio HTTP/1.1",
    b"POST //sms/twilio HTTP/1.1",
    b"POST /sms/../sms/twilio HTTP/1.1",
    b"POST /sms/twilio/status/%00 HTTP/1.1",
    b"POST /sms/twilio/status/" + b"x" * 7_000 + b" HTTP/1.1",
    b"POST /sms/nobody HTTP/1.1",
    b"GET /sms/twilio HTTP/1.1",
    b"\x16\x03\x01\x02\x00\x01\x00",
]


async def test_t08_odd_request_lines_are_4xx_or_cut_off(door):
    for line in REQUEST_LINES:
        status, answer = await raw(door.server, line + b"\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
        assert status is None or 400 <= status < 500, (line, answer)
    assert is_empty(door)


async def test_t08_a_log_line_is_short_and_says_nothing_of_the_message(door, logged):
    long = "Hemmelig" * 5_000
    await door.text(Body="Hemmelig")
    for changes in ({"Body": long, "From": "+47900000999999999"}, {"NumMedia": long}, {long: "+4790000001"}):
        await door.text(**changes)
    await door.post(long.encode(), headers([]) | {"X-Twilio-Signature": "y" * 4_000})
    await door.receipt("Hemmelig", MessageStatus="Hemmelig")
    lines = [json.dumps(event) for event in logged]
    assert len(lines) >= 5
    for line in lines:
        assert len(line.encode()) <= 1024
        assert not re.search("Hemmelig|90000|59440000", line)


async def test_t11_while_the_store_is_away_the_provider_is_told_to_come_again(door):
    door.store.close()
    status, text = await door.text()
    assert (status, text) == (503, "Try again later.\n")
    assert door.events == ["text_not_stored"]


async def test_t11_a_store_that_does_not_answer_in_time_is_503_and_the_repetition_is_the_same_message(
    door, monkeypatch
):
    monkeypatch.setattr("gateway.doors.sms.STORED_WITHIN_S", 0.2)
    held = threading.Event()
    door.store.write(lambda work: held.wait(5))
    assert (await door.text())[0] == 503
    held.set()
    assert await door.text() == TAKEN
    assert (len(texts(door)), len(answers(door))) == (1, 1)


async def claimed(door):
    """A text of ours that a worker has just claimed, and its signed id."""
    await door.text()
    store = door.store
    lease = timedelta(seconds=30)
    found = await store.write_async(lambda work: outbox.claim(work, DICE, {}, lease))
    return found, status_links.sign(store.keys, found.delivery)


def state(door, delivery):
    return next(row.state for row in door.rows(Delivery) if row.id == delivery)


async def test_t12_receipts_in_any_order_and_twice_only_move_forward(either):
    found, signed = await claimed(either)
    sid = f"SM{1:032x}"
    seen = []
    for status in ("queued", "delivered", "sent", "delivered", "sending", "accepted", "failed", "undelivered"):
        assert await either.receipt(signed, MessageStatus=status, MessageSid=sid) == TAKEN
        seen.append(state(either, found.delivery))
    assert seen == ["sent", *["delivered"] * 7]


@pytest.mark.parametrize("status", ["failed", "undelivered"])
async def test_t12_a_failure_without_a_code_has_failed_for_a_reason_that_nobody_told(either, status):
    found, signed = await claimed(either)
    assert await either.receipt(signed, MessageStatus=status, MessageSid=f"SM{1:032x}") == TAKEN
    [row] = [row for row in either.rows(Delivery) if row.id == found.delivery]
    assert (row.state, row.failure) == ("failed", "refused")


async def test_t12_a_receipt_before_our_own_commit_settles_and_the_worker_changes_nothing(either):
    found, signed = await claimed(either)
    sid = f"SM{1:032x}"
    await either.receipt(signed, MessageStatus="delivered", MessageSid=sid)
    settle = Outcome("accepted", provider_id=sid)
    await either.store.write_async(lambda work: settling.settle(work, DICE, found.delivery, found.attempt, settle))
    assert state(either, found.delivery) == "delivered"


async def test_t12_a_receipt_for_an_unknown_message_is_kept_and_joined_later(either):
    found, signed = await claimed(either)
    sid = f"SM{1:032x}"
    not_ours = f"{found.delivery}.{signed.split('.')[1]}.{'0' * 32}"
    for link in ("nobody", found.delivery, not_ours, status_links.sign(either.store.keys, DICE.new_id())):
        assert await either.receipt(link, MessageStatus="delivered", MessageSid=sid) == TAKEN
        assert state(either, found.delivery) == "sending"
    assert len(either.rows(UnknownReceipt)) >= 1
    settle = Outcome("accepted", provider_id=sid)
    await either.store.write_async(lambda work: settling.settle(work, DICE, found.delivery, found.attempt, settle))
    assert (state(either, found.delivery), either.rows(UnknownReceipt)) == ("delivered", [])


async def test_t12_a_receipt_without_the_providers_signature_changes_nothing(door):
    found, signed = await claimed(door)
    before = state(door, found.delivery)
    form, path = changed("receipt", {}), f"{PATH}/status/{signed}"
    for sent in (headers(form), headers(form, HOST + path, TOKEN + "x"), headers([], HOST + path)):
        assert (await door.post(encoded(form), sent, path))[0] == 403
    assert state(door, found.delivery) == before
    assert door.events.count("receipt_forged") == 3


async def test_t12_a_receipt_of_another_shape_is_refused(door):
    for case in payload("receipts_refused"):
        status, _ = await door.receipt("nobody", **case["change"])
        assert status == 422, case_name(case)
    assert door.rows(UnknownReceipt) == []
