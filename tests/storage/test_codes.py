"""One-time codes: drawn once, kept as a keyed MAC, counted before they are compared (TRUST 3, T51, T52, T68)."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from conversations.effects import AcceptCode, SendCode
from conversations.facts import CodeCheck
from conversations.text import Mark
from storage import codes
from storage.codes import Subject, count_try, draw, open_code
from storage.keys import CannotOpen, Key, Keys
from storage.tables import (
    Address,
    AddressHolder,
    Audit,
    CaseParty,
    Challenge,
    CodeSent,
    Contact,
    Delivery,
    MessageRow,
    WrongTry,
)
from storage.work import Again, Store
from tests.storage.turn_rows import EVA, KEYS, NOON, opened_grid

TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture
def grid(store_place):
    with opened_grid(store_place) as grid:
        yield grid


def challenged(grid, digits=6, about=None):
    """A challenge that awaits its code; its id, the code, and who is asked."""
    grid.do()
    address = grid.row(Address)
    subject = Subject("nordlys", "grid", address.id, EVA)
    wanted = send_code(grid, digits=digits, about=about)
    code = grid.write(lambda work: draw(work, grid.dice, subject, wanted))
    return wanted.challenge, code, subject


def send_code(grid, challenge=None, digits=6, about=None, again=False):
    challenge = challenge or grid.dice.new_id()
    words = ("Koden din er ", Mark("code", challenge), ".")
    expires = grid.clock.now + TEN_MINUTES
    return SendCode(grid.dice.new_id(), challenge, "prove_address", words, digits, expires, again, about)


def tried(grid, challenge, code):
    return grid.write(lambda work: count_try(work, grid.dice, challenge, code))


def wrong(code):
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}}"


@pytest.mark.parametrize("digits", [6, 8])
def test_the_right_code_is_right(grid, digits):
    challenge, code, _ = challenged(grid, digits)
    assert re.fullmatch(rf"[0-9]{{{digits}}}", code)
    assert tried(grid, challenge, code) == CodeCheck("right", 4)
    assert grid.rows(WrongTry) == []


def test_a_wrong_code_is_counted_and_told_what_is_left(grid):
    challenge, code, subject = challenged(grid)
    assert [tried(grid, challenge, wrong(code)).tries_left for _ in range(6)] == [4, 3, 2, 1, 0, 0]
    assert {row.subject for row in grid.rows(WrongTry)} == {subject.address}
    assert len(grid.rows(WrongTry)) == 5
    assert tried(grid, challenge, code) == CodeCheck("wrong", 0)


def test_a_further_code_does_not_reset_the_tries(grid):
    challenge, code, subject = challenged(grid)
    for _ in range(4):
        tried(grid, challenge, wrong(code))
    again = send_code(grid, challenge, again=True)
    newest = grid.write(lambda work: draw(work, grid.dice, subject, again))
    assert tried(grid, challenge, wrong(newest)).tries_left == 0
    assert tried(grid, challenge, newest) == CodeCheck("wrong", 0)


def test_the_last_two_codes_are_good_and_no_older_one(grid):
    challenge, first, subject = challenged(grid, digits=8)
    later = [
        grid.write(lambda work: draw(work, grid.dice, subject, send_code(grid, challenge, 8, again=True)))
        for _ in range(2)
    ]
    assert tried(grid, challenge, first).outcome == "wrong"
    assert tried(grid, challenge, later[0]).outcome == "right"
    assert tried(grid, challenge, later[1]).outcome == "right"
    assert grid.row(Challenge).sent == 3
    assert len(grid.rows(CodeSent, challenge=challenge)) == 3


def test_the_first_right_code_uses_the_challenge_up(grid):
    challenge, code, _ = challenged(grid)
    assert tried(grid, challenge, code).outcome == "right"
    grid.write(lambda work: codes.use_up(work, challenge))
    assert tried(grid, challenge, code) == CodeCheck("expired")
    with pytest.raises(Again):
        grid.write(lambda work: codes.use_up(work, challenge))
    row = grid.row(Challenge)
    assert (row.mac, row.previous_mac, row.used_at) == (None, None, NOON)


def test_a_code_expires(grid):
    challenge, code, _ = challenged(grid)
    grid.clock.pass_time(minutes=10)
    assert tried(grid, challenge, code) == CodeCheck("expired")
    grid.clock.pass_time(hours=-1)
    assert tried(grid, challenge, code) == CodeCheck("expired"), "a clock set back revives no code (T26)"


def test_an_earlier_code_does_not_live_longer_for_a_later_one(grid):
    challenge, first, subject = challenged(grid, digits=8)
    grid.clock.pass_time(minutes=5)
    grid.write(lambda work: draw(work, grid.dice, subject, send_code(grid, challenge, 8, again=True)))
    grid.clock.pass_time(minutes=5)
    assert tried(grid, challenge, first).outcome == "wrong"


def test_a_challenge_that_was_ended_is_over(grid):
    challenge, code, subject = challenged(grid)
    grid.write(lambda work: codes.end(work, challenge))
    assert tried(grid, challenge, code) == CodeCheck("expired")
    with pytest.raises(Again):
        grid.write(lambda work: draw(work, grid.dice, subject, send_code(grid, challenge, again=True)))


def test_a_challenge_that_is_not_there_is_over(grid):
    assert tried(grid, "none", "123456") == CodeCheck("expired")


def test_nobody_guesses_more_than_ten_times_a_day(grid):
    for _ in range(2):
        challenge, code, _ = challenged(grid)
        for _ in range(5):
            tried(grid, challenge, wrong(code))
    challenge, code, _ = challenged(grid)
    assert tried(grid, challenge, code) == CodeCheck("wrong", 0)
    assert grid.row(Challenge, id=challenge).tries == 0
    grid.clock.pass_time(hours=24, seconds=1)
    challenge, code, _ = challenged(grid)
    assert tried(grid, challenge, code).outcome == "right"


@pytest.mark.parametrize("column", ["purpose", "subject", "destination", "about"])
def test_a_code_is_good_for_what_it_was_drawn_for_alone(grid, column):
    challenge, code, _ = challenged(grid)
    grid.do(their="+4790067890")
    other = grid.row(Address, value="+4790067890").id if column == "subject" else "other"
    grid.write(lambda work: work.cursor.execute(f"UPDATE challenge SET {column} = '{other}'"))
    assert tried(grid, challenge, code).outcome == "wrong"


def test_a_code_of_an_older_key_is_good_while_that_key_is_there(grid):
    challenge, code, _ = challenged(grid)
    newer = Key("k2", b"n" * 32)
    for keys, outcome in (([newer], "wrong"), ([newer, Key("k1", b"k" * 32)], "right")):
        store = Store(grid.store.url, Keys(keys), grid.clock)
        check = store.write(lambda work: count_try(work, grid.dice, challenge, code)).result(20)
        store.close()
        assert check.outcome == outcome


def test_a_further_code_under_a_newer_key_ends_the_earlier(grid):
    challenge, first, subject = challenged(grid, digits=8)
    again = send_code(grid, challenge, 8, again=True)
    store = Store(grid.store.url, Keys([Key("k2", b"n" * 32), Key("k1", b"k" * 32)]), grid.clock)
    second = store.write(lambda work: draw(work, grid.dice, subject, again)).result(20)

    def both(work):
        return [count_try(work, grid.dice, challenge, code).outcome for code in (first, second)]

    check = store.write(both).result(20)
    store.close()
    assert check == ["wrong", "right"]


@pytest.mark.parametrize("stores", [1, 4], ids=["one process", "four processes"])
def test_of_fifty_guesses_at_once_five_are_compared_and_one_wins_at_most(grid, stores):
    challenge, code, _ = challenged(grid)
    several = [Store(grid.store.url, KEYS, grid.clock) for _ in range(stores)]
    start, wins = threading.Barrier(50), []

    def use(work):
        check = count_try(work, grid.dice, challenge, code)
        if check.outcome == "right":
            codes.use_up(work, challenge)
        return check

    def guess(n):
        store = several[n % stores]
        start.wait(20)
        job = use if n % 10 == 0 else lambda work: count_try(work, grid.dice, challenge, wrong(code))
        return store.write(job).result(60)

    with ThreadPoolExecutor(50) as pool:
        checks = list(pool.map(guess, range(50)))
    for store in several:
        store.close()
    wins = [check for check in checks if check.outcome == "right"]
    assert len(wins) <= 1
    counted = grid.row(Challenge).tries
    assert counted == len(grid.rows(WrongTry)) + len(wins)
    assert counted == 5 or wins


def test_of_fifty_wrong_guesses_at_once_exactly_five_are_compared(grid):
    challenge, code, _ = challenged(grid)
    start = threading.Barrier(50)

    def guess(n):
        start.wait(20)
        return grid.write(lambda work: count_try(work, grid.dice, challenge, wrong(code)))

    with ThreadPoolExecutor(50) as pool:
        checks = list(pool.map(guess, range(50)))
    assert sorted(check.tries_left for check in checks)[-5:] == [0, 1, 2, 3, 4]
    assert len(grid.rows(WrongTry)) == grid.row(Challenge).tries == 5


def test_a_code_goes_out_sealed_and_stands_nowhere_in_the_database(grid):
    wanted = send_code(grid)
    grid.do(wanted)
    delivery = grid.row(Delivery)
    code = open_code(KEYS, delivery.id, delivery.sealed)
    assert re.fullmatch("[0-9]{6}", code)
    with pytest.raises(CannotOpen):
        open_code(KEYS, "another delivery", delivery.sealed)
    assert (delivery.delivery_class, delivery.last_moment, delivery.about) == (1, wanted.expires_at, wanted.challenge)
    assert grid.row(MessageRow).text == "Koden din er ••••••."
    assert tried(grid, wanted.challenge, code).outcome == "right"
    assert code not in everything(grid)
    assert grid.row(Challenge).mac in everything(grid)


def everything(grid):
    """All values of all tables, as text."""
    with grid.store.read() as session:
        tables = [name for (name,) in session.execute(text(NAMES[grid.store.dialect]))]
        return "\n".join(str(tuple(row)) for name in tables for row in session.execute(text(f"SELECT * FROM {name}")))


NAMES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}


def test_an_accepted_code_makes_the_contact_hold_the_address(grid):
    wanted = send_code(grid)
    grid.do(wanted)
    until = NOON + timedelta(days=90)
    grid.do(AcceptCode(wanted.challenge, "c" * 36, until))
    holder = grid.row(AddressHolder)
    assert (holder.contact, holder.epoch, holder.challenge) == ("c" * 36, 1, wanted.challenge)
    assert (holder.proved_at, holder.trusted_until) == (NOON, until)
    assert grid.row(Contact).id == "c" * 36
    note = grid.row(Audit, act="code_accepted")
    assert (note.about, note.evidence, note.actor_kind) == (wanted.challenge, "fresh_code", "customer")
    assert grid.rows(CaseParty) == []
