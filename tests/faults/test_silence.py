"""T66 and T67: after a run of everything, good and bad, no log, answer or broker has a word of what was said."""

import json
import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import redis

from gateway.simulator.carrier import Trouble
from tests.faults.house import DUTY, GRID, House, get, house, wait_until
from tests.faults.poisoned_serve import RAISES
from tests.faults.silence import betrayals, without_names

pytestmark = pytest.mark.slow

POISONED = (sys.executable, str(Path(__file__).with_name("poisoned_serve.py")))
EVA, OLA, LARS = "+4791234567", "+4792345678", "+46701234567"
COMMENT = "Kvalshaugen sjekkes av montør Brattbakk"


class Run:
    """People who say things, and what our doors answered them."""

    def __init__(self, running: House, token: str) -> None:
        self.running, self.token = running, token
        self.answers: list[str] = []

    def say(self, number: str, words: str, expected: str = "") -> str:
        """Send a text; with something expected, wait for the next answer and give it."""
        before = len(self.running.carrier.messages(to=number))
        posted = self.running.carrier.text(number, GRID, words)
        self.answers.append(posted.body)
        if not expected:
            return ""
        answer = self.running.carrier.wait_for(to=number, at_least=before + 1)[-1].body
        assert expected in answer, answer
        return answer

    def call(self, path: str, body: object = None, token: str | None = None) -> tuple[int, Any]:
        """Call the API; what it refuses is remembered."""
        status, text = get(self.running.url + "/api/v1" + path, self.token if token is None else token, body)
        if status >= 400:
            self.answers.append(text)
        return status, json.loads(text) if text.startswith(("{", "[")) else text

    def refused(self, answer: tuple[int, str]) -> None:
        """Something that is not taken."""
        status, text = answer
        assert 400 <= status < 500, answer
        self.answers.append(text)

    def raw(self, request: bytes) -> None:
        """Bytes that need not be HTTP."""
        with socket.create_connection(("127.0.0.1", self.running.port), 10) as connection:
            connection.sendall(request)
            connection.settimeout(10)
            self.answers.append(connection.recv(65_536).decode(errors="replace"))


def danger(run: Run) -> None:
    """Reported, alerted, acknowledged with the word, completed."""
    run.say(EVA, "Linja henger lavt over veien ved Furuneset, barn går her", "Hold minst")
    [alert] = run.running.carrier.wait_for(to=DUTY[0])
    [word] = re.findall(r"Svar (\d{4})", alert.body)
    run.say(EVA, "mast 1042 ved Furunesveien 12", "riktig")
    run.say(EVA, "1", "SEND")
    run.say(DUTY[1], word)
    run.say(DUTY[0], word, "")
    run.running.carrier.wait_for(to=DUTY[0], at_least=2)


def codes(run: Run) -> None:
    """Wrong ones, a right one, the status, signing out."""
    run.say(OLA, "strømmen er borte i Storgata 4, 6700 Måløy, hele gata", "riktig")
    run.say(OLA, "ja", "SEND")
    run.say(OLA, "send", "Sak IN-")
    [code] = re.findall(r"^\d{6}", run.say(OLA, "status", "er koden din"))
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    run.say(OLA, wrong, "Feil kode")
    run.say(OLA, f"koden er {wrong}", "Feil kode")
    run.say(OLA, code, "bekreftet")
    run.say(OLA, "status", "mottatt")
    run.say(OLA, "logg ut", "logget ut")


def comments(run: Run) -> None:
    """A caseworker's, its answer, and calls that are refused: with a wrong token, of wrong things, in wrong words."""
    _, found = run.call("/cases?q=Storgata")
    case = found["cases"][0]
    path = f"/cases/{case['number']}"
    assert run.call(f"{path}/comments", {"text": f"{COMMENT}?", "public": True})[0] == 201
    wait_until(lambda: any(COMMENT in one.body for one in run.running.carrier.messages(to=OLA)), "the comment")
    run.say(OLA, "Ja, ved Kvernhusfossen", "lagt i sak")
    assert run.call(path)[0] == 200
    assert run.call("/attention")[0] == 200
    for token in ("", "x", f"caseline_{'Ab3' * 14}", run.token[:-1], run.token + "a"):
        assert run.call(path, token=token)[0] == 401
    faults: list[tuple[str, object]] = [
        (f"{path}/comments", {"text": "Fossheim\x00", "public": "Brattbakk"}),
        (f"{path}/comments", {"unknown": COMMENT}),
        (f"{path}/comments", [COMMENT]),
        (f"{path}/status", {"status": "Kvalshaugen", "revision": 1}),
        (f"/cases/{quote(EVA)}/comments", {"text": COMMENT, "public": False}),
    ]
    for where, body in faults:
        assert 400 <= run.call(where, body)[0] < 500
    for where in (
        f"/cases/{quote(EVA)}",
        "/cases?unknown=Kvalshaugen",
        f"/messages/{quote(COMMENT)}",
        "/cases?limit=Brattbakk",
    ):
        assert 400 <= run.call(where)[0] < 500


def malformed(run: Run) -> None:
    """Posts that are not signed, not forms, not HTTP; each with a person's words in it."""
    words = "Kvernhusfossen i Brattbakk"
    form = urlencode({"From": EVA, "Body": words, "MessageSid": "x"}).encode()
    for body in (form, form + b"%", b"\xff" + form, json.dumps({"From": EVA, "Body": words}).encode(), form * 900):
        run.refused(run.running.post_raw("/sms/twilio", body, "Kvalshaugen"))
        run.refused(run.running.post_raw("/sms/twilio/status/Kvalshaugen", body, "AAAA"))
    run.refused(run.running.post(EVA, words, To=EVA))
    run.refused(run.running.post(EVA, words, AccountSid=f"AC{words}"))
    run.refused(run.running.post(f"{EVA} {words} {words}", words))
    run.refused(run.running.post(EVA, words, sid=words))
    for line in (f"GET /{words} HTTP/9.9", f"POST /sms/twilio?{EVA} HTTP/1.1\r\nContent-Length: {words}", words):
        run.raw(f"{line}\r\nHost: {EVA}\r\n\r\n".encode())
    for path in (f"/{quote(words)}", f"/sms/twilio/{quote(EVA)}", f"/api/v1/{quote(words)}"):
        run.refused(get(run.running.url + path))


def stop_words(run: Run) -> None:
    """A local one, and the carrier's, after which it refuses us."""
    run.say(LARS, "strømmen er borte i Fjellvegen 3, 6700 Måløy", "riktig")
    run.say(LARS, "STOPP")
    run.say(LARS, "START", "igjen")
    run.say(LARS, "STOP")
    run.say(LARS, "Trafoen brenner!")


def provider_fails(run: Run) -> None:
    """It refuses with the number in its words, cuts, answers nonsense, is slow to recover."""
    troubles = [Trouble(refuse=code) for code in (21211, 21610, 30003, 20429, 21617)]
    troubles += [Trouble(answer="cut"), Trouble(answer="garbage"), Trouble(answer="500"), Trouble(answer="empty")]
    for n, trouble in enumerate(troubles):
        number = f"+4793{n:06d}"
        run.running.carrier.make_trouble(trouble, number)
        run.say(number, f"strømmen er borte i Havnegata {n + 1}, 6700 Måløy")
    wait_until(
        lambda: len(run.running.said("not sent")) >= len(troubles) - 1, "the failures", 20, run.running.last_words
    )
    run.running.carrier.clear_troubles()


def raises_and_dies(run: Run) -> None:
    """A turn that raises with the text in its words, and a kill in mid-work."""
    run.say("+4794000001", f"Regningen fra Brattbakk er feil {RAISES}", "Noe gikk galt")
    serving = run.running.processes[-1]
    serving.child()
    serving.kill_child()
    run.say("+4794000002", "strømmen er borte i Fjellvegen 9, 6700 Måløy", "riktig")


EVERYTHING: tuple[Callable[[Run], None], ...] = (
    danger,
    codes,
    comments,
    malformed,
    stop_words,
    provider_fails,
    raises_and_dies,
)


def test_t66_a_run_of_everything_leaves_no_word_in_logs_and_answers(tmp_path):
    with house(tmp_path) as running:
        serving = running.serve(launcher=POISONED)
        run = Run(running, running.token())
        for part in EVERYTHING:
            part(run)
        run.answers += [get(running.url + path)[1] for path in ("/healthz", "/readyz", "/metrics")]
        assert serving.stop() == 0

        log = running.log()
        for event in ("sent", "not sent", "text refused", "a turn raised", "counted"):
            assert running.said(event), f"the run had no {event!r}: it proves nothing"
        assert betrayals(without_names(log), running, run.token, "Kvalshaugen", "Brattbakk", "Kvernhusfossen") == []
        assert "Traceback" not in log
        for answer in run.answers:
            assert betrayals(answer, running, run.token, "Kvalshaugen", "Brattbakk", "Kvernhusfossen") == [], answer
        assert max(len(line.encode()) for line in log.splitlines()) <= 2048


@contextmanager
def overheard(url: str) -> Iterator[bytearray]:
    """All that Redis is told, by whomever, as it tells it on."""
    heard = bytearray()
    with closing(socket.socket(socket.AF_UNIX)) as listening:
        listening.connect(url.removeprefix("unix://"))
        listening.sendall(b"MONITOR\r\n")
        assert listening.recv(5) == b"+OK\r\n"

        def listen() -> None:
            with suppress(OSError):
                while told := listening.recv(65_536):
                    heard.extend(told)

        threading.Thread(target=listen, daemon=True).start()
        yield heard
        listening.shutdown(socket.SHUT_RDWR)


def test_t67_the_broker_is_given_nothing_but_the_word_to_look(tmp_path, redis_url):
    with house(tmp_path, CASELINE_REDIS_URL=redis_url) as running, overheard(redis_url) as heard:
        serving = running.serve(wait=False)
        running.await_ready(serving, "/healthz")
        run = Run(running, "")
        run.say(EVA, "Linja henger lavt over veien ved Furuneset, barn går her")
        run.say(OLA, "kode")
        with redis.Redis.from_url(redis_url) as client:
            wait_until(lambda: client.keys("caseline:*.msgs"), "the bell has rung")
            messages = [json.loads(one) for key in client.keys("caseline:*.msgs") for one in client.hvals(key)]
        working = running.start("work")
        running.carrier.wait_for(to=EVA)
        running.carrier.wait_for(to=OLA)
        running.await_quiet()
        assert (serving.stop(), working.stop()) == (0, 0)
        time.sleep(0.2)

        assert messages
        for message in messages:
            assert (message["args"], message["kwargs"]) == ([], {})
            assert message["actor_name"] in ("urgent", "deliver")
        told = heard.decode(errors="replace")
        assert "deliver" in told
        assert betrayals(told, running) == []
        assert betrayals(without_names(running.log()), running) == []
