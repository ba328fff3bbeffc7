"""The door of every provider: what it posts is one turn, whatever is odd is 4xx, and receipts settle."""

import json
from datetime import timedelta
from io import BytesIO

import pytest

from gateway import status_links
from storage import outbox, settling
from storage.settling import Outcome
from storage.tables import Case, Conversation, Delivery, MessageRow, UnknownReceipt
from tests.channels.providers import KITS
from tests.channels.twilio_posts import OURS, SID
from tests.gateway.doors.raw import RAW, raw
from tests.gateway.doors.text_door import text_door
from tests.storage.case_rows import DICE


@pytest.fixture(params=KITS.values(), ids=list(KITS))
def kit(request):
    return request.param


@pytest.fixture
async def door(sqlite, kit):
    async with text_door(sqlite, kit.name) as door:
        yield door


@pytest.fixture
def taken(kit):
    return 200, kit.provider.answer[1]


def is_empty(door):
    return not any(door.rows(table) for table in (MessageRow, Conversation, Case, Delivery))


def rows(door, direction):
    return [row for row in door.rows(MessageRow) if row.direction == direction and row.conversation]


async def text(door, kit, **changes):
    body, headers = kit.text(**changes)
    return await door.post(body, headers, kit.path)


async def test_t05_the_same_text_is_one_turn_however_often_it_comes(door, kit, taken):
    for _ in range(3):
        assert await text(door, kit) == taken
    assert set(await door.at_once(text(door, kit) for _ in range(10))) == {taken}
    door.pass_time(timedelta(days=30))
    assert await text(door, kit) == taken
    assert (len(rows(door, "in")), len(rows(door, "out")), len(door.rows(Case))) == (1, 1, 1)
    assert [(row.account, row.provider_id) for row in rows(door, "in")] == [(kit.account, SID)]


async def test_t01_without_the_right_proof_nothing_is_kept(door, kit):
    body, headers = kit.text()
    for given in ("", "x", "æøå", "\udcff", headers[kit.proof][:-1]):
        assert (await door.post(body, headers | {kit.proof: given}, kit.path))[0] == 403
    assert (await door.post(body + b" ", headers, kit.path))[0] == 403
    assert (is_empty(door), set(door.events)) == (True, {"text_forged"})


async def test_t07_t10_what_is_odd_is_4xx(door, kit):
    for changes in ({"to": "+4759440001"}, {"to": None}, {"id": None}, {"from": None}, {"text": None}, {"id": ""}):
        assert (await text(door, kit, **changes))[0] == 422, changes
    body = kit.twice(kit.text()[0])
    assert 400 <= (await door.post(body, kit.prove(body, kit.path), kit.path))[0] < 500
    assert is_empty(door)


async def test_t08_what_cannot_be_read_is_4xx(door, kit):
    for body in (*kit.malformed, b"\x00", b"{" * 10_000, b"\xff\xfe", b"x" * 100_000, b"x" * 2_000_000):
        for headers in (kit.prove(body, kit.path) if body.isascii() else {}, kit.text()[1], {}):
            status, answer = await door.post(BytesIO(body), headers, kit.path)
            assert 400 <= status < 500, (body[:30], status)
            assert "Traceback" not in answer
    assert is_empty(door)


async def test_t08_raw_requests_are_4xx_or_cut_off(door, kit):
    for rest, name in RAW:
        status, answer = await raw(door.server, f"POST {kit.path} HTTP/1.1\r\nHost: x\r\n".encode() + rest)
        assert status is None or 400 <= status < 500, (name, answer)
    assert is_empty(door)


async def test_t14_t15_t21_odd_senders_and_texts_are_kept(door, kit, taken):
    odd = [
        {"from": "Posten"},
        {"from": ""},
        {"from": OURS},
        {"text": "a\x00b"},
        {"text": "\udcff"},
        {"text": "x" * 5_000},
    ]
    for number, changes in enumerate(odd):
        assert await text(door, kit, **changes, id=f"SM{number:032x}") == taken
    assert len([row for row in door.rows(MessageRow) if row.direction == "in"]) == len(odd)


async def test_t14_what_no_network_shows_as_a_sender_is_refused(door, kit):
    for nobody in ("+47900000999999999", "a name too long", None):
        assert (await text(door, kit, **{"from": nobody}))[0] == 422, nobody
    assert (is_empty(door), set(door.events)) == (True, {"text_malformed"})


async def test_t11_while_the_store_is_away_it_is_told_to_come_again(door, kit):
    door.store.close()
    assert (await text(door, kit))[0] == 503


async def test_t08_no_log_line_says_anything_of_the_message(door, kit, logged):
    await text(door, kit, text="Hemmelig")
    await text(door, kit, text="Hemmelig", to="+4790000777")
    for line in map(json.dumps, logged):
        assert not any(word in line for word in ("Hemmelig", "90000", "59440000"))
        assert len(line) <= 1024


async def claimed(door, kit):
    await text(door, kit)
    found = await door.store.write_async(lambda work: outbox.claim(work, DICE, {}, timedelta(seconds=30)))
    return found, status_links.sign(door.store.keys, found.delivery)


async def receipt(door, kit, signed, **changes):
    path = f"{kit.path}/status/{signed}"
    body, headers = kit.receipt(path, **changes)
    return await door.post(body, headers, path)


def state(door, delivery):
    return next(row.state for row in door.rows(Delivery) if row.id == delivery)


async def test_t12_receipts_in_any_order_and_twice_only_move_forward(door, kit, taken):
    found, signed = await claimed(door, kit)
    seen = []
    for word in ("queued", "delivered", "sent", "delivered", "accepted", "failed", "undelivered"):
        assert await receipt(door, kit, signed, state=word, id=f"SM{1:032x}") == taken
        seen.append(state(door, found.delivery))
    assert seen == ["sent", *["delivered"] * 6]


async def test_t12_a_receipt_for_an_unknown_text_is_joined_later(door, kit, taken):
    found, _ = await claimed(door, kit)
    sid = f"SM{1:032x}"
    assert await receipt(door, kit, "-", state="delivered", id=sid) == taken
    assert (state(door, found.delivery), len(door.rows(UnknownReceipt))) == ("sending", 1)
    outcome = Outcome("accepted", provider_id=sid)
    await door.store.write_async(lambda work: settling.settle(work, DICE, found.delivery, found.attempt, outcome))
    assert (state(door, found.delivery), door.rows(UnknownReceipt)) == ("delivered", [])


async def test_t12_a_receipt_that_is_forged_or_odd_changes_nothing(door, kit):
    found, signed = await claimed(door, kit)
    path = f"{kit.path}/status/{signed}"
    body, headers = kit.receipt(path)
    assert (await door.post(body, headers | {kit.proof: "x"}, path))[0] == 403
    assert (await receipt(door, kit, signed, state="perhaps"))[0] == 422
    assert (state(door, found.delivery), door.rows(UnknownReceipt)) == ("sending", [])
