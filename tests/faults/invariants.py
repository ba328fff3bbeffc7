"""What must hold of a store and of what the carrier took, whatever happened: read by plain SQL, told by content."""

import json
import re
from collections import Counter

from tests.faults.house import House, rows
from tests.faults.silence import betrayals, without_names


def check_store(house: House) -> None:
    """What holds of every store at rest, and of what was logged on the way."""
    betrayed = betrayals(without_names(house.log()), house)
    assert not betrayed, betrayed
    _check_sequences(house)
    _check_case_numbers(house)
    waiting = house.rows("SELECT id, state FROM delivery WHERE state IN ('due', 'sending', 'unknown')")
    assert not waiting, "something is still on its way"
    if house.is_sqlite:
        assert house.one("PRAGMA integrity_check") == "ok"
        assert not house.rows("PRAGMA foreign_key_check")


def _check_sequences(house: House) -> None:
    """Every conversation counts its messages from 1, without a gap, and knows how many there are."""
    held: dict[str, list[int]] = {}
    query = "SELECT conversation, sequence FROM message WHERE direction = 'in' ORDER BY conversation, sequence"
    for conversation, sequence in house.rows(query):
        held.setdefault(conversation, []).append(sequence)
    counted = dict(house.rows("SELECT id, sequence FROM conversation"))
    for conversation, sequences in held.items():
        assert sequences == list(range(1, len(sequences) + 1)), (conversation, sequences)
        assert counted[conversation] == len(sequences)


def _check_case_numbers(house: House) -> None:
    """The numbers of each series rise from 1 without a gap, and the counter stands at the last."""
    drawn: dict[str, list[int]] = {}
    for series, number in house.rows("SELECT series, number FROM cases"):
        drawn.setdefault(series, []).append(int(number.rpartition("-")[2]))
    last = dict(house.rows("SELECT series, last FROM counter"))
    for series, numbers in drawn.items():
        assert sorted(numbers) == list(range(1, last[series] + 1)), series


def texts_in(house: House, number: str) -> list[str]:
    """What a phone sent, in the order of its conversation."""
    query = "SELECT text FROM message WHERE direction = 'in' AND their_address = :number ORDER BY sequence"
    return [text for (text,) in house.rows(query, number=number)]


def copies(house: House, number: str) -> Counter[str]:
    """What the carrier took for a phone, and how often."""
    return Counter(message.body for message in house.carrier.messages(to=number))


def check_copies(house: House) -> None:
    """What the carrier took is what was written and is said to have gone: as often, to whom, in these words."""
    query = (
        "SELECT m.their_address, m.text FROM delivery d JOIN message m ON m.id = d.message"
        " WHERE d.state IN ('sent', 'delivered')"
    )
    gone = Counter((number, masked(text)) for number, text in house.rows(query))
    taken = Counter((message.recipient, masked(message.body)) for message in house.carrier.messages())
    assert taken == gone, (taken - gone, gone - taken)


def masked(text: str) -> str:
    """A text with a code hidden, however it was."""
    return re.sub(r"^(?:\d{6}|\*{6}|•{6}) ", "###### ", text)


def texts_out(store_url: str, number: str) -> list[str]:
    """What was written to a phone, whether or not it left, in that order; without the time of day."""
    query = "SELECT text FROM message WHERE direction = 'out' AND their_address = :number ORDER BY id"
    return [re.sub(r"\b\d\d:\d\d\b", "time", text) for (text,) in rows(store_url, query, number=number)]


def end_state(store_url: str, number: str) -> tuple[object, ...]:
    """A conversation's state and draft, with ids and times taken out: equal where the same was said."""
    query = (
        "SELECT c.sequence, c.revision, c.state, d.content FROM conversation c LEFT JOIN draft d ON d.id = c.draft"
        " WHERE c.their_address = :number"
    )
    [(sequence, revision, *texts)] = rows(store_url, query, number=number)
    return sequence, revision, *(plain(json.loads(one)) if one else None for one in texts)


def plain(value: object, names: dict[str, str] | None = None) -> object:
    """JSON with each id replaced by the order in which it came, and each time by a mark."""
    seen = {} if names is None else names
    if isinstance(value, dict):
        return {key: plain(inner, seen) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner, seen) for inner in value]
    if isinstance(value, str) and len(value) == 36 and value.count("-") == 4:
        return seen.setdefault(value, f"id {len(seen)}")
    if isinstance(value, str) and len(value) > 18 and value[4:5] == "-" and value[10:11] == "T":
        return "time"
    return value
