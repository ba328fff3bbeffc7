"""References by a closed pattern."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.fields import reference
from conversations.fields.contract import Refused, Taken
from tests.conversations.fields.kit import context, field

NOW = datetime(2026, 1, 14, 12, tzinfo=UTC)

GOOD = [
    ("A-#####", "A-10001", "A-10001"),
    ("A-#####", "a10001", "A-10001"),
    ("A-#####", "a 10001", "A-10001"),
    ("A-#####", "A - 100 01.", "A-10001"),
    ("A-#####", "saken er a-10001, takk", "A-10001"),
    ("A-#####", "A-10001, A10001", "A-10001"),
    ("@@ #####", "el12345", "EL 12345"),
    ("@@ #####", "EL-12345", "EL 12345"),
    ("NS-####", "ns 0204", "NS-0204"),
    ("B-####[-#]", "b0042", "B-0042"),
    ("B-####[-#]", "b-00421", "B-0042-1"),
    ("#####", "40 217", "40217"),
    ("##/##", "82/14", "82/14"),
    ("{month}", "okt 2019", "2019-10"),
    ("{month}", "oktober", "2025-10"),
    ("{month}", "10/2019", "2019-10"),
    ("{month}", "2019-10", "2019-10"),
    ("{date}", "14.10.2019", "2019-10-14"),
    ("{date}", "i går", "2026-01-13"),
    ("{period}", "2019", "2019"),
    ("{period}", "oktober 2019", "2019-10"),
    ("M {number}", "m12", "M 12"),
    ("{case_number}", "in 00001042", "IN-00001042"),
    ("{phone}", "912 34 567", "+4791234567"),
    ("{org_number}", "123456785", "123 456 785"),
    ("{text}", "hva som helst", "hva som helst"),
    ("{month} {number}", "okt 2019 5", "2019-10 5"),
    (None, "40217", "40217"),
    (None, "in-1042", "IN-1042"),
    (None, "nr 40217.", "40217"),
]
BAD = [
    ("A-#####", "", "A-12345"),
    ("A-#####", "vet ikke", "A-12345"),
    ("A-#####", "A-1000", "A-12345"),
    ("A-#####", "A-100011", "A-12345"),
    ("A-#####", "BA-10001", "A-12345"),
    ("A-#####", "B-10001", "A-12345"),
    ("A-#####", "10001", "A-12345"),
    ("A-#####", "A-10001 og A-10002", "A-12345"),
    ("@@ #####", "1234567", "AB 34567"),
    ("B-####[-#]", "B-004", "B-1234"),
    ("#####", "91234567", "12345"),
    ("#####", "912 34 567", "12345"),
    ("{month}", "14.10.2019", "10/2019"),
    ("{month}", "13/2019", "10/2019"),
    ("{date}", "oktober 2019", "14.10.2019"),
    ("{phone}", "12", "+47 912 34 567"),
    ("{org_number}", "123456786", "123 456 785"),
    ("{case_number}", "1042", "IN-1042"),
    (None, "", "40217"),
    (None, "vet ikke", "40217"),
    (None, "20417 og 20218", "40217"),
]


def by(pattern):
    return field("reference", **({"pattern": pattern} if pattern else {}))


@pytest.mark.parametrize(("pattern", "text", "value"), GOOD)
def test_a_reference_is_written_as_its_pattern_has_it(pattern, text, value):
    assert reference.read(by(pattern), text, context(now=NOW)) == Taken(value)
    assert reference.show(by(pattern), value, context(now=NOW)) == value
    assert reference.read(by(pattern), value, context(now=NOW)) == Taken(value)


@pytest.mark.parametrize(("pattern", "text", "example"), BAD)
def test_what_does_not_fit_is_refused_with_an_example(pattern, text, example):
    problem = "field.reference.pattern" if pattern else "field.reference.unclear"
    assert reference.read(by(pattern), text, context(now=NOW)) == Refused(problem, {"example": example})


@pytest.mark.parametrize("pattern", sorted({pattern for pattern, _, _ in GOOD if pattern and pattern != "{text}"}))
def test_the_example_fits_the_pattern(pattern):
    refused = reference.read(by(pattern), "?", context(now=NOW))
    assert isinstance(refused, Refused)
    assert isinstance(reference.read(by(pattern), refused.values["example"], context(now=NOW)), Taken)


@pytest.mark.parametrize(
    ("pattern", "text", "value", "rest"),
    [
        ("A-#####", "A-10001, den fra mandag", "A-10001", "den fra mandag"),
        ("A-#####", "A-10001 2 stk", "A-10001", "2 stk"),
        (None, "40217 707057500099887767", "40217", "707057500099887767"),
        (None, "anlegg 40217 i Storgata 4", "40217", "i Storgata 4"),
    ],
)
def test_what_is_said_besides_is_the_rest(pattern, text, value, rest):
    assert reference.read(by(pattern), text, context(now=NOW)) == Taken(value, rest)


@pytest.mark.parametrize(
    ("pattern", "text", "value"),
    [
        ("A-#####", "Hva skjer med A-10001? Vannet renner", "A-10001"),
        ("A-#####", "gjelder a10001 igjen", "A-10001"),
        ("A-#####", "vi venter på a 10001 kroner", None),
        ("A-#####", "A-10001 og A-10002", None),
        ("A-#####", "KA-10001", None),
        ("@@ #####", "bilen er EL 12345", "EL 12345"),
        ("@@ #####", "jeg er på 12345", None),
        ("I-####", "I 2024 gikk strømmen", None),
        ("#####", "postnummeret er 54130", None),
        ("{month}", "strømmen gikk i oktober 2019", None),
        (None, "40217", None),
    ],
)
def test_a_reference_is_found_only_by_letters_of_its_own(pattern, text, value):
    found = reference.find(by(pattern), text, context(now=NOW))
    assert (found.value if found else None) == value


@pytest.mark.parametrize("value", [None, 10001, "", "B-10001", "a-10001", "A-10001 og mer", ["A-10001"]])
def test_what_is_no_such_reference_is_shown_as_nothing(value):
    assert reference.show(by("A-#####"), value, context()) == ""


WRITTEN = {
    "A-#####": "A-[0-9]{5}",
    "@@ #####": "[A-ZÆØÅÄÖ]{2} [0-9]{5}",
    "B-####[-#]": "B-[0-9]{4}(-[0-9])?",
    "#####": "[0-9]{5}",
    "{month}": "20[0-9]{2}-(0[1-9]|1[0-2])",
    "{case_number}": "[A-Z]{1,4}-[0-9]{1,10}",
    "X.{number}": "X[.][0-9]{1,12}",
}


@pytest.mark.parametrize("pattern", WRITTEN)
@given(data=st.data())
def test_what_is_shown_is_read_as_the_same_reference(pattern, data):
    value = data.draw(st.from_regex(WRITTEN[pattern], fullmatch=True))
    assert reference.show(by(pattern), value, context(now=NOW)) == value
    assert reference.read(by(pattern), value, context(now=NOW)) == Taken(value)


@pytest.mark.parametrize("pattern", ["{text}" * 6, "@ " * 20, "#[-#][-#][-#][-#][-#]"])
@pytest.mark.parametrize("text", ["a " * 50, "a b " * 25, "12 " * 33, "1-" * 10_000, "- " * 10_000])
def test_a_pattern_of_many_parts_takes_no_long_time(pattern, text):
    reference.read(by(pattern), text, context(now=NOW))
    reference.find(by(pattern), text, context(now=NOW))
