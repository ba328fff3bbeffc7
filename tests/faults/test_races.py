"""The same message many times at once, and many messages of one sender at once, over HTTP at real processes."""

import random
import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from channels.contract import Inbound
from storage.migrate import migrate
from tests.faults.house import GRID, House, Process, house, wait_until
from tests.faults.invariants import check_copies, check_store, copies, end_state, texts_in, texts_out
from tests.stored_stage import ACCOUNT, stored_stage

pytestmark = pytest.mark.slow

PHONE = "+4790000001"
COPIES = 40
# Texts whose turns depend on one another: forms begun, left and gone on with, corrections, digressions.
TWENTY = (
    *("strømmen er borte", "Storgata 4, 6700 Måløy", "hele gata er mørk", "nei, Havnegata 9, 6700 Måløy", "hjelp"),
    *("status", "tilbake", "Regningen min er feil", "det gjelder mai", "rett", "dropp", "Jeg trenger strøm til hytta"),
    *("Raudebergsvegen 12, 6710 Raudeberg", "82/14", "Eva Hagen", "hopp over", "send", "english", "norsk", "meny"),
)


def test_t05_forty_copies_at_once_are_one_turn_and_so_they_are_after_a_restart(tmp_path):
    sid = f"SM{secrets.token_hex(16)}"
    words = "strømmen er borte i Storgata 4, 6700 Måløy"
    with house(tmp_path) as running, ThreadPoolExecutor(COPIES) as phones:
        serving = running.serve()

        def deliver(times: int) -> None:
            answers = list(phones.map(lambda _: running.post(PHONE, words, sid), range(times)))
            assert answers == [(200, "<Response/>")] * times

        deliver(COPIES)
        running.carrier.wait_for(to=PHONE)
        deliver(5)
        assert serving.stop() == 0
        serving = running.serve()
        deliver(5)
        running.await_quiet()
        assert serving.stop() == 0
        assert texts_in(running, PHONE) == [words]
        assert list(copies(running, PHONE).values()) == [1]
        check_store(running)
        check_copies(running)


def test_t25_twenty_messages_of_one_sender_from_eight_threads_end_as_one_after_the_other(tmp_path):
    # Nobody sends, so no answer is claimed and none is asked for: what a text means depends on the order alone.
    nobody = f"unix://{tmp_path}/nobody"
    with house(tmp_path, CASELINE_REDIS_URL=nobody) as running, ThreadPoolExecutor(8) as phones:
        serving = running.serve(wait=False)
        running.await_ready(serving, "/healthz")
        said = random.sample(TWENTY, len(TWENTY))
        answers = list(phones.map(lambda words: running.post(PHONE, words), said))
        assert {status for status, _ in answers} == {200}
        assert serving.stop() == 0
        in_order = texts_in(running, PHONE)
        assert sorted(in_order) == sorted(said)

    url = f"sqlite:///{tmp_path}/serial.db"
    migrate(url)
    with stored_stage(url) as stage:
        for number, words in enumerate(in_order):
            stage.receive(Inbound("sms", ACCOUNT, f"SM{number:032x}", PHONE, GRID, words, 1, 0))
    assert texts_out(running.store_url, PHONE) == texts_out(url, PHONE)
    assert end_state(running.store_url, PHONE) == end_state(url, PHONE)


def test_two_gateways_and_two_workers_on_one_store_double_nothing(tmp_path, postgres_url, redis_url):
    settings = {"CASELINE_STORE_URL": postgres_url, "CASELINE_REDIS_URL": redis_url}
    with house(tmp_path, **settings) as running, ThreadPoolExecutor(16) as phones:
        doors = [running.serve(wait=False), running.serve(wait=False, port=running.other_port)]
        for door in doors:
            running.await_ready(door, "/healthz")
        workers = [running.start("work"), running.start("work")]
        for door in doors:
            running.await_ready(door)
        said = race(running, doors, phones)
        wait_until(lambda: len(running.said("at work")) == 2, "both work")
        running.await_quiet()

        for number, texts in said.items():
            assert sorted(texts_in(running, number)) == sorted(texts)
            assert sum(copies(running, number).values()) <= len(texts)
        assert not running.said("a turn raised")
        check_store(running)
        check_copies(running)
        assert [process.stop() for process in (*doors, *workers)] == [0] * 4


def race(running: House, doors: list[Process], phones: ThreadPoolExecutor) -> dict[str, list[str]]:
    """Ten phones with four texts each, and every text six times, at both doors, in any order; what was said."""
    said: dict[str, list[str]] = {}
    for n in range(10):
        number = f"+4790000{n:03d}"
        said[number] = random.sample(TWENTY, 4)
        named = [(words, f"SM{secrets.token_hex(16)}") for words in said[number]]
        posts = [(words, sid, doors[copy % 2]) for words, sid in named for copy in range(6)]
        random.shuffle(posts)
        answers = phones.map(lambda post, to=number: running.post(to, post[0], post[1], to=post[2])[0], posts)
        assert set(answers) == {200}
    return said
