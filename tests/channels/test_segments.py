import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sms.segments import BASIC, EXTENDED, ROOM, Segments, count, is_gsm7

CORPORA = Path(__file__).parents[2].parent / "shared" / "corpora" / "sms"


def corpus(name):
    """Cases of others, read in place; empty where they are not beside the repository."""
    path = CORPORA / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


# All agree with us. What they count differently is not in them: Twilio's calculator keeps what a reader sees as
# one sign (up to two characters of it) in one segment, and Notify adds up units without regard to the cuts.
COUNTED = [case for name in ("sms_twilio", "sms_notify") for case in corpus(name) if "segments" in case]

OWN = [
    ("nothing", "", Segments("GSM-7", 0, 0, 160)),
    ("one sign", "a", Segments("GSM-7", 1, 1, 159)),
    ("a full segment", "a" * 160, Segments("GSM-7", 1, 160, 0)),
    ("one more", "a" * 161, Segments("GSM-7", 2, 161, 145)),
    ("two full segments", "a" * 306, Segments("GSM-7", 2, 306, 0)),
    ("three", "a" * 307, Segments("GSM-7", 3, 307, 152)),
    ("an extended sign takes two", "€", Segments("GSM-7", 1, 2, 158)),
    ("eighty of them fill a segment", "€" * 80, Segments("GSM-7", 1, 160, 0)),
    # 153 is odd: the escape does not stay behind alone, so 76 of them are in a segment and one unit is lost.
    ("no cut after an escape", "€" * 81, Segments("GSM-7", 2, 162, 143)),
    ("what does not fit moves on", "a" * 152 + "€" + "a" * 151, Segments("GSM-7", 2, 305, 0)),
    ("and pushes the last one out", "a" * 152 + "€" + "a" * 152, Segments("GSM-7", 3, 306, 152)),
    ("Norwegian and Swedish", "Blåbærsyltetøy ÆØÅ äöÄÖ é", Segments("GSM-7", 1, 25, 135)),
    ("c with cedilla is not in it, its capital is", "ç", Segments("UCS-2", 1, 1, 69)),
    ("a typographic quote", "“", Segments("UCS-2", 1, 1, 69)),
    ("a full segment of UCS-2", "ő" * 70, Segments("UCS-2", 1, 70, 0)),
    ("two full segments of UCS-2", "ő" * 134, Segments("UCS-2", 2, 134, 0)),
    ("an emoji takes two", "😀", Segments("UCS-2", 1, 2, 68)),
    # 67 is odd as well: 33 pairs in a segment.
    ("no cut in a pair", "😀" * 36, Segments("UCS-2", 2, 72, 61)),
    ("two segments hold sixty-six pairs", "😀" * 66, Segments("UCS-2", 2, 132, 1)),
    ("and not sixty-seven", "😀" * 67, Segments("UCS-2", 3, 134, 65)),
    ("half a pair counts as one", "\ud83d", Segments("UCS-2", 1, 1, 69)),
    ("a form feed is extended", "\f", Segments("GSM-7", 1, 2, 158)),
    ("a tab is in no table", "\t", Segments("UCS-2", 1, 1, 69)),
]


@pytest.mark.skipif(not COUNTED, reason="the corpora are not beside the repository")
def test_twilio_and_notify_count_as_we_do():
    assert len(COUNTED) > 40
    different = [
        (case["src"], case["body"])
        for case in COUNTED
        if (found := count(case["body"])).segments != case["segments"]
        or found.encoding != case.get("encoding", found.encoding)
    ]
    assert not different


@pytest.mark.parametrize(("text", "cost"), [case[1:] for case in OWN], ids=[case[0] for case in OWN])
def test_a_text_costs(text, cost):
    assert count(text) == cost


def test_the_basic_table_has_every_code_but_the_escape():
    assert len(BASIC) == 127
    assert not BASIC & EXTENDED


@given(st.text(alphabet=sorted(BASIC | EXTENDED), max_size=700))
def test_what_is_in_the_tables_is_gsm7_and_never_costs_less_than_its_units(text):
    cost = count(text)
    assert is_gsm7(text)
    assert cost.units == sum(2 if sign in EXTENDED else 1 for sign in text)
    room = ROOM["GSM-7"]
    assert cost.units <= room.alone or cost.segments >= -(-cost.units // room.of_many)


@given(st.text(max_size=400))
def test_as_much_as_is_left_can_be_added_for_nothing(text):
    cost = count(text)
    longer = count(text + "a" * cost.left)
    assert longer.segments == max(cost.segments, 1 if cost.left else 0)
    assert longer.left == 0
    assert count(text + "a" * (cost.left + 1)).segments > cost.segments
