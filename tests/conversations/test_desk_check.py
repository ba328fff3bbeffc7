"""Every fault of a desk's file is found at once, where it stands, and said in plain English with its mend."""

import json
from dataclasses import replace
from functools import reduce
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml
from typer.testing import CliRunner

from conversations.desk import schema
from conversations.desk.check import Checked, check, check_together
from conversations.desk.entries import entries
from conversations.desk.rules import RULES
from conversations.desk.rules.seen import Seen
from gateway.commands.desk import desk_app
from gateway.desks import DeskFaults, known_here, load, look_at, ready_desks
from gateway.yaml_tree import LARGEST, read_tree

HERE = Path(__file__).parent
MINIMAL = (HERE / "desk_minimal.yaml").read_text(encoding="utf-8")
CASES = yaml.safe_load((HERE / "desk_faults.yaml").read_text(encoding="utf-8"))
KNOWN = known_here()
READY = sorted(path.name for path in ready_desks().glob("*.yaml"))
TOO_LARGE = "The file is more than 30 levels deep, or holds more than 100000 values."
JARGON = ("_error", "_type", "input should", "validation", "pydantic", "nonetype", "dict", "tuple", "regex")


def checked(text: str, path: str = "water.yaml") -> Checked:
    return check(read_tree(path, text.encode())[1], KNOWN)


def test_the_ready_desks_have_no_fault():
    found = look_at(ready_desks())
    assert [str(fault) for fault in found.faults] == []
    assert [each.desk.desk for each in found.desks] == ["agency", "appliance", "grid", "heating", "software"]


def test_the_minimal_desk_has_no_fault():
    assert checked(MINIMAL).faults == ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_a_fault_is_found_where_it_stands(case):
    assert MINIMAL.count(case["old"]) >= 1
    faults = checked(MINIMAL.replace(case["old"], case["new"], 1)).faults
    said = [str(fault).removeprefix("water.yaml:") for fault in faults]
    assert case["fault"] in said
    for fault in faults:
        assert fault.problem.endswith(".")
        assert fault.mend.endswith((".", "?"))
        assert fault.mend != "Change it."
        assert not any(word in fault.problem.lower() for word in JARGON)


def test_every_rule_has_a_case_that_breaks_it():
    trees = [read_tree("x", MINIMAL.replace(case["old"], case["new"], 1).encode())[1] for case in CASES]
    seen = [Seen(tree, KNOWN, tuple(entries(tree))) for tree in trees]
    assert [rule.__name__ for rule in RULES if not any(list(rule(each)) for each in seen)] == []


def test_all_faults_are_said_at_once_in_the_order_of_the_file():
    text = MINIMAL.replace("time_zone: Europe/Oslo", "time_zone: Europe/Bergen")
    text = text.replace("    opens: at_once", "    opens: soon").replace('ask: {nb: "Hvor er det?", en: ', "ask: {")
    text = text.replace("        fills: month", "        fils: month").replace(
        "series: V\n    fields", "series: W\n    fields"
    )
    assert [(fault.line, fault.problem) for fault in checked(text).faults] == [
        (5, 'There is no time zone "Europe/Bergen".'),
        (34, '"soon" is not a word that fits here.'),
        (34, "A danger form opens its case in the first turn."),
        (40, 'The text "ask" is missing in en.'),
        (40, 'The text "ask" is missing in nb.'),
        (40, '"Where is it?" is not a language that Caseline speaks.'),
        (40, "There is no text here."),
        (64, 'There is no key "fils" here.'),
        (76, 'There is no series "W".'),
    ]


@pytest.mark.parametrize("wrong", [None, 7, True, "word", [], {}, [[]], [{}], {"nb": None}, {"id": ["x"]}], ids=repr)
def test_no_value_of_a_wrong_shape_stops_the_check(wrong):
    tree = read_tree("water.yaml", MINIMAL.encode())[1]
    for path in list(tree.positions)[1::11]:
        values = yaml.safe_load(MINIMAL)
        inner = reduce(lambda block, step: block[step], path[:-1], values)
        inner[path[-1]] = wrong
        faults = check(replace(tree, values=values), KNOWN).faults
        assert all(fault.mend not in ("", "Change it.") for fault in faults)


def test_keys_that_nothing_executes_are_named_and_are_no_fault():
    found = checked(MINIMAL.replace("kind: yes_no", "kind: yes_no\n        after_send: true"))
    assert found.desk
    assert [(each.line, each.key) for each in found.not_yet] == [
        (54, "after_send"),
    ]


def test_desks_of_one_folder_share_neither_ids_nor_numbers_nor_letters():
    trees = [read_tree(path, MINIMAL.encode())[1] for path in ("a.yaml", "b.yaml")]
    assert [str(fault) for fault in check_together(trees)] == [
        'b.yaml:1:7: The id "water" belongs to the desk in a.yaml already. Give each desk its own.',
        'b.yaml:7:9: The number "+4759440030" belongs to the desk in a.yaml already. Give each desk its own.',
        'b.yaml:9:3: The series "V" belongs to the desk in a.yaml already. Give each desk its own.',
    ]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "The file holds no desk."),
        (b"just words", "The file holds no desk."),
        (b"desk: \xff", "The file is not UTF-8."),
        (b"desk: a\x00b", "The line has a character that no text shows."),
        (b"x" * (LARGEST + 1), "The file is too large."),
        (b"[" * 5000, TOO_LARGE),
        (b"a: &a [*a]", TOO_LARGE),
        (
            b"a: &a [x,x,x,x,x,x,x,x,x]\n"
            + b"".join(
                b"%c: &%c [%s]\n" % (n, n, b",".join([b"*%c" % (n - 1)] * 9)) for n in range(ord("b"), ord("j"))
            ),
            TOO_LARGE,
        ),
        (b"? [a]\n: b", "A key must be one word."),
    ],
)
def test_a_file_that_is_no_desk_costs_little_and_is_said_to_be_none(data, problem):
    assert problem in [fault.problem for fault in check(read_tree("x.yaml", data)[1], KNOWN).faults]


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("number\n12", '1:1: The header has no column "street".'),
        ("number,street\n12,A\n12,B", '3:1: The key "12" stands in line 2 already.'),
        ("number,street\n12,A,B", "2:1: The row has 3 cells, the header 2."),
        ("number,street\n,A", "2:1: The row has no key."),
        ('number,street\n12,"A', "1:1: The file is no CSV in UTF-8."),
    ],
)
def test_a_faulty_register_is_a_fault(tmp_path, rows, fault):
    (tmp_path / "water.yaml").write_text(MINIMAL.replace("    key: number", "    key: number\n    file: v.csv"))
    (tmp_path / "v.csv").write_text(rows)
    [found] = look_at(tmp_path).faults
    assert str(found).startswith(f"{tmp_path / 'v.csv'}:{fault}")
    with pytest.raises(DeskFaults, match=r"v\.csv"):
        load(tmp_path)


@pytest.mark.parametrize("name", ["missing.csv", "../water.yaml"])
def test_a_register_stands_beside_its_desk(tmp_path, name):
    (tmp_path / "water.yaml").write_text(MINIMAL.replace("    key: number", f"    key: number\n    file: {name}"))
    [fault] = look_at(tmp_path).faults
    assert (fault.line, fault.column, fault.problem) == (23, 11, f'There is no file "{name}" beside the desk.')


def test_the_command_says_faults_and_fails(tmp_path):
    desk = tmp_path / "water.yaml"
    desk.write_text(MINIMAL.replace("tenant: brook", "tenent: brook"))
    answer = CliRunner().invoke(desk_app, ["check", str(desk)])
    assert answer.exit_code == 1
    assert f'{desk}:2:1: There is no key "tenent" here. Did you mean "tenant"?' in answer.stdout.splitlines()


def test_the_command_names_what_is_not_yet_executed_and_succeeds():
    answer = CliRunner().invoke(desk_app, ["check"])
    assert answer.exit_code == 0
    assert answer.stdout.splitlines()[-1] == "agency, appliance, grid, heating, software: no fault."
    assert any(line.startswith("heating.yaml: not yet executed: ") for line in answer.stdout.splitlines())


@pytest.mark.parametrize("name", READY)
def test_the_schema_takes_the_ready_desks(name):
    printed = json.loads(CliRunner().invoke(desk_app, ["schema"]).stdout)
    jsonschema.Draft202012Validator.check_schema(printed)
    _, tree = read_tree(name, (ready_desks() / name).read_bytes())
    jsonschema.validate(tree.values, printed)


def test_the_schema_refuses_what_the_model_refuses():
    printed = schema.desk_schema()
    _, tree = read_tree("x", MINIMAL.replace("tenant: brook", "tenent: brook").encode())
    assert not jsonschema.Draft202012Validator(printed).is_valid(tree.values)


def test_every_block_and_key_is_described():
    described = schema.desk_schema()
    blocks = {"Desk": described, **described["$defs"]}
    keys = [(name, key, said) for name, block in blocks.items() for key, said in block["properties"].items()]
    assert [f"{name}.{key}" for name, key, said in keys if not said.get("description")] == []
    assert all(block.get("description") for block in blocks.values())


CHOICES_OF_DANGER = """takes_opening: true
      - id: how
        kind: choice
        label: {nb: Hvordan, en: How}
        ask: {nb: "Hvordan er det?", en: "How is it?"}
        choices:
          - {id: dry, label: {nb: Tørt, en: Dry}}
          - {id: wet, label: {nb: Vannet fosser, en: Wet}}"""


@pytest.mark.parametrize(
    ("old", "new", "warning"),
    [
        (
            'nb: "Hvor mye renner?"',
            'nb: "Renner det? Svar JA eller NEI."',
            '45:19: The text asks for "JA", and nothing',
        ),
        ('en: "What is it about?"', 'en: "Is it about water? Reply no if not."', '81:43: The text asks for "no", and'),
        ("{nb: Drypper, en: Dripping}", "{nb: Send, en: Dripping}", '48:25: "Send" is obeyed as a word that always'),
        ("{nb: Fosser, en: Flooding}", "{nb: Fosser, en: Change size}", '51:37: "Change size" is obeyed as a word'),
        ("en: [drip*]", "en: [drip*, stopp]", '49:47: "stopp" is obeyed as a word that always works, and chooses'),
        ("identity: after", "words: {nb: [lekkasje], en: [leak]}", "32:5: These words open nothing"),
        ("takes_opening: true", CHOICES_OF_DANGER, '89:35: Whoever answers "Vannet fosser" opens the danger case'),
        ('nb: "Har du bilde?"', 'nb: "Har du bilde? Svar JA eller NEI."', None),
        ('nb: "Hvor mye renner?"', 'nb: "Hvor mye renner det? Svar med et tall."', None),
        ("{nb: Fosser, en: Flooding}", "{nb: Ja, en: Flooding}", None),
    ],
)
def test_what_will_not_do_what_is_expected_is_a_warning_and_no_fault(old, new, warning):
    assert MINIMAL.count(old) == 1
    found = checked(MINIMAL.replace(old, new))
    assert found.faults == ()
    said = [str(each).removeprefix("water.yaml:") for each in found.warnings]
    assert len(said) == (warning is not None)
    assert warning is None or said[0].startswith(warning)


def test_the_ready_desks_have_no_warning():
    assert look_at(ready_desks()).warnings == ()


def test_the_command_says_warnings_and_succeeds(tmp_path):
    desk = tmp_path / "water.yaml"
    desk.write_text(MINIMAL.replace("{nb: Fosser, en: Flooding}", "{nb: Meny, en: Flooding}"))
    answer = CliRunner().invoke(desk_app, ["check", str(desk)])
    assert answer.exit_code == 0
    assert any(line.startswith(f'warning: {desk}:51:25: "Meny" is obeyed') for line in answer.stdout.splitlines())
