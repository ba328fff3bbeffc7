"""What holds for every kind: a table of its own, a transcript that has it, and no text whatever makes it raise."""

import json
import time
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.facts import Facts, Missing, RegisterEntry
from conversations.fields import KINDS
from conversations.fields.contract import Context, Refused, Taken, shortened
from conversations.state import Option
from conversations.wording import Wording
from gateway.desks import load
from gateway.ready import make_ready
from gateway.simulator.pure import PureStage
from gateway.simulator.transcript import Player
from tests.conversations.fields.kit import REGISTER, context, field
from tests.conversations.test_wording import CATALOGUES
from tests.stages import transcripts

CHOICES = [
    {"id": "low", "label": {"nb": "Lav linje"}, "words": {"nb": ["linj* + lavt"]}},
    {"id": "tree", "label": {"nb": "Tre på linja"}},
]
FIELDS = {kind: field(kind) for kind in KINDS} | {
    "choice": field("choice", choices=CHOICES),
    "choices": field("choices", choices=CHOICES, most=2),
    "consent": field("consent", consent_text={"nb": "Hele teksten."}, consent_version="v1"),
    "object": field("object", register="masts"),
    "location": field("location", register="masts"),
    "number": field("number", unit={"nb": "kWh", "en": "kWh"}, minimum=0, maximum=100_000),
    "phone": field("phone", most=2),
    "email": field("email", most=2),
    "reference": field("reference", pattern="A-#####"),
}
NOT_PLAYED = {"attachments": "files come by mail and by a link, and no door for either is there yet"}
"""Why no transcript can have a field of this kind yet."""
OTHERS = Path(__file__).parents[2] / "desks"
"""A desk with the kinds that no ready desk can play yet, and its transcripts."""
PIECES = st.sampled_from(
    [
        *"mast 1042 NS-0204 Furunesveien 12B , 6700 Måløy 541 30 Skövde ved på i mellom og ja nei 1 2) nr den".split(),
        *"andre jeg heter Eva Hagen mvh gnr bnr E39 ? . ikke Kongens gate Solbakken gard".split(),
        *"48 210 kWh 1.234 -5 ca førti to komma halv og million A-10001 a 10001 +47 912 34 567 0701740605".split(),
        *"samme nummer eva@nett.no krøllalfa @ at 123 456 785 556036-0793 707057500099887767 14.10.2019".split(),
        *("\n", "\t", "👍", "", "+", "(", "%", "½", "٤٢", "\x00", "https://maps.example/@61.94038,5.10436"),
        *"61.929 5.107, N Ø 61° 55.7' 44\" E 5,1072 32V utm 295719 6872397 geo:0,0?q=61.9,5.1".split(),
        "///index.home.raft",
    ]
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=12).map(" ".join))


def test_every_kind_has_its_table():
    here = Path(__file__).parent
    assert [kind for kind in KINDS if not (here / f"test_{kind}.py").exists()] == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_table_has_good_and_bad_inputs(kind):
    table = import_module(f"tests.conversations.fields.test_{kind}")
    assert table.GOOD
    assert table.BAD


def test_every_kind_stands_in_a_transcript():
    desks = {one.desk.desk: PureStage.of(one, make_ready(one.desk, 1)) for one in (*load(), *load(OTHERS))}
    wanted = KINDS.keys() - NOT_PLAYED.keys()
    met: set[str] = set()
    played = (*OTHERS.glob("*/*.txt"), *sorted(transcripts(), key=lambda one: not one.stem.startswith("economy")))
    for transcript in played:
        if not wanted <= met:
            stage = PureStage(desks[transcript.parent.name].desk, desks[transcript.parent.name].registers)
            Player(stage).play(transcript.read_text(encoding="utf-8"))
            met |= _kinds_in(stage)
    assert wanted - met == set()
    assert met & NOT_PLAYED.keys() == set()


def _kinds_in(stage: PureStage) -> set[str]:
    """The kinds of the fields that were asked for or filled."""
    met: set[str] = set()
    for turn in stage.turns:
        if turn.draft:
            what, _, asked = (turn.state.asked.what if turn.state.asked else "").partition(":")
            fields = {*turn.draft.answers, *([asked] if what in ("field", "confirm") else [])}
            met |= {one.kind for one in stage.desk.forms[turn.draft.form].fields if one.id in fields}
    return met


@pytest.mark.parametrize("kind", sorted(KINDS))
@given(text=TEXTS)
def test_no_text_makes_a_kind_raise(kind, text):
    asked = FIELDS[kind]
    for outcome in (KINDS[kind].read(asked, text, context()), KINDS[kind].find(asked, text, context())):
        if isinstance(outcome, Taken):
            json.dumps(outcome.value).encode()
            assert len(KINDS[kind].show(asked, outcome.value, context())) <= asked.max_shown
            assert "\x00" not in outcome.rest
        elif outcome is not None:
            assert isinstance(outcome, Refused)
            assert Wording(CATALOGUES, {}).say("nb", outcome.problem, **outcome.values)


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize(
    "text", ["mast 1042 (" * 500, "a " * 5000, "12 " * 4000, "i " * 4000, "x" * 20000, "(((" * 3000]
)
def test_a_long_text_takes_no_long_time(kind, text):
    KINDS[kind].read(FIELDS[kind], text, context())
    KINDS[kind].find(FIELDS[kind], text, context())


@pytest.mark.parametrize("kind", ["email", "location", "metering_point", "number", "org_number", "phone", "reference"])
@pytest.mark.parametrize(
    "part",
    (
        "1. 1.1. 1- 9 - N:61: 61.9:n 61°55' 297000: @ a@ a:at: fem:og: fem +47: ring: samme: ½ A- 91234567: "
        "123:456:785: ca: eva@nett.no:"
    ).split(),
)
def test_a_long_row_of_figures_and_signs_takes_less_than_a_second(kind, part):
    text = part.replace(":", " ") * (20_000 // len(part))
    began = time.perf_counter()
    KINDS[kind].read(FIELDS[kind], text, context())
    KINDS[kind].find(FIELDS[kind], text, context())
    assert time.perf_counter() - began < 1


def test_what_has_not_been_looked_up_is_asked_for():
    def not_looked_up(register, key):
        return Facts("+4799990000").find(RegisterEntry(register, key))

    unknowing = Context("nb", not_looked_up, {"masts": REGISTER})
    with pytest.raises(Missing) as missing:
        KINDS["location"].read(FIELDS["location"], "mast 1042", unknowing)
    assert missing.value.query == RegisterEntry("masts", "1042")


def test_options_are_numbered_in_the_order_of_the_desk():
    assert KINDS["choice"].options(FIELDS["choice"], context()) == (
        Option("low", "Lav linje"),
        Option("tree", "Tre på linja"),
    )
    assert [option.label for option in KINDS["yes_no"].options(FIELDS["yes_no"], context("en"))] == ["Yes", "No"]
    numbered = ("choice", "choices", "consent", "yes_no")
    assert all(not KINDS[kind].options(FIELDS[kind], context()) for kind in KINDS if kind not in numbered)


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("kort", 60, "kort"),
        ("to\nlinjer  her", 60, "to linjer her"),
        ("abcdefghij", 8, "abcde..."),
        ("abcdefghij", 2, ".."),
        ("“Kari” – hos meg…", 60, '"Kari" - hos meg...'),
        ("smell 💥 her 👍🏽", 60, "smell her"),
    ],
)
def test_what_is_shown_is_one_short_line_without_dear_characters(text, most, expected):
    assert shortened(text, most) == expected
