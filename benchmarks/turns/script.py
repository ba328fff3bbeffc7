"""What is played: conversations of many senders, each text a signed post, one text of a conversation in a round."""

import secrets
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final
from urllib.parse import urlencode

from channels.sms.twilio.signature import signature
from gateway.desks import Loaded

PATH: Final = "/sms/twilio"
PUBLIC_URL: Final = "https://sms.example.no"
ACCOUNT: Final = f"AC{1:032x}"
TOKEN: Final = secrets.token_hex(16)

SCRIPTS: Final = {
    "danger": ("Linja henger lavt over veien ved {place}, barn går her", "mast {mast} ved {street}", "1", "send"),
    "outage": ("Strømmen er borte siden kl {hour}", "{street}", "1", "1", "ja", "send"),
}
KINDS: Final = tuple((script, step) for script, texts in SCRIPTS.items() for step in range(len(texts)))
PLACES: Final = (
    "Furuneset",
    "Nordvik",
    "Deknepollen",
    "Refvik",
    "Raudeberg",
    "Kvalheim",
    "Degnepoll",
    "Torskangerpoll",
)


@dataclass(frozen=True, slots=True)
class Text:
    """A conversation's next text: the `step`-th of its script."""

    script: str
    step: int
    customer: int

    @property
    def kind(self) -> str:
        return f"{self.script} {self.step + 1}"


class Conversations:
    """All conversations that were begun, and which text of each comes next."""

    def __init__(self, desk: Loaded) -> None:
        self.taken: Counter[str] = Counter()
        self._number = desk.desk.answers_on.sms[0]
        self._masts = [row for row in desk.registers["masts"] if row["kind"] == "mast"]
        self._next: dict[tuple[str, int], deque[Text]] = {kind: deque() for kind in KINDS}
        self._customers = count()

    def round(self, at_most: int) -> list[Text]:
        """One text of each kind in turn, of conversations that were all begun before; openings never run out."""
        left = {kind: iter(waiting) for kind, waiting in self._next.items()}
        return [text for text, _ in zip(self._mixed(left), range(at_most), strict=False)]

    def took(self, texts: Sequence[Text]) -> None:
        """These were answered: their conversations are a text further."""
        done = set(texts)
        for kind, waiting in self._next.items():
            self._next[kind] = deque(text for text in waiting if text not in done)
        for text in texts:
            self.taken[text.kind] += 1
            if text.step + 1 < len(SCRIPTS[text.script]):
                self._next[text.script, text.step + 1].append(Text(text.script, text.step + 1, text.customer))

    def post(self, text: Text) -> bytes:
        """The request, as the provider signs it."""
        mast = self._masts[text.customer % len(self._masts)]
        words = SCRIPTS[text.script][text.step].format(
            place=PLACES[text.customer % len(PLACES)],
            mast=mast["key"],
            street=f"{mast['address']}, {mast['postcode']} {mast['place']}",
            hour=text.customer % 24,
        )
        return post(f"+479{text.customer:07d}", self._number, words)

    def _mixed(self, left: dict[tuple[str, int], Iterator[Text]]) -> Iterator[Text]:
        while True:
            for script, step in KINDS:
                if step == 0:
                    yield Text(script, 0, next(self._customers))
                elif text := next(left[script, step], None):
                    yield text


def post(sender: str, recipient: str, words: str) -> bytes:
    """A text as Twilio posts it: the parameters of its real posts, signed over the public address."""
    sid = f"SM{secrets.token_hex(16)}"
    form = {
        **dict.fromkeys(("ToState", "ToCity", "ToZip", "FromState", "FromCity", "FromZip"), ""),
        **dict.fromkeys(("ToCountry", "FromCountry"), "NO"),
        **dict.fromkeys(("MessageSid", "SmsMessageSid", "SmsSid"), sid),
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "SmsStatus": "received",
        "NumMedia": "0",
        "NumSegments": "1",
        "From": sender,
        "To": recipient,
        "Body": words,
    }
    body = urlencode(form)
    lines = (
        f"POST {PATH} HTTP/1.1",
        "Host: sms.example.no",
        "User-Agent: TwilioProxy/1.1",
        "Accept: */*",
        "Content-Type: application/x-www-form-urlencoded; charset=UTF-8",
        f"Content-Length: {len(body)}",
        f"X-Twilio-Signature: {signature(TOKEN, 'sha1', PUBLIC_URL + PATH, form.items()).decode()}",
        f"I-Twilio-Idempotency-Token: {secrets.token_hex(16)}",
    )
    return "\r\n".join((*lines, "", body)).encode()
