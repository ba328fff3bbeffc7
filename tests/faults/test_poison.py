"""A message that kills whoever reads it is parked; one whose turn raises goes to a person; all others go on."""

import secrets
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults.house import DUTY, GRID, House, Process, house, wait_until
from tests.faults.invariants import check_store, copies
from tests.faults.poisoned_serve import KILLS, RAISES

pytestmark = pytest.mark.slow

POISONED = (sys.executable, str(Path(__file__).with_name("poisoned_serve.py")))
SORRY = "Noe gikk galt hos oss."
DEATHS = 2


class Supervisor:
    """Starts `serve` again when it has died, as an operator's would; counts how often that was."""

    def __init__(self, running: House) -> None:
        self.running, self.deaths = running, 0
        self.serving: Process = running.serve(launcher=POISONED)

    def look(self) -> None:
        """Once."""
        if self.serving.has_ended:
            self.deaths += 1
            self.serving = self.running.serve(wait=False, launcher=POISONED)
            self.running.await_ready(self.serving, "/healthz")


def dispositions(running: House) -> dict[str, tuple[str, str | None]]:
    """What became of each phone's one message, and why."""
    query = "SELECT their_address, disposition, reason FROM message WHERE direction = 'in'"
    return {number: (disposition, reason) for number, disposition, reason in running.rows(query)}


def insist(running: House, number: str, words: str) -> None:
    """Deliver one text again and again until it is acknowledged, as an operator may have the carrier do."""
    sid = f"SM{secrets.token_hex(16)}"
    while running.carrier.text(number, GRID, words, sid=sid).status != 200:
        time.sleep(0.1)


@pytest.mark.parametrize(("store", "comes"), [("sqlite", "again and again"), ("postgres", "once, and is fetched then")])
def test_t74_a_message_that_kills_is_parked_after_two_deaths_and_all_others_go_on(tmp_path, store, comes, request):
    settings = {"CASELINE_STORE_URL": request.getfixturevalue("postgres_url")} if store == "postgres" else {}
    poison, words = "+4790000001", f"strømmen er borte {KILLS}"
    others = [f"+4790000{n:03d}" for n in range(100, 120)]
    with house(tmp_path, **settings) as running, ThreadPoolExecutor(len(others) + 1) as phones:
        supervisor = Supervisor(running)
        if comes == "again and again":
            phones.submit(insist, running, poison, words)
        else:
            phones.submit(running.carrier.text, poison, GRID, words)
        for one in others:
            phones.submit(insist, running, one, f"strømmen er borte, {one[-3:]}")

        def all_is_stored() -> bool:
            supervisor.look()
            return len(dispositions(running)) == len(others) + 1

        wait_until(all_is_stored, "all messages are stored", 60, running.last_words)
        running.await_ready(supervisor.serving)
        wait_until(lambda: copies(running, poison), "an answer to the poisonous message")
        running.end_doubts()
        running.await_quiet()

        became = dispositions(running)
        assert became.pop(poison) == ("to_person", "killed_twice")
        assert set(became.values()) == {("turn", None)}
        [(answer, times)] = copies(running, poison).items()
        assert (answer.startswith(SORRY), times) == (True, 1)
        for one in others:
            assert list(copies(running, one).values()) == [1], one
        deaths_of_work = len(running.said("the child that sends has died, and is started again"))
        # Three where it came to both at the same moment; a child that outlives its gateway a little dies unseen.
        assert 1 <= supervisor.deaths + deaths_of_work <= DEATHS + 1

        # The same message once more is the same message, and kills nobody.
        sid = running.one("SELECT provider_id FROM message WHERE reason = 'killed_twice'")
        assert running.carrier.text(poison, GRID, words, sid=sid).status == 200
        assert supervisor.serving.stop() == 0
        check_store(running)


def test_a_turn_that_raises_goes_to_a_person_with_one_sentence_and_danger_is_alerted(tmp_path):
    plain, danger = "+4790000001", "+4790000002"
    with house(tmp_path) as running:
        serving = running.serve(launcher=POISONED)
        assert running.carrier.text(plain, GRID, f"Regningen er feil {RAISES}").status == 200
        assert running.carrier.text(danger, GRID, f"Linja henger lavt over veien {RAISES}").status == 200
        running.carrier.wait_for(to=plain)
        assert running.carrier.text(plain, GRID, "Er det noen der?").status == 200
        running.carrier.wait_for(to=danger)
        [alert] = running.carrier.wait_for(to=DUTY[0])
        time.sleep(0.5)

        [sorry] = [message.body for message in running.carrier.messages(to=plain)]
        assert sorry.startswith(SORRY), "one sentence, and then the person who has it now answers"
        [safety] = [message.body for message in running.carrier.messages(to=danger)]
        assert "Hold minst 20 m" in safety
        assert "Linja henger lavt" in alert.body
        query = "SELECT disposition, reason FROM message WHERE direction = 'in' ORDER BY at, id"
        raised, handed_over = ("to_person", "turn_raised"), ("to_person", "handed_over")
        assert [tuple(row) for row in running.rows(query)] == [raised, raised, handed_over]
        assert running.said("a turn raised")[0]["error"] == "RuntimeError"
        assert RAISES not in running.log()
        assert serving.stop() == 0
        check_store(running)
