"""docs/desks.md is true: its phrases judge its texts as it says, and its statuses are the ready desk's."""

import re
from pathlib import Path

import pytest
import yaml

from conversations.danger import Phrases, compile_phrases
from conversations.danger_syntax import KINDS
from conversations.desk.model import Desk, FormField
from conversations.fields import choice
from conversations.fields.contract import Context, Refused, Taken
from gateway.desks import load, ready_desks
from gateway.ready import general_phrases, make_ready
from gateway.simulator.pure import PureStage

PAGE = (Path(__file__).parents[2] / "docs" / "desks.md").read_text(encoding="utf-8")
LOOK_UP, STATUSES, DANGER, CHOICES = (
    yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
)
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


def test_the_ready_desks_are_those_of_the_page():
    rows = re.findall(r"^\| `(\w+)` \| .+? \| (.+?) \| (\+\d+) \| (\w+) \|$", PAGE, re.MULTILINE)
    desks = [loaded.desk for loaded in load()]
    assert sorted(rows) == sorted(
        (desk.desk, ", ".join(desk.languages), desk.answers_on.sms[0], desk.tenant) for desk in desks
    )


def test_the_look_up_of_the_page_is_answered_as_it_says():
    desk = yaml.safe_load((ready_desks() / "heating.yaml").read_text(encoding="utf-8"))
    general = [form for form in desk["forms"] if form["id"] == "general"]
    model = Desk.model_validate(desk | {"languages": ["nb"]} | LOOK_UP | {"forms": LOOK_UP["forms"] + general})
    assert model.answers(model.forms[0])
    row = {"key": "40217", "metering_point": "707057500099887767", "address": "Nygaardsgata 1"}
    stage = PureStage(make_ready(model, 1), {"facilities": {"40217": row | {"reading": "48210", "read_on": "31.12."}}})
    for said in ("anlegg 40217", "707057500099887767", "ja"):
        stage.text("+4791234567", said)
        stage.heard("+4791234567")
    stage.text("+4791234567", stage.code("+4791234567") or "")
    shown = stage.heard("+4791234567") or ""
    assert "Anlegg 40217, Nygaardsgata 1. Siste avlesning 31.12.: 48210 kWh." in shown
