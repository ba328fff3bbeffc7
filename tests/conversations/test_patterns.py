"""Patterns of a desk are a closed syntax, and what is wrong with one is said."""

import pytest

from conversations import patterns


@pytest.mark.parametrize(
    "pattern", ["A-#####", "NS-####", "@@ #####", "B-####[-#]", "{month}", "{case_number}", "M {number}"]
)
def test_a_pattern_of_the_closed_syntax_has_no_problem(pattern):
    assert patterns.problem(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("", "1 to 40 characters"),
        ("#" * 41, "1 to 40 characters"),
        ("{moon}", "{moon} is not known"),
        ("[#[#]]", "do not nest"),
        ("#]", "each [ has its ]"),
        ("(a|b)+", "is no part of a pattern"),
        ("a{2", "is no part of a pattern"),
        ("\\d+", "is no part of a pattern"),
        ("--", "at least one letter"),
    ],
)
def test_a_pattern_beyond_it_has_one(pattern, said):
    assert said in (patterns.problem(pattern) or "")
