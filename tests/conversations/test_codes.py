"""Codes in a text: found, masked. TRUST 3, row "typed form"."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.codes import digits_for, find_code, mask_code


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("123456", "******"),
        ("123 456", "*** ***"),
        ("123-456", "***-***"),
        ("12 34 56", "** ** **"),
        ("koden er 123456", "koden er ******"),
        ("Koden: 123456. Takk", "Koden: ******. Takk"),
        ("#123456", "#******"),
        ("(123456)", "(******)"),
        ("１２３４５６", "******"),
        ("١٢٣٤٥٦", "******"),
        ("123456, ring 99887766", "******, ring 99887766"),
        ("123456 eller 123456", "****** eller ******"),
        ("123456\n2 stolper", "******\n2 stolper"),
    ],
)
def test_one_number_of_the_right_length_is_the_code(text, masked):
    assert find_code(text, 6) == "123456"
    assert mask_code(text, 6) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("", ""),
        ("hei", "hei"),
        ("+47 998 87 766", "+47 998 87 766"),
        ("998 87 766", "998 87 766"),
        ("IN-00123456", "IN-00123456"),
        ("IN-123456", "IN-******"),
        ("+123456", "+******"),
        ("A123456", "A******"),
        ("12345678901", "12345678901"),
        ("14.01.2026", "14.01.2026"),
        ("kl 12:34:56", "kl 12:34:56"),
        ("målerstand 12345", "målerstand 12345"),
        ("123456 og 654321", "****** og ******"),
        ("12345", "*****"),
        ("1234567", "*******"),
    ],
)
def test_other_numbers_and_two_candidates_are_none(text, masked):
    assert find_code(text, 6) is None
    assert mask_code(text, 6) == masked


def test_a_long_code_has_eight_digits():
    assert find_code("7741 2036", 8) == "77412036"
    assert find_code("123456", 8) is None


@pytest.mark.parametrize(
    ("purpose", "digits"), [("prove_address", 6), ("consent", 6), ("approve", 8), ("change_contact", 8), ("erase", 8)]
)
def test_what_weighs_more_takes_more_digits(purpose, digits):
    assert digits_for(purpose) == digits


@given(st.text(max_size=200), st.sampled_from([6, 8]))
def test_a_code_that_is_found_is_not_kept(text, digits):
    code = find_code(text, digits)
    masked = mask_code(text, digits)
    assert len(masked) == len(text)
    if code is not None:
        assert code not in masked
        assert find_code(masked, digits) is None


@given(
    st.integers(0, 999_999), st.text(alphabet="abcæøå .,!\n", max_size=20), st.text(alphabet="abcæøå .,!", max_size=20)
)
def test_a_code_is_found_between_words(number, before, after):
    code = f"{number:06}"
    assert find_code(f"{before} {code} {after}", 6) == code
