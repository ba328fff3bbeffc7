"""The terminal phone: a word after ``!`` does what it says, or a sentence says what is wrong and how it is written."""

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from zoneinfo import ZoneInfo

import pytest

from gateway.clock import MovableClock, system_clock
from gateway.commands.simulate import run
from gateway.simulator.live import Live
from gateway.simulator.phone import COMMANDS, Phone
from gateway.simulator.recorder import Recorder
from gateway.simulator.station import NotRunning

EVA, OLA = "+4791234567", "+4791234568"
DUTY = "+4799990001"
NO_NUMBER = f"That is no number with its country's code, so you are still {EVA}."
NUMBERS = {"c3": ("IN-00000003", OLA), "c2": ("IN-00000002", EVA), "c1": ("IN-00000001", EVA)}
"""The cases of the store, newest first, and who reported them."""


class StandIn(Live):
    """A gateway with three cases; keeps what is asked of it, and is away where ``away``."""

    def __init__(self, folder: Path) -> None:
        self.done: list[Any] = []
        self.away = False
        super().__init__("", "", "", "grid", "+4759440000", MovableClock(folder / "clock"))

    def text(self, sender: str, body: str) -> None:
        self.done.append((sender, body))

    def api(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        if self.away:
            raise URLError(ConnectionRefusedError(111, "Connection refused"))
        if path.startswith("/cases?"):
            return {"cases": [{"id": case, "number": number} for case, (number, _) in NUMBERS.items()]}
        named, _, act = path.removeprefix("/cases/").partition("/")
        case = next((one for one in NUMBERS.items() if named in (one[0], one[1][0])), None)
        if case is None:
            raise _refused(404, "There is no such case.")
        if act and body and len(body["text"]) > 20:
            raise _refused(422, "The body does not fit: see faults.", "A public comment has 20 characters at most")
        if act:
            self.done.append((case[1][0], body and body["text"]))
        reporter = {"address": case[1][1]}
        return {"form": "general", "status": "sent", "values": [], "comments": [], "reporter": reporter}

    def _messages(self, wait_s: float) -> Any:
        return {"next": 0, "messages": []}


def _refused(status: int, detail: str, *faults: str) -> HTTPError:
    problem = {"detail": detail, **({"faults": [{"detail": one} for one in faults]} if faults else {})}
    return HTTPError("http://gateway", status, "No", {}, io.BytesIO(json.dumps(problem).encode()))  # type: ignore[arg-type]


class Held:
    """A phone in the hand: what was typed, what it showed."""

    def __init__(self, folder: Path, duty: tuple[str, ...] = (DUTY,)) -> None:
        self.live = StandIn(folder)
        self.shown: list[str] = []
        self.phone = Phone(self.live, Recorder("grid"), EVA, duty, ZoneInfo("Europe/Oslo"), self.shown.append)

    def typed(self, line: str) -> str:
        self.shown.clear()
        self.phone.obey(line)
        return "\n".join(self.shown)


@pytest.fixture
def held(tmp_path: Path) -> Held:
    return Held(tmp_path)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("!duty", "What does the duty engineer write?"),
        ("!caseworker", "What does the caseworker write?"),
        ("!caseworker IN-00000001:", "What does the caseworker write?"),
        ("!caseworker IN-00000009: hei", "There is no case IN-00000009."),
        ("!clock", "The clock only moves on, by seconds, minutes, hours or days."),
        ("!clock 3d", "The clock only moves on, by seconds, minutes, hours or days."),
        ("!clock -3d", "The clock only moves on, by seconds, minutes, hours or days."),
        ("!clock +367d", "The clock moves 366 days at the most."),
        ("!clock +99999999d", "The clock moves 366 days at the most."),
        ("!clock +999999999999d", "The clock only moves on, by seconds, minutes, hours or days."),
        ("!phone", NO_NUMBER),
        ("!phone 123", NO_NUMBER),
        ("!phone +4712", NO_NUMBER),
        ("!phone 91234568", NO_NUMBER),
        ("!phone +47912345678901", NO_NUMBER),
        ("!phone +47 9123x567", NO_NUMBER),
        ("!phone Ola", NO_NUMBER),
        ("!case IN-00000009", "There is no case IN-00000009."),
        ("!case what?", "There is no case WHAT?."),
        ("!save", "Under which name?"),
        ("!save /nowhere/at/all.txt", "/nowhere/at/all.txt cannot be written: No such file or directory."),
    ],
)
def test_bad_input_is_one_sentence_and_the_right_form(held: Held, typed: str, why: str) -> None:
    form = COMMANDS[typed[1:].partition(" ")[0]].form
    assert held.typed(typed) == f"  ! {why} Write: {form}"
    assert held.live.done == []
    assert held.live.clock.offset() == timedelta()
    assert held.phone.customer == EVA


@pytest.mark.parametrize("typed", ["!", "!help", "!what", "! case"])
def test_a_word_that_there_is_not_lists_those_that_there_are(held: Held, typed: str) -> None:
    assert all(command.form in held.typed(typed) for command in COMMANDS.values())


def test_the_newest_case_is_that_of_the_phone_in_hand(held: Held) -> None:
    assert held.typed("!case").startswith("  IN-00000002: general, sent")
    held.typed("!caseworker Er det fare?")
    assert held.live.done == [("IN-00000002", "Er det fare?")]
    held.typed(f"!phone {OLA}")
    assert held.typed("!CASE").startswith("  IN-00000003: general, sent")
    held.typed("!phone +4791234569")
    assert held.typed("!case") == "  ! +4791234569 has reported no case yet. Write: !case [CASE]"


def test_a_case_may_be_named_in_small_letters(held: Held) -> None:
    assert held.typed("!case in-00000001").startswith("  IN-00000001: general, sent")
    held.typed("!caseworker in-00000001 Er det fare?")
    assert held.live.done == [("IN-00000001", "Er det fare?")]


def test_the_clock_says_what_it_is_now(held: Held) -> None:
    then = (system_clock() + timedelta(days=3)).astimezone(ZoneInfo("Europe/Oslo"))
    assert held.typed("!clock +3d").startswith(f"  the clock is now {then:%a %d.%m.%Y }")


def test_a_customer_that_is_no_number_starts_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CASELINE_DEVELOPMENT", "1")
    with pytest.raises(NotRunning, match=r"^123 is no number with its country's code: write --phone \+4791234567\.$"):
        run("123", "grid", 0)
    assert list(tmp_path.iterdir()) == []


def test_a_number_may_have_blanks(held: Held) -> None:
    assert held.typed("!phone +47 912 34 568") == f"  you are {OLA}"


def test_what_the_gateway_refuses_is_said_in_its_own_words(held: Held) -> None:
    assert held.typed(f"!caseworker {'x' * 21}") == "  ! A public comment has 20 characters at most."


@pytest.mark.parametrize("typed", ["!case", "!caseworker hei", "!caseworker IN-00000001: hei"])
def test_a_gateway_that_is_away_is_a_sentence(held: Held, typed: str) -> None:
    held.live.away = True
    assert held.typed(typed) == "  ! The gateway does not answer: what it logs may say why."


def test_a_desk_with_nobody_on_call_says_so(tmp_path: Path) -> None:
    assert Held(tmp_path, ()).typed("!duty 4711") == "  ! This desk has nobody on call. Write: !duty TEXT"
