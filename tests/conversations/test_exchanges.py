"""The exchanges of all five desks as states and drafts written by hand: formats carry them, and desks name them."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from conversations.desk.model import Desk, Form
from conversations.inputs import HAPPENED, Happened
from conversations.state import freeze, freeze_draft, thaw, thaw_draft
from conversations.text import Text, plain
from gateway.yaml_tree import read_tree
from tests.stages import loaded, pure_stage

FORMATS = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
FILES = sorted((Path(__file__).parents[1] / "exchanges").glob("*.yaml"))
TEXT: TypeAdapter[Text] = TypeAdapter(Text)
KINDS = {kind.__dataclass_fields__["kind"].default for kind in Happened.__args__}
FIRST_CASE = "IN-00000001"
IDS = {"id", "message", "case", "alert", "challenge", "comment"}


def exchange(path: Path) -> Any:
    _, tree = read_tree(path.name, path.read_bytes())
    assert tree.faults == ()
    return tree.values


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def told(request):
    return exchange(request.param)


def test_state_and_draft_come_back_as_they_were_written(told):
    for turn in told["turns"]:
        assert json.loads(freeze(thaw(json.dumps(turn["state"])))) == turn["state"]
        if turn["draft"]:
            assert json.loads(freeze_draft(thaw_draft(json.dumps(turn["draft"])))) == turn["draft"]


def test_texts_come_back_with_their_marks(told):
    for text in (turn["says"]["text"] for turn in told["turns"] if turn["says"]):
        parts = TEXT.validate_json(json.dumps(text))
        assert TEXT.dump_python(parts, mode="json") == text
        assert plain(parts, lambda mark: mark.of)


def test_what_is_told_is_an_input_of_ours_or_one_that_is_still_to_come(told):
    inputs = [turn["input"] for turn in told["turns"] if "input" in turn]
    for each in (*inputs, *(row["input"] for turn in told["turns"] for row in turn.get("pending", ()))):
        if each["kind"] in KINDS:
            thawed = HAPPENED.validate_json(json.dumps(each))
            assert HAPPENED.dump_python(thawed, mode="json") == each
        else:
            assert f"`{each['kind']}`" in FORMATS


def test_what_waits_for_a_conversation_is_what_it_is_told_next(told):
    for number, turn in enumerate(told["turns"]):
        for row in turn.get("pending", ()):
            later = [
                each["input"]
                for each in told["turns"][number:]
                if each["to"] == row["conversation"] and "input" in each
            ]
            is_last_word = turn is told["turns"][-1]
            assert row["input"] in later or "due" in row or is_last_word


def test_each_conversation_is_one_of_the_desks(told):
    desk = loaded(told["desk"]).desk
    fronts = {f"sms:{each}" for each in desk.answers_on.sms} | {f"mail:{each}" for each in desk.answers_on.mail}
    for key in told["conversations"].values():
        assert key["front"] in fronts
        assert ("root" in key) == key["front"].startswith("mail:")
    assert {turn["to"] for turn in told["turns"]} <= set(told["conversations"])


def test_forms_fields_and_options_are_the_desks(told):
    desk = loaded(told["desk"]).desk
    forms = {form.id: form for form in desk.forms}
    for turn in told["turns"]:
        state, draft = turn["state"], turn["draft"]
        form = forms[draft["form"]] if draft else None
        if draft and form:
            fields = {field.id for field in form.fields}
            assert set(draft.get("answers", ())) | set(draft.get("skipped", ())) <= fields
        for asked in filter(None, (state.get("asked"), state.get("digression"))):
            for line in (asked, *asked.get("lines", ())):
                assert_asked(line, form, desk)
        for relation in state.get("relations", ()):
            assert desk.registers[relation["register"]].owned
        assert state.get("language") in desk.languages


def assert_asked(asked: dict[str, Any], form: Form | None, desk: Desk) -> None:
    what, _, name = asked["what"].partition(":")
    if what not in ("field", "confirm"):
        assert f"`{what}`" in FORMATS
        return
    candidates = [form] if form else desk.forms
    fields = [field for each in candidates for field in each.fields if field.id == name]
    assert fields
    offered = [option["key"] for option in asked.get("options", ())]
    if what == "field" and fields[0].kind == "choice":
        assert offered == [choice.id for choice in fields[0].choices]
    assert len(offered) == len(set(offered))


def test_messages_and_times_are_those_of_the_exchange(told):
    said: set[str] = set()
    heard: set[str] = set()
    for turn in told["turns"]:
        heard |= {turn["message"]} if "message" in turn else set()
        said |= {turn["says"]["message"]} if turn["says"] else set()
        for asked in filter(None, (turn["state"].get("asked"), turn["state"].get("digression"))):
            assert asked["message"] in said
        answers = (turn["draft"] or {}).get("answers", {}).values()
        assert {answer["message"] for answer in answers if "message" in answer} <= heard
        for answer in answers:
            is_taken_again = answer.get("source") == "prefilled" and answer.get("confirmed", False)
            assert "message" not in answer or "source" not in answer or is_taken_again
            assert "message" in answer or "source" in answer


@pytest.mark.parametrize(
    "path", [path for path in FILES if exchange(path).get("runs_on_the_core")], ids=lambda path: path.stem
)
def test_the_core_takes_these_very_turns(path):
    told = exchange(path)
    stage = pure_stage(told["desk"])
    known: dict[str, str] = {}
    for turn in (turn for turn in told["turns"] if "text" in turn):
        stage.now = datetime.fromisoformat(turn["at"])
        number = told["conversations"][turn["to"]]["address"]
        stage.text(number, turn["text"])
        draft = stage.draft(number)
        assert_same(json.loads(freeze(stage.state(number))), turn["state"], known)
        assert_same(json.loads(freeze_draft(draft)) if draft else None, turn["draft"], known)
        says = TEXT.validate_json(json.dumps(turn["says"]["text"]))
        assert stage.heard(number) == plain(says, lambda _: FIRST_CASE)


def assert_same(taken: Any, written: Any, known: dict[str, str], key: str = "") -> None:
    """The same, but for the names of ids, which must stand for one another throughout."""
    if isinstance(written, dict):
        assert set(taken) == set(written)
        for name in written:
            assert_same(taken[name], written[name], known, name)
    elif isinstance(written, list):
        assert len(taken) == len(written)
        for one, other in zip(taken, written, strict=True):
            assert_same(one, other, known, "case" if key == "cases" else key)
    elif key in IDS and written is not None:
        assert known.setdefault(written, taken) == taken
    else:
        assert taken == written
