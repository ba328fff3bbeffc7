"""`serve` and `work` are killed at random, and customers never notice more than a wait."""

import os
import random
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final

import pytest

from gateway.jobs.queues import THREADS, URGENT
from gateway.simulator.carrier import Trouble
from tests.faults.house import DUTY, GRID, House, Process, house, wait_until
from tests.faults.invariants import check_store, copies, texts_in

pytestmark = pytest.mark.slow

KILLS: Final = 10
KILLS_OF_SERVE: Final = 4
TALKERS: Final = 20
REPORTERS: Final = 6
CROWD: Final = 18
# A text that is fetched bears whole seconds, so nobody answers within the second in which he was asked.
THINKS_S: Final = (1.1, 1.8)
BEGIN_WITHIN_S: Final = 8.0
NEXT_KILL_WITHIN_S: Final = 3.0
ANSWERED_AFTER_S: Final = 0.2


@dataclass
class Customer(threading.Thread):
    """Somebody with a phone, who reads each answer before he writes again. `place` is said by nobody else."""

    house: House
    number: str
    place: str
    dice: random.Random
    begins_after_s: float
    is_in_danger: bool = False
    said: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    problem: BaseException | None = None

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        """The whole talk."""
        try:
            time.sleep(self.begins_after_s)
            if self.is_in_danger:
                self._say(f"Linja henger lavt over {self.place} 12, barn går her", "Hold minst 20 m")
            else:
                self._report_an_outage()
        except BaseException as problem:
            self.problem = problem

    def _report_an_outage(self) -> None:
        self._say(f"strømmen er borte i {self.place} 4, 6700 Måløy", f"{self.place} 4, 6700 Måløy. Er det riktig?")
        self._say("1", "Hvem er uten strøm?")
        self._say("2", f"{self.place} 4, 6700 Måløy, Naboene også. Svar SEND")
        self._say("send", "Sak IN-")
        told = self._say("kode", "")
        if code := re.match(r"(\d{6}) er koden", told):
            self._say(code[1], "bekreftet")

    def _say(self, words: str, expected: str) -> str:
        """Send a text, and wait for what is answered."""
        self.said.append(words)
        posted = self.house.carrier.text(self.number, GRID, words)
        if posted.status == 200:
            self.acknowledged.append(posted.sid)
        wait_until(lambda: len(self._received()) > len(self.heard), f"an answer to {words!r} for {self.number}", 90)
        self.heard = self._received()
        assert expected in self.heard[-1], (words, self.heard)
        time.sleep(self.dice.uniform(*THINKS_S))
        return self.heard[-1]

    def _received(self) -> list[str]:
        """Each text once: whether one came twice is asked at the end."""
        return list(dict.fromkeys(message.body for message in self.house.carrier.messages(to=self.number)))


class Crowd:
    """People who text once, many at the same moment: when `serve` is killed, some of their texts are in hand."""

    def __init__(self, running: House, dice: random.Random) -> None:
        self._running, self._dice = running, dice
        self._phones = ThreadPoolExecutor(CROWD)
        self.said: dict[str, str] = {}
        self.acknowledged: list[str] = []

    def shout(self) -> None:
        """A crowd more, each from a phone and of a place of his own; back when they are about to be answered."""
        for _ in range(CROWD):
            number = f"+4795{len(self.said):06d}"
            self.said[number] = f"strømmen er borte i Havnegata {len(self.said) + 1}, 6700 Måløy"
            self._phones.submit(self._text, number)
        time.sleep(self._dice.uniform(0.01, 0.15))

    def close(self) -> None:
        """Until all have been answered, or have given up."""
        self._phones.shutdown()

    def _text(self, number: str) -> None:
        posted = self._running.carrier.text(number, GRID, self.said[number])
        if posted.status == 200:
            self.acknowledged.append(posted.sid)


def customers(running: House, dice: random.Random) -> list[Customer]:
    """People who talk, and people who report a danger, at places that nobody else names."""
    syllables = [consonant + vowel for consonant in "dfgkprtv" for vowel in "aiou"]
    places = {f"{''.join(dice.choices(syllables, k=3)).title()}veien" for _ in range(4 * (TALKERS + REPORTERS))}
    named = dice.sample(sorted(places), TALKERS + REPORTERS)
    return [
        Customer(running, f"+4790{n:06d}", place, dice, dice.uniform(0, BEGIN_WITHIN_S), n >= TALKERS)
        for n, place in enumerate(named)
    ]


def kill_at_random(
    running: House, serving: Process, people: list[Customer], crowd: Crowd, dice: random.Random
) -> Process:
    """Kill one or the other whenever so many texts more were acknowledged; `serve` is started again at once."""
    victims = ["serve"] * KILLS_OF_SERVE + ["work"] * (KILLS - KILLS_OF_SERVE)
    dice.shuffle(victims)
    all_texts = TALKERS * 6 + REPORTERS
    for at, victim in zip(sorted(dice.sample(range(1, all_texts - 20), KILLS)), victims, strict=True):
        until = time.monotonic() + NEXT_KILL_WITHIN_S
        while sum(len(one.acknowledged) for one in people) < at and time.monotonic() < until:
            time.sleep(0.005)
        if victim == "work":
            serving.child()
            serving.kill_child()
            continue
        crowd.shout()
        serving.kill()
        # Now, before anything is fetched that might have been lost.
        assert acknowledged(people, crowd) <= stored(running)
        serving = running.serve(wait=False)
        running.await_ready(serving, "/healthz")
    return serving


@pytest.mark.timeout(300)
def test_ten_kills_lose_nothing_and_double_nothing(tmp_path):
    seed = int(os.environ.get("FAULT_SEED") or random.randrange(2**32))
    print(f"FAULT_SEED={seed}")
    dice = random.Random(seed)
    with house(tmp_path) as running, closing(Crowd(running, dice)) as crowd:
        people = customers(running, dice)
        # Long between taking and answering, so that kills fall there; and where no receipt settles what went,
        # the provider's list alone can tell.
        running.carrier.make_trouble(Trouble(slow_s=ANSWERED_AFTER_S, receipts=()))
        for one in people[::2]:
            running.carrier.make_trouble(Trouble(slow_s=ANSWERED_AFTER_S), one.number)
        serving = running.serve()
        for one in people:
            one.start()
        serving = kill_at_random(running, serving, people, crowd, dice)
        running.await_ready(serving)
        running.end_doubts()
        for one in people:
            one.join(60)
            assert not one.is_alive()
        running.await_quiet()
        assert [repr(one.problem) for one in people if one.problem] == []
        assert serving.stop() == 0

        check_store(running)
        check_messages(running, people, crowd)
        check_replies(running, people, crowd)


def stored(running: House) -> set[str]:
    """The provider's ids of what came in."""
    return {sid for (sid,) in running.rows("SELECT provider_id FROM message WHERE direction = 'in'")}


def acknowledged(people: list[Customer], crowd: Crowd) -> set[str]:
    """The ids of what was answered 2xx so far."""
    return {*crowd.acknowledged, *(sid for one in people for sid in list(one.acknowledged))}


def check_messages(running: House, people: list[Customer], crowd: Crowd) -> None:
    """What was acknowledged stands, once, as it was said and in its order. What was not, was fetched."""
    count = running.one("SELECT count(*) FROM message WHERE direction = 'in'")
    assert count == len(stored(running)) == sum(len(one.said) for one in people) + len(crowd.said)
    assert acknowledged(people, crowd) <= stored(running)
    for one in people:
        assert texts_in(running, one.number) == [re.sub(r"^\d{6}$", "******", words) for words in one.said]
    for number, words in crowd.said.items():
        assert texts_in(running, number) == [words]
    taken = dict(running.rows("SELECT disposition, count(*) FROM message WHERE direction = 'in' GROUP BY disposition"))
    assert set(taken) == {"turn"}, taken


def check_replies(running: House, people: list[Customer], crowd: Crowd) -> None:
    """Each answer reached the carrier once; but danger may have gone twice where a kill fell upon it."""
    for one in people:
        if not one.is_in_danger:
            assert set(copies(running, one.number).values()) == {1}, one.heard
            assert len(one.heard) == len(one.said)
    for number, words in crowd.said.items():
        [(answer, times)] = copies(running, number).items()
        assert answer.startswith(words.partition(" i ")[2])
        assert times == 1, answer
    alerts = copies(running, DUTY[0])
    safety = [copies(running, one.number) for one in people if one.is_in_danger]
    for one in people:
        if one.is_in_danger:
            assert sum(one.place in alert for alert in alerts) == 1, "one alert for each danger"
    assert not running.carrier.messages(to=DUTY[1]), "nothing escalated"
    extra = sum(count - 1 for sent in (alerts, *safety) for count in sent.values())
    assert extra <= KILLS * THREADS[URGENT], "more copies than there are urgent threads to be killed"
    assert len(running.rows("SELECT id FROM cases")) == len(people)
