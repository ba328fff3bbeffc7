"""Danger in a customer's words, judged as the grid desk judges it.

``tests/danger`` has the sentences, written before the phrases: must and must_not set the figures, the held_out ones
were kept apart until the phrases stood, the mended ones are those that phrases were mended on later.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable
from functools import cache, partial
from itertools import chain
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from conversations.danger import LONGEST, Detector, Phrases, Verdict, compile_phrases, problem, problems
from conversations.danger_syntax import KINDS, read_phrases, word_lists
from gateway.ready import general_phrases

ROOT = Path(__file__).parents[2]
LISTS = ROOT / "tests" / "danger"
GRID = ROOT / "conversations" / "desks" / "grid.yaml"
ALARMED = (Verdict.OPEN, Verdict.ASK)


def sentences(name: str) -> list[str]:
    """The sentences of a list, each after its language."""
    return [line.split("\t")[1] for line in (LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()]


@cache
def phrases() -> Phrases:
    """All phrases of the grid desk: the general ones and its own."""
    own = yaml.safe_load(GRID.read_text(encoding="utf-8"))["danger"]
    lines = {kind: tuple(line for several in own.get(kind, {}).values() for line in several) for kind in KINDS}
    return general_phrases() + Phrases(**lines)


@cache
def detector() -> Detector:
    return compile_phrases(phrases())


def figures(name: str) -> Counter[Verdict]:
    return Counter(map(detector().judge, sentences(name)))


@pytest.mark.parametrize("sentence", sentences("must"))
def test_what_must_open_opens_or_asks(sentence):
    assert detector().judge(sentence) in ALARMED


@pytest.mark.parametrize("sentence", sentences("must_not"))
def test_what_must_not_open_does_not(sentence):
    assert detector().judge(sentence) is not Verdict.OPEN


def test_of_forty_dangers_at_least_thirty_two_open():
    assert figures("must").total() == 40
    assert figures("must")[Verdict.OPEN] >= 32


def test_of_forty_harmless_texts_at_most_four_ask():
    assert figures("must_not").total() == 40
    assert figures("must_not")[Verdict.ASK] <= 4


@pytest.mark.parametrize("name", ["held_out", "mended"])
def test_sentences_beside_the_forty_keep_the_same_shares(name):
    must, must_not = figures(f"{name}_must"), figures(f"{name}_must_not")
    assert must[Verdict.NONE] <= must.total() / 100
    assert must[Verdict.OPEN] >= must.total() * 8 / 10
    assert must_not[Verdict.OPEN] <= must_not.total() / 100
    assert must_not[Verdict.ASK] <= must_not.total() / 10


PARTS = (
    *("stolpen", "linja", "skapet", "nettstasjonen", "kabelen", "gatelyset", "ledningen", "trafoen", "masta"),
    *("elskåpet", "stolpe", "linje", "kabel", "pole", "line", "cable", "cabinet", "substation"),
)


@pytest.mark.parametrize("part", PARTS)
def test_no_common_word_beside_a_part_of_the_grid_opens(part):
    lines = (LISTS / "common_words.txt").read_text(encoding="utf-8").splitlines()
    common = set(chain.from_iterable(line.split() for line in lines if line[:1] not in "#["))
    pairs = chain.from_iterable((f"{part} {word}", f"{word} {part}") for word in common)
    assert [pair for pair in pairs if detector().judge(pair) is Verdict.OPEN] == []


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("481206", Verdict.NONE),
        ("ja", Verdict.NONE),
        ("STATUS", Verdict.NONE),
        ("hjelp", Verdict.NONE),
        ("", Verdict.NONE),
        ("mast 1042 ved Furunesveien 12", Verdict.NONE),
        # In a code prompt.
        ("481206 linja ligger på veien", Verdict.OPEN),
        # The worst sentence counts.
        ("Takk for sist. Det brenner i trafoen! Hilsen Per", Verdict.OPEN),
        # Across the end of a sentence.
        ("Det er stolpen ved skolen. Den har falt.", Verdict.ASK),
        # Near, but a comma between: the fire was last year, or only supposed, and the line is not.
        ("linja ligger på bakken, hva om barna tar på den", Verdict.ASK),
        ("hva om linja ligger på bakken en dag", Verdict.NONE),
        # Said to be past, and yet now.
        ("elektrikeren har fikset det men det brenner igjen", Verdict.ASK),
        ("vi har ikke strøm og linja er nede på jordet", Verdict.OPEN),
        ("kan jeg flytte bilen? det ligger en ledning på den", Verdict.OPEN),
    ],
)
def test_the_rules_of_the_game(text, verdict):
    assert detector().judge(text) is verdict


@pytest.mark.parametrize(
    "text",
    [
        "det kommer røyk fra skåpet",
        "DET KOMMER ROYK FRA SKAPET",
        "det kommer roeyk fra skaapet",
        "det kommer røøøyk fra skååpet!!!",
        "det kommer ro\u0308yk fra ska\u030apet",
        "det kommer røyk fra skåppet",
        "det kommer røyk fra skå-pet",
    ],
)
def test_letters_are_compared_as_people_type_them(text):
    assert compile_phrases(Phrases(strong=("røyk fra skåpet",))).judge(text) is Verdict.OPEN


@pytest.mark.parametrize(
    ("phrase", "fits", "does_not"),
    [
        ("røyk fra", "det er røyk fra trafoen", "fra røyk"),
        ("røyk _ fra", "røyk ut fra trafoen", "røyk fra trafoen"),
        ("linj*", "linjene", "billinje"),
        ("*brann", "pipebrann", "brannbil"),
        ("*kabel*", "strømkabelen", "kabin"),
        ("brann*vei*", "Brannfjellveien 3", "veibrann"),
        ("falt|fallen fra", "den har fallen fra", "fra falt"),
        ("<line> + <fell>", "falt ned har den ene linja", "linja er fin"),
        ("<line> <fell>", "power line fell down", "power fell line"),
        ("linje + nede", "linje a b c d e f nede", "linje a b c d e f g nede"),
        ("linje + nede + vei", "linje a b c d nede a b c d vei", "linje a b c d nede a b c d e f g h vei"),
        ("linje nede", "en linje nede", "en linje, nede"),
        ("linje + nede", "en linje, nede", "en linje"),
        (". brann .", "Hei! Brann!", "brann i morgen"),
        ("farlig ?", "er det farlig?", "det er farlig."),
    ],
)
def test_a_phrase_fits_what_its_syntax_says(phrase, fits, does_not):
    words = ("line: linja, power line", "fell: falt, fell down")
    judge = compile_phrases(Phrases(strong=(phrase,), words=words)).judge
    assert (judge(fits), judge(does_not)) == (Verdict.OPEN, Verdict.NONE)


def test_a_group_that_is_calm_in_part_alarms_in_no_part():
    judge = compile_phrases(Phrases(strong=("<burns>",), calm=("fire street",), words=("burns: on fire",))).judge
    assert judge("I live on Fire Street") is Verdict.NONE
    assert judge("Fire Street 2 is on fire") is Verdict.OPEN


WORDS = ("tree: träd, tree", "line: tråd, wire", "fell: fell, fallen", "low: low", "no: no, not")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("the wire is low", {"<line> + <low>"}),
        ("A tree fell. The wire is low.", {"<line> + <low>"}),
        ("a tree fell on the wire", {"<tree> + <line> + <fell>"}),
        ("the wire is not low", set()),
        ("the tree is on wire street", set()),
        ("tråden fell", set()),
        ("en träd har fallen", set()),
        ("", set()),
    ],
)
def test_phrases_of_choices_are_said_but_for_what_is_calm(text, said):
    phrases = Phrases(calm=("<no> <low>", "wire street"), words=WORDS)
    detector = compile_phrases(phrases, ("<line> + <low>", "<tree> + <line> + <fell>"))
    assert set(detector.said(text)) == said
    assert detector.judge(text) is Verdict.NONE


def test_the_words_of_a_choices_phrase_are_told_by_their_places():
    detector = compile_phrases(Phrases(words=WORDS), ("<line> + <low>", "<tree> + <line> + <fell>"))
    said = detector.said("Hello. A tree fell on the wire, it is low now.")
    line, tree = said["<line> + <low>"], said["<tree> + <line> + <fell>"]
    assert (line.bit_count(), tree.bit_count(), (line & tree).bit_count()) == (2, 3, 1)


def test_a_choices_phrase_with_a_list_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="choices: '<pipe> nede': no list of words is called 'pipe'"):
        compile_phrases(Phrases(), ("<pipe> nede",))


@pytest.mark.parametrize(
    ("phrase", "says"),
    [
        ("", "has words"),
        ("linje +", "each side"),
        ("+", "each side"),
        ("a b c d e f g h i", "at most 8 words"),
        ("a + b + c + d", "2 times +"),
        ("_ linje", "between two words"),
        ("linje _", "between two words"),
        ("li*", "three letters"),
        ("*", "three letters"),
        ("lin**je", "three letters"),
        ("lin(je|a)", "not a word"),
        ("linje\\b", "not a word"),
        ("linje|", "not a word"),
        ("<Line", "not a word"),
    ],
)
def test_a_phrase_that_is_no_phrase_is_refused_with_its_reason(phrase, says):
    assert says in (problem(phrase) or "")
    with pytest.raises(ValueError, match=re.escape(says)):
        compile_phrases(Phrases(weak=(phrase,)))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("line", "name: word"),
        ("line:", "name: word"),
        ("li ne: linje", "name: word"),
        ("line: linje + nede", "no +"),
        ("line: <fell>", "does not refer"),
        ("line: linje,, kabel", "has words"),
    ],
)
def test_a_list_of_words_that_is_none_is_refused_with_its_reason(line, says):
    assert any(says in found for found in problems(Phrases(words=(line,))))


def test_a_phrase_with_a_list_that_is_not_there_is_refused():
    assert problems(Phrases(strong=("<line> nede",))) == ["strong: '<line> nede': no list of words is called 'line'"]


def test_the_phrases_that_ship_have_no_problem():
    assert problems(phrases()) == []


def test_a_file_of_phrases_is_read_by_its_headings():
    assert read_phrases("# why\n[strong]\nbrann # here\n\n[words]\nline: linje\n") == Phrases(
        strong=("brann",), words=("line: linje",)
    )
    for faulty in ("brann\n", "[stong]\nbrann\n"):
        with pytest.raises(ValueError, match="under no heading"):
            read_phrases(faulty)


@given(st.text() | st.text(alphabet="br an.,!?-'*_<>|+øåæ\n0", max_size=400))
def test_any_text_has_a_verdict(text):
    assert detector().judge(text) in Verdict


@given(st.text(alphabet="abelnr*|+<>_.? ", max_size=30))
def test_a_phrase_either_has_a_problem_or_can_be_used(phrase):
    if problems(Phrases(strong=(phrase,))) == []:
        compile_phrases(Phrases(strong=(phrase,))).judge(phrase)


def calls_of(work: Callable[[], object]) -> int:
    """How many functions are called, Python's own included: a measure of work that no busy machine disturbs."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls


def every_word() -> str:
    members = (member for several in word_lists(phrases().words).values() for member in several)
    return " ".join(members).replace("*", "")


@pytest.mark.parametrize(
    "hostile",
    [
        "brenner ikke linja nede ",
        "hva om det ikke er noe røyk eller brann ",
        "linja. ",
        "i ",
        "a",
        "brann",
        "*|+<line>",
        ".,!?",
        every_word(),
    ],
)
def test_hostile_text_costs_work_in_step_with_its_length(hostile):
    text = hostile * (LONGEST // len(hostile) + 1)
    half, whole = (calls_of(partial(detector().judge, text[:length])) for length in (LONGEST // 2, LONGEST))
    assert whole <= 2.5 * half + 100
    assert whole < 10 * LONGEST


def test_nothing_is_read_beyond_the_longest_text():
    assert detector().judge("x " * LONGEST + "det brenner i trafoen") is Verdict.NONE
