"""What a danger is about is found in the words that report it: ``tests/danger/what.txt``, ``-`` where it is asked."""

from pathlib import Path

import pytest

from conversations.fields import choice
from conversations.fields.contract import Context, Taken
from tests.stages import ready

SENTENCES = [
    line.split("\t")
    for line in (Path(__file__).parents[1] / "danger" / "what.txt").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize(("what", "language", "sentence"), SENTENCES)
def test_a_report_says_what_it_is_about_or_it_is_asked(what, language, sentence):
    desk = ready("grid")
    found = choice.find(desk.field("danger", "what"), sentence, Context(language, said=desk.danger.said))
    assert found == (None if what == "-" else Taken(what, sentence))
