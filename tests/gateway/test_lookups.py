"""What the provider did not tell is asked for; with a provider that lists what it is told to list."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from channels.contract import CannotList, Failure, Inbound, Listed, ListTooLong, Sender, SendError
from conversations.effects import DeliveryClass
from conversations.text import Mark
from gateway.clock import system_clock
from gateway.jobs import lookups as module
from gateway.jobs.intake import NotOurs
from gateway.jobs.lookups import Fetch, Lookups, find_doubtful, find_unheard
from storage import tables
from storage.parts import freeze_parts
from storage.settling import Outcome, take_receipt
from tests.storage.outbox_rows import EVA, GRID, NOON, OLA, Outbox, opened_outbox

DANGER, CODE, ANSWER, COMMENT, REMINDER = DeliveryClass


class Provider:
    """Lists; raises what it is told to raise where it is asked for more than it likes."""

    def __init__(self) -> None:
        self.sent: dict[str, list[Listed]] = {}
        self.received: list[Inbound] = []
        self.asked: list[Any] = []
        self.error: Exception | None = None
        self.longest = timedelta(days=365)

    def list_sent(self, recipient, since):
        self.asked.append((recipient, since))
        if self.error:
            raise self.error
        return self.sent.get(recipient, [])

    def list_received(self, since):
        self.asked.append(since)
        if self.error or system_clock() - since > self.longest:
            raise self.error or ListTooLong
        return self.received


class Bench:
    def __init__(self, outbox: Outbox) -> None:
        self.outbox, self.provider = outbox, Provider()
        self.rung: list[int] = []
        self.lookups = Lookups(
            outbox.store, outbox.dice, {}, {"AC1": cast("Sender", self.provider)}, lambda: self.rung.append(1)
        )
        self.sender = outbox.add_sender()

    def doubt(self, to=EVA, delivery_class=ANSWER, text="Takk.", **more) -> str:
        delivery = self.outbox.put(self.sender, to, delivery_class, text, **more)
        if delivery_class == CODE:
            self.outbox.change(tables.Delivery, delivery, sealed=self.outbox.store.keys.seal("481206", delivery))
        self.outbox.settle(self.outbox.claim_one(), "doubtful")
        return delivery

    def list(self, to, provider_id, text="Takk.", state="sent") -> None:
        row = Listed(provider_id, GRID, to, text, state, system_clock())
        self.provider.sent.setdefault(to, []).insert(0, row)


@pytest.fixture
def bench(sqlite) -> Iterator[Bench]:
    with opened_outbox(sqlite) as outbox:
        yield Bench(outbox)


def test_doubtful_texts_are_looked_for_once_for_each_recipient(bench):
    first, other = bench.doubt(EVA), bench.doubt(OLA)
    bench.list(EVA, "SM1")
    find_doubtful(bench.lookups)
    assert bench.provider.asked == []
    bench.outbox.pass_time(60)
    find_doubtful(bench.lookups)
    assert sorted(recipient for recipient, _ in bench.provider.asked) == [EVA, OLA]
    assert (bench.outbox.state(first), bench.outbox.state(other), bench.rung) == ("sent", "due", [1])


def test_where_nothing_is_doubtful_nothing_is_written(bench, monkeypatch):
    monkeypatch.setattr(bench.outbox.store, "write", None)
    find_doubtful(bench.lookups)


def test_the_list_is_asked_for_by_the_hosts_clock(bench):
    bench.doubt()
    bench.outbox.pass_time(60)
    find_doubtful(bench.lookups)
    [(_, since)] = bench.provider.asked
    assert timedelta(seconds=170) < system_clock() - since < timedelta(seconds=190)


def test_a_code_is_looked_for_as_it_was_sent(bench):
    code = bench.doubt(EVA, CODE, "••••••", parts=freeze_parts(("Koden er ", Mark("code", "c"))))
    bench.list(EVA, "SM1", "Koden er 481206")
    bench.outbox.pass_time(60)
    find_doubtful(bench.lookups)
    assert bench.outbox.state(code) == "sent"


def test_without_a_list_nothing_is_sent_again(bench):
    answer, code = bench.doubt(EVA), bench.doubt(OLA, CODE, parts='["x"]')
    bench.provider.error = SendError(Failure.UNREACHABLE)
    bench.outbox.pass_time(60)
    find_doubtful(bench.lookups)
    assert (bench.outbox.state(answer), bench.outbox.state(code)) == ("unknown", "failed")


def test_an_adapter_that_breaks_its_contract_is_asked_again_and_keeps_no_other_from_being_looked_for(bench):
    class Broken(Provider):
        def list_sent(self, recipient, since):
            if recipient == EVA:
                raise ValueError
            return super().list_sent(recipient, since)

    first, other = bench.doubt(EVA), bench.doubt(OLA)
    lookups = replace(bench.lookups, senders=cast("dict[str, Sender]", {"AC1": Broken()}))
    bench.outbox.pass_time(60)
    find_doubtful(lookups)
    find_doubtful(lookups)
    assert (bench.outbox.state(first), bench.outbox.state(other)) == ("unknown", "due")


def test_a_failure_in_the_list_is_a_failure(bench):
    delivery = bench.doubt()
    bench.list(EVA, "SM1", state="failed")
    bench.outbox.pass_time(60)
    find_doubtful(bench.lookups)
    assert bench.outbox.state(delivery) == "failed"


def test_what_was_sent_and_never_reported_is_asked_for(bench, monkeypatch):
    monkeypatch.setattr(module, "first_id_of", lambda _moment: "")
    delivery = bench.outbox.put(bench.sender)
    bench.outbox.settle(bench.outbox.claim_one(), provider_id="SM1")
    bench.list(EVA, "SM1", state="delivered")
    bench.outbox.pass_time(601)
    find_unheard(bench.lookups)
    find_unheard(bench.lookups)
    assert (bench.outbox.state(delivery), len(bench.provider.asked)) == ("delivered", 1)


def test_where_there_is_no_list_a_text_waits_for_its_receipt_and_a_code_has_failed(bench):
    danger, answer, code = bench.doubt(EVA, DANGER), bench.doubt(OLA), bench.doubt(OLA, CODE, parts='["x"]')
    bench.provider.error = CannotList()
    for _ in range(3):
        bench.outbox.pass_time(61)
        find_doubtful(bench.lookups)
    assert [bench.outbox.state(one) for one in (danger, answer, code)] == ["unknown", "unknown", "failed"]
    receive(bench, answer, "delivered")
    assert bench.outbox.state(answer) == "delivered"


def receive(bench, delivery, kind, **more):
    outcome = Outcome(kind, "x1", **more)
    bench.outbox.write(lambda work: take_receipt(work, bench.outbox.dice, delivery, outcome))


@pytest.mark.parametrize(
    ("kind", "state", "failure"),
    [("accepted", "sent", None), ("delivered", "delivered", None), ("refused", "failed", "landline")],
)
def test_without_a_list_and_a_receipt_a_text_has_failed_until_one_comes_after_all(bench, kind, state, failure):
    delivery, next_one = bench.doubt(), bench.outbox.put(bench.sender)
    bench.provider.error = CannotList()
    for _ in range(9):
        bench.outbox.pass_time(61)
        find_doubtful(bench.lookups)
    assert (bench.outbox.state(delivery), bench.outbox.claim()) == ("unknown", None)
    bench.outbox.pass_time(61)
    find_doubtful(bench.lookups)
    row = bench.outbox.delivery(delivery)
    assert (row.state, row.failure) == ("failed", "no_receipt")
    assert bench.outbox.claim_one().delivery == next_one
    receive(bench, delivery, kind, failure=failure)
    row = bench.outbox.delivery(delivery)
    assert (row.state, row.failure) == (state, failure)


def test_what_was_never_reported_is_asked_for_once_where_there_is_no_list(bench, monkeypatch):
    monkeypatch.setattr(module, "first_id_of", lambda _moment: "")
    delivery = bench.outbox.put(bench.sender)
    bench.outbox.settle(bench.outbox.claim_one(), provider_id="x1")
    bench.provider.error = CannotList()
    bench.outbox.pass_time(601)
    find_unheard(bench.lookups)
    find_unheard(bench.lookups)
    assert (bench.outbox.state(delivery), len(bench.provider.asked)) == ("sent", 1)


def test_an_account_without_a_list_or_one_that_fails_keeps_no_other_from_its_fetch(bench, taken):
    class Other(Provider):
        def __init__(self, error):
            super().__init__()
            self.error = error

    errors = CannotList(), SendError(Failure.UNREACHABLE), ValueError()
    others = {"A": Other(errors[0]), "B": Other(errors[1]), "C": Other(errors[2]), "AC1": bench.provider}
    bench.provider.received = [inbound(1)]
    lookups = replace(bench.lookups, senders=cast("dict[str, Sender]", others))
    with capture_logs() as lines:
        Fetch(lookups)()
    assert taken == ["tekst 1"]
    assert [line.get("account") for line in lines if line["log_level"] == "error"] == ["B", "C"]


def inbound(number: int, minutes_ago: int = 0) -> Inbound:
    sent_at = NOON - timedelta(minutes=minutes_ago)
    return Inbound("sms", "AC1", f"SM{number}", EVA, GRID, f"tekst {number}", 1, 0, "", sent_at)


@pytest.fixture
def taken(monkeypatch):
    """What was taken in, by its words."""
    found = []

    def receive(_store, _fronts, one, _dice, _ring):
        if one.text == "tekst 99":
            raise NotOurs
        found.append(one.text)

    monkeypatch.setattr(module, "receive", receive)
    return found


def test_what_is_missing_is_taken_in_the_oldest_first_and_what_is_there_left_alone(bench, taken):
    known = tables.MessageRow(
        id="m" * 36,
        tenant="nordlys",
        direction="in",
        channel="sms",
        account="AC1",
        provider_id="SM2",
        their_address=EVA,
        text="x",
        at=NOON,
    )
    bench.outbox.add([known])
    bench.provider.received = [inbound(3), inbound(2, 1), inbound(99, 1), inbound(1, 2)]
    with capture_logs() as lines:
        Fetch(bench.lookups)()
    assert taken == ["tekst 1", "tekst 3"]
    assert [line["event"] for line in lines] == [
        "a fetched message is for no number of ours",
        "messages were fetched that had not come by themselves",
    ]


def test_it_looks_back_a_day_at_first_or_as_far_as_the_provider_lists_and_then_to_the_last_time(bench, taken):
    bench.provider.longest = timedelta(hours=3)
    fetch = Fetch(bench.lookups)
    fetch()
    fetch()
    backs = [system_clock() - since for since in bench.provider.asked]
    wanted = [timedelta(days=1), timedelta(hours=2), timedelta(minutes=10)]
    assert [abs(back - want) < timedelta(seconds=5) for back, want in zip(backs, wanted, strict=True)] == [True] * 3


def test_where_the_list_has_become_too_long_it_looks_less_far_back_and_says_what_is_left_out(bench, taken):
    fetch = Fetch(bench.lookups)
    fetch()
    bench.provider.longest, bench.provider.received = timedelta(minutes=6), [inbound(1)]
    with capture_logs() as lines:
        fetch()
    assert taken == ["tekst 1"]
    [gap] = [line for line in lines if line["log_level"] == "error"]
    left_out = datetime.fromisoformat(gap["until"]) - datetime.fromisoformat(gap["since"])
    assert abs(left_out - timedelta(minutes=5)) < timedelta(seconds=5)
    bench.provider.longest = timedelta(minutes=11)
    with capture_logs() as lines:
        fetch()
    assert "error" not in [line["log_level"] for line in lines]


def test_where_even_a_minute_is_too_long_the_time_is_not_given_up(bench, taken):
    bench.provider.longest = timedelta(0)
    fetch = Fetch(bench.lookups)
    fetch()
    bench.provider.longest = timedelta(days=365)
    fetch()
    assert system_clock() - bench.provider.asked[-1] > timedelta(hours=23)


def test_a_fetch_that_failed_looks_as_far_back_the_next_time(bench, taken):
    bench.provider.error = SendError(Failure.UNREACHABLE)
    fetch = Fetch(bench.lookups)
    fetch()
    bench.provider.error = None
    bench.provider.asked.clear()
    fetch()
    assert system_clock() - bench.provider.asked[0] > timedelta(hours=23)
