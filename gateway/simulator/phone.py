"""The terminal phone: you type as the customer, and see what every phone receives.

It goes the whole way: a signed webhook in, the vendor's client and a stand-in of its API out.
"""

import json
import re
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta, tzinfo
from pathlib import Path
from urllib.error import HTTPError, URLError

import phonenumbers

from gateway.simulator.live import Live
from gateway.simulator.recorder import Recorder
from gateway.simulator.transcript import UNITS, Mismatch

LISTEN_S = 5.0
FARTHEST = timedelta(days=366)
"""How far the clock moves at a time."""
_CASE = re.compile(r"([A-Za-z]{1,4}-[0-9]{1,10})(?=[:\s]|$):?\s*")
_CLOCK = re.compile(r"\+([0-9]{1,8})([smhd])")


class Mistyped(Exception):
    """What stands after a word cannot be done; the text is a sentence that says why."""


@dataclass
class Phone:
    """The phone in a terminal. ``duty`` are the desk's on-call numbers, ``zone`` is where it shows the time."""

    live: Live
    recorder: Recorder
    customer: str
    duty: tuple[str, ...]
    zone: tzinfo = UTC
    show: Callable[[str], None] = print
    alerted: str = ""
    _stopped: threading.Event = field(default_factory=threading.Event)

    def run(self, typed: "Callable[[str], str]" = input) -> None:
        """Read and obey until the end of input, !quit or Ctrl-C."""
        listener = threading.Thread(target=self._listen, name="phone", daemon=True)
        listener.start()
        try:
            while not self._stopped.is_set():
                self.obey(typed("> "))
        except (EOFError, KeyboardInterrupt):
            pass
        finally:
            self._stopped.set()

    def obey(self, line: str) -> None:
        """One typed line."""
        if not line.startswith("!"):
            if line.strip():
                self._text(self.customer, line)
            return
        word, _, rest = line[1:].partition(" ")
        command = COMMANDS.get(word.lower())
        if command is None:
            self.show(HELP if word in ("", "help") else f"  ! There is no !{word}. {HELP}")
            return
        try:
            command.obey(self, rest.strip())
        except Mistyped as problem:
            self.show(f"  ! {problem} Write: {command.form}")
        except (HTTPError, URLError, Mismatch, OSError) as error:
            self.show(f"  ! {_sentence(error)}")

    def _text(self, sender: str, body: str) -> None:
        self.recorder.sent(f"sms {sender}", body)
        try:
            self.live.text(sender, body)
        except (HTTPError, URLError, Mismatch, OSError) as error:
            self.show(f"  ! Not taken: {_sentence(error)}")

    def _duty(self, text: str) -> None:
        if not self.duty:
            raise Mistyped("This desk has nobody on call.")
        if not text:
            raise Mistyped("What does the duty engineer write?")
        self._text(self.alerted or self.duty[0], text)

    def _caseworker(self, text: str) -> None:
        named = _CASE.match(text)
        words = text[named.end() :] if named else text
        if not words:
            raise Mistyped("What does the caseworker write?")
        number = self._meant(named[1] if named else "")
        self.live.comment("Kari", number, words)
        self.recorder.sent("caseworker Kari", f"{number}: {words}")

    def _clock(self, by: str) -> None:
        found = _CLOCK.fullmatch(by)
        if not found:
            raise Mistyped("The clock only moves on, by seconds, minutes, hours or days.")
        moved = timedelta(**{UNITS[found[2]]: int(found[1])})
        if moved > FARTHEST:
            raise Mistyped(f"The clock moves {FARTHEST.days} days at the most.")
        self.live.move_clock(moved)
        self.recorder.clock(by)
        self.show(f"  the clock is now {self.live.clock().astimezone(self.zone):%a %d.%m.%Y %H:%M}")

    def _phone(self, number: str) -> None:
        whole = re.sub(r"[\s-]", "", number)
        if not is_number(whole):
            raise Mistyped(f"That is no number with its country's code, so you are still {self.customer}.")
        self.customer = whole
        self.show(f"  you are {self.customer}")

    def _case(self, named: str) -> None:
        number = self._meant(named)
        seen = self.live.case(number)
        if seen is None:
            raise Mistyped(f"There is no case {number}.")
        self.show(f"  {number}: {seen.form}, {seen.status}")
        for name, value in seen.values.items():
            self.show(f"    {name}: {value}")
        for words in seen.comments:
            self.show(f"    comment: {words}")

    def _meant(self, named: str) -> str:
        """The number of the case that is named, else of the newest that the customer reported."""
        number = named.upper() or self.live.newest_case(self.customer)
        if not number:
            raise Mistyped(f"{self.customer} has reported no case yet.")
        if named and self.live.case(number) is None:
            raise Mistyped(f"There is no case {number}.")
        return number

    def _save(self, name: str) -> None:
        if not name:
            raise Mistyped("Under which name?")
        try:
            Path(name).write_text(self.recorder.transcript(), encoding="utf-8")
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise Mistyped(f"{name} cannot be written: {reason}.") from None
        self.show(f"  written to {name}; play it with: .venv/bin/gateway simulate {name}")

    def _quit(self, _: str) -> None:
        self._stopped.set()

    def _listen(self) -> None:
        while not self._stopped.is_set():
            try:
                for number, body, segments in self.live.listen(LISTEN_S):
                    self._heard(number, body, segments)
            except (HTTPError, URLError, OSError):
                self._stopped.wait(1.0)

    def _heard(self, number: str, body: str, segments: int) -> None:
        self.recorder.received(number, body)
        who = "" if number == self.customer else f"{'duty ' if number in self.duty else ''}{number} "
        if number in self.duty:
            self.alerted = number
        self.show(f"\r< {who}{body}  [{segments} SMS]")
        print("> ", end="", flush=True, file=sys.stdout)


def is_number(typed: str) -> bool:
    """Whether it is a phone number as the provider has it: a plus, the country's code, and digits enough."""
    try:
        return typed.startswith("+") and phonenumbers.is_possible_number(phonenumbers.parse(typed, None))
    except phonenumbers.NumberParseException:
        return False


def _sentence(error: Exception) -> str:
    """What went wrong, as the API says it where it does."""
    if isinstance(error, HTTPError):
        try:
            problem = json.loads(error.read())
            faults = " ".join(f"{one['detail']}." for one in problem.get("faults", ()))
            return faults or str(problem["detail"])
        except (ValueError, KeyError, TypeError, AttributeError, OSError):
            return f"The gateway answered {error.code} {error.reason}."
    if isinstance(error, Mismatch):
        return f"{error}."
    return "The gateway does not answer: what it logs may say why."


@dataclass(frozen=True, slots=True)
class Command:
    """A word after ``!``: how it is written, what it does, and what does it."""

    form: str
    says: str
    obey: Callable[[Phone, str], None]


COMMANDS: Mapping[str, Command] = {
    "duty": Command(
        "!duty TEXT",
        "the duty engineer's phone sends TEXT (a reply with the alert's word acknowledges)",
        Phone._duty,
    ),
    "caseworker": Command(
        "!caseworker [CASE:] TEXT",
        "a caseworker comments on the case, your newest where none is named",
        Phone._caseworker,
    ),
    "clock": Command("!clock +3d", "time moves on (s, m, h, d)", Phone._clock),
    "phone": Command("!phone +4791234567", "type as another customer", Phone._phone),
    "case": Command(
        "!case [CASE]", "show a case as it stands in the store, your newest where none is named", Phone._case
    ),
    "save": Command("!save FILE", "write what happened as a transcript", Phone._save),
    "quit": Command("!quit", "stop", Phone._quit),
}
HELP = "\n".join(("Type as the customer. Besides:", *(f"  {one.form:<26} {one.says}" for one in COMMANDS.values())))
