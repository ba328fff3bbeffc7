"""Each number has exactly one provider."""

import pytest

from gateway.config import Faults
from gateway.numbers import shared_out

OURS = {"+471": "grid", "+472": "grid", "+473": "water"}


@pytest.mark.parametrize(
    ("wished", "shares"),
    [
        ({"twilio": None}, {"twilio": {"+471", "+472", "+473"}}),
        ({"twilio": None, "generic": {"+472"}}, {"twilio": {"+471", "+473"}, "generic": {"+472"}}),
        ({"a": {"+471", "+472"}, "b": {"+473"}}, {"a": {"+471", "+472"}, "b": {"+473"}}),
    ],
)
def test_each_number_is_served_by_one(wished, shares):
    assert shared_out(OURS, wished) == shares


@pytest.mark.parametrize(
    ("wished", "told"),
    [
        (
            {"twilio": None, "generic": None},
            ["twilio and generic: only one can serve the rest; say which numbers are whose (CASELINE_…_NUMBERS)"],
        ),
        ({"a": {"+471"}, "b": {"+471"}, "c": None}, ["CASELINE_…_NUMBERS: two providers serve the same number"]),
        ({"generic": {"+479"}, "twilio": None}, ["generic: is to serve a number that no desk answers on"]),
        ({"generic": {"+471"}}, [f"desk {desk}: no provider serves a number of it" for desk in ("grid", "water")]),
    ],
)
def test_a_number_with_none_or_two_is_a_fault(wished, told):
    with pytest.raises(Faults) as faults:
        shared_out(OURS, wished)
    assert faults.value.lines == told
