"""Limits as rows: how many codes may be sent and tried, how many answers given. Counts come from the store.

A limit stops codes and answers, never intake. A row refuses when its count has reached ``most``; the first row of the
table that refuses gives the reason. Sources name rows of our own rules, which name theirs (NIST SP 800-63B-4, ASVS 5).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from conversations.changed import changed
from conversations.desk.model import Identity
from conversations.facts import AnswerCounts, CodeCounts
from conversations.inputs import Channel

QUARTER_S = 15 * 60
HOUR_S = 60 * 60
DAY_S = 24 * HOUR_S
SILENT = timedelta(days=365)
"""After so long a silence another person may have the number."""

Reason = Literal["wait", "hour", "day", "busy", "paused", "wrong_day", "closed", "country"]


@dataclass(frozen=True, slots=True)
class Allowed:
    """A code may be sent."""


@dataclass(frozen=True, slots=True)
class Refused:
    """No code may be sent: why (``code.<reason>`` is its text), and after how many seconds it may; None: unknown.

    ``told`` is false where so many are refused that the refusals themselves would cost too much.
    """

    reason: Reason
    wait_s: int | None = None
    told: bool = True


@dataclass(frozen=True, slots=True)
class Limit:
    """A row: refused once ``count`` has reached ``most`` within ``window_s`` (None: since the last right one)."""

    name: str
    count: Callable[[CodeCounts], int]
    most: int
    window_s: int | None
    reason: Reason
    source: str


WRONG_A_DAY = 10
"""Wrong tries of a subject within a day, after which nothing is compared any more that day."""

CODE_LIMITS = (
    Limit("in a row wrong", lambda c: c.subject_wrong_tries_in_a_row, 100, None, "closed", "tries, NIST 100"),
    Limit("wrong per subject and day", lambda c: c.subject_wrong_tries_day, WRONG_A_DAY, DAY_S, "wrong_day", "tries"),
    Limit("to a destination per day", lambda c: c.destination_day, 5, DAY_S, "day", "per destination"),
    Limit("to a destination per hour", lambda c: c.destination_hour, 3, HOUR_S, "hour", "per destination"),
    Limit("wrong tries per hour", lambda c: c.wrong_tries_hour, 201, HOUR_S, "paused", "global"),
    Limit("to a block per hour", lambda c: c.block_hour, 50, HOUR_S, "busy", "per prefix / country"),
    Limit("in total per hour", lambda c: c.total_hour, 600, HOUR_S, "busy", "global"),
)
COOL_DOWNS_S = (60, 120)
"""Between a code and the next of the same challenge: after the first, the second; the third is the hour's last."""

COMPLETION_SENDS = 50
COMPLETION_LEAST_PERCENT = 40
"""Of the last fifty codes of a day that people of a block asked for, so many must have come back."""

# Why a message came to nothing, as it stands on the message: storage counts by it.
CODE_REFUSED = "code_refused"
CODE_UNANSWERED = "code_unanswered"
CASE_UNKNOWN = "status_unknown"

REFUSALS_TOLD = 60
"""So many refusals an hour are answered, whoever asks, and an operator is alarmed: ten thousand numbers that ask for
codes must not get ten thousand texts that say no. Nothing but refusals is counted: a storm's reports look the same
from ten thousand numbers, and each must be answered."""

WRONG_TRIES_ALARM = 50
"""More wrong tries than this within an hour alarm an operator; four times as many stop the codes (the table)."""

STRANGE_CASES = 10
"""So many case numbers that are none of its own a phone may ask for within a day; after that its own are listed."""

# ITU-T E.164: networks of no country, satellite, shared cost and premium rate. Norway and Sweden: premium rate, and
# telephony over the Internet or numbers that follow a person, which are rented by the thousand.
NO_PHONES = ("+800", "+808", "+870", "+878", "+88", "+979", "+4782", "+4785", "+46900", "+46939", "+46944", "+4675")


@dataclass(frozen=True, slots=True)
class Brake:
    """A row: the answer stays unsent once ``count`` has reached ``most``; ``idle``: only where nothing moved."""

    name: str
    count: Callable[[AnswerCounts], int]
    most: int
    window_s: int
    idle: bool


BRAKES = (
    Brake("to turns that moved nothing, 15 minutes", lambda c: c.moved_nothing_quarter, 5, QUARTER_S, idle=True),
    Brake("to turns that moved nothing, day", lambda c: c.moved_nothing_day, 20, DAY_S, idle=True),
    Brake("answers, 15 minutes", lambda c: c.all_quarter, 40, QUARTER_S, idle=False),
    Brake("answers, day", lambda c: c.all_day, 120, DAY_S, idle=False),
)
FEWEST_BRAKED = 5
"""A conversation of fewer messages than this cannot have reached a brake."""


def code_limit(counts: CodeCounts, destination: str, identity: Identity) -> Refused | None:
    """The first limit that stands against one more code to this number or mailbox."""
    refused = _refused(counts, destination, identity)
    if refused and counts.refusals_told_hour >= REFUSALS_TOLD:
        return changed(refused, told=False)
    return refused


def _refused(counts: CodeCounts, destination: str, identity: Identity) -> Refused | None:
    if not is_in_allowed_country(destination, identity):
        return Refused("country")
    for limit in CODE_LIMITS:
        if limit.count(counts) >= limit.most:
            return Refused(limit.reason, limit.window_s)
    if counts.total_day >= identity.codes_per_day:
        return Refused("busy", DAY_S)
    if too_few_come_back(counts.block_asked, counts.block_used):
        return Refused("paused")
    return _cool_down(counts)


def too_few_come_back(asked: int, used: int) -> bool:
    """Codes are sent to a block of numbers and hardly any is used: someone earns on the texts."""
    return asked >= COMPLETION_SENDS and used * 100 < asked * COMPLETION_LEAST_PERCENT


def is_in_allowed_country(destination: str, identity: Identity) -> bool:
    """Whether the desk sends codes to this number; a mailbox has no country."""
    if "@" in destination:
        return True
    return destination.startswith(identity.countries) and not destination.startswith(NO_PHONES)


def brake(counts: AnswerCounts, *, moved: bool) -> bool:
    """Whether the answer to this turn stays unsent; ``moved``: the turn took something or obeyed a word."""
    return any(row.count(counts) >= row.most for row in BRAKES if not (moved and row.idle))


def can_be_answered(address: str, channel: Channel) -> bool:
    """Whether an answer can reach the sender: not a name, a short code or «anonymous»."""
    return _ANSWERABLE[channel].fullmatch(address) is not None


def _cool_down(counts: CodeCounts) -> Refused | None:
    if counts.since_last_s is None or counts.sent_in_challenge < 1:
        return None
    pause = COOL_DOWNS_S[min(counts.sent_in_challenge, len(COOL_DOWNS_S)) - 1]
    left = pause - counts.since_last_s
    return Refused("wait", left) if left > 0 else None


_ANSWERABLE: dict[Channel, re.Pattern[str]] = {
    "sms": re.compile(r"\+[1-9][0-9]{6,14}"),
    "mail": re.compile(r"[^@\s<>]+@[^@\s<>]+"),
}
