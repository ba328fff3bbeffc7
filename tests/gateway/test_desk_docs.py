"""docs/desks.md is true: its phrases judge its texts as it says, and its statuses are the ready desk's."""

import re
from pathlib import Path

import pytest
import yaml

from conversations.danger import Phrases, compile_phrases
from conversations.danger_syntax import KINDS
from conversations.desk.model import FormField
from conversations.fields import choice
from conversations.fields.contract import Context, Refused, Taken
from gateway.desks import ready_desks
from gateway.ready import general_phrases

PAGE = (Path(__file__).parents[2] / "docs" / "desks.md").read_text(encoding="utf-8")
STATUSES, DANGER, CHOICES = (yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))
FIELD = FormField.model_validate({"id": "what", "kind": "choice", "label": {"nb": "Hva"}} | CHOICES)
FOLLOWS = {"opens": "open", "asks": "ask", "nothing": "none"}
SAID = re.findall(
    r"^\| (.+?) \| (`\w+`(?:, `\w+`)*|nothing)(?:: .+)? \|$", PAGE.partition("what it says")[2], re.MULTILINE
)
JUDGED = re.findall(rf"^\| (.+?) \| ({'|'.join(FOLLOWS)}) \|$", PAGE, re.MULTILINE)


@pytest.fixture(scope="module")
def detector():
    own = {
        kind: tuple(phrase for several in DANGER["danger"].get(kind, {}).values() for phrase in several)
        for kind in KINDS
    }
    phrases = (phrase for choice in FIELD.choices for phrase in choice.listed)
    return compile_phrases(general_phrases() + Phrases(**own), phrases)


@pytest.mark.parametrize(("text", "follows"), JUDGED)
def test_a_text_of_the_page_is_judged_as_it_says(detector, text, follows):
    assert detector.judge(text) == FOLLOWS[follows]


@pytest.mark.parametrize(("text", "said"), SAID)
def test_a_text_of_the_page_says_the_choices_that_it_says(detector, text, said):
    read = choice.read(FIELD, text, Context("nb", said=detector.said))
    named = re.findall(r"`(\w+)`", said)
    if len(named) == 1:
        assert isinstance(read, Taken)
        assert read.value == named[0]
    else:
        labels = [each.label["nb"] for each in FIELD.choices if each.id in named]
        assert isinstance(read, Refused)
        assert all(label in read.values.get("options", "") for label in labels)


def test_the_page_has_texts_of_every_verdict():
    assert {follows for _, follows in JUDGED} == set(FOLLOWS)


def test_every_key_and_form_of_phrases_is_told():
    assert [kind for kind in KINDS if f"| `{kind}` |" not in PAGE] == []


def test_the_statuses_are_those_of_the_ready_desk():
    ready = yaml.safe_load((ready_desks() / "grid.yaml").read_text(encoding="utf-8"))
    assert STATUSES["statuses"] == ready["statuses"]
    assert [status["id"] for status in ready["statuses"] if f"| `{status['id']}`" not in PAGE] == []
