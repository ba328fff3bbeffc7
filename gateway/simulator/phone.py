"""The terminal phone: you type as the customer, and see what every phone receives.

It goes the whole way: a signed webhook in, the vendor's client and a stand-in of its API out.
"""

import re
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.error import HTTPError, URLError

from gateway.simulator.live import Live
from gateway.simulator.recorder import Recorder
from gateway.simulator.transcript import UNITS, Mismatch

HELP = """Type as the customer. Besides:
  !duty TEXT                 the duty engineer's phone sends TEXT (a reply with the alert's word acknowledges)
  !caseworker [CASE:] TEXT   a caseworker comments on the case, the newest where none is named
  !clock +3d                 time moves on (s, m, h, d)
  !phone +4791234567         type as another customer
  !case [CASE]               show a case as it stands in the store
  !save FILE                 write what happened as a transcript
  !quit                      stop"""
LISTEN_S = 5.0
_CASE = re.compile(r"\b[A-Z]{1,4}-[0-9]+\b")
_CLOCK = re.compile(r"\+([0-9]+)([smhd])")


@dataclass
class Phone:
    """The phone in a terminal. ``duty`` are the desk's on-call numbers."""

    live: Live
    recorder: Recorder
    customer: str
    duty: tuple[str, ...]
    show: Callable[[str], None] = print
    newest_case: str = ""
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
        command = COMMANDS.get(word)
        if command is None:
            self.show(HELP)
            return
        try:
            command(self, rest.strip())
        except (HTTPError, URLError, Mismatch, OSError) as error:
            self.show(f"  ! {error}")

    def _text(self, sender: str, body: str) -> None:
        self.recorder.sent(f"sms {sender}", body)
        try:
            self.live.text(sender, body)
        except (HTTPError, URLError, Mismatch) as error:
            self.show(f"  ! not taken: {error}")

    def _duty(self, text: str) -> None:
        self._text(self.alerted or self.duty[0], text)

    def _caseworker(self, text: str) -> None:
        named = re.match(r"([A-Z]{1,4}-[0-9]+):? +", text)
        number = named[1] if named else self.newest_case
        words = text[named.end() :] if named else text
        if not number:
            self.show("  ! there is no case yet")
            return
        self.live.comment("Kari", number, words)
        self.recorder.sent("caseworker Kari", f"{number}: {words}")

    def _clock(self, by: str) -> None:
        found = _CLOCK.fullmatch(by)
        if not found:
            self.show("  ! +3d, +5m, +30s or +2h")
            return
        self.live.move_clock(timedelta(**{UNITS[found[2]]: int(found[1])}))
        self.recorder.clock(by)

    def _phone(self, number: str) -> None:
        self.customer = number if re.fullmatch(r"\+[0-9]{7,15}", number) else self.customer
        self.show(f"  you are {self.customer}")

    def _case(self, number: str) -> None:
        seen = self.live.case(number or self.newest_case) if number or self.newest_case else None
        if seen is None:
            self.show("  ! there is no such case")
            return
        self.show(f"  {number or self.newest_case}: {seen.form}, {seen.status}")
        for name, value in seen.values.items():
            self.show(f"    {name}: {value}")
        for words in seen.comments:
            self.show(f"    comment: {words}")

    def _save(self, name: str) -> None:
        if not name:
            self.show("  ! !save needs the name of a file")
            return
        Path(name).write_text(self.recorder.transcript(), encoding="utf-8")
        self.show(f"  written to {name}; play it with: gateway simulate {name}")

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
        found = _CASE.findall(body)
        self.newest_case = found[-1] if found and number == self.customer else self.newest_case
        self.show(f"\r< {who}{body}  [{segments} SMS]")
        print("> ", end="", flush=True, file=sys.stdout)


COMMANDS: Mapping[str, Callable[[Phone, str], None]] = {
    "duty": Phone._duty,
    "caseworker": Phone._caseworker,
    "clock": Phone._clock,
    "phone": Phone._phone,
    "case": Phone._case,
    "save": Phone._save,
    "quit": Phone._quit,
}
