"""Whatever is texted, commented and waited for: what must hold of every turn of every dialogue."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from conversations.effects import AddComment, LeaveDraft, ParkDraft, Say, SendCode, SetValues, Turn
from conversations.inputs import DraftLeftIdle, GivenBack, Input, Message
from conversations.state import Draft, Note, State
from gateway.simulator.pure import PureStage
from tests.stages import loaded, pure_stage, ready

EVA, DUTY = "+4791234567", "+4799990001"
COMMANDS = (
    *("hjelp", "meny", "tilbake", "hopp over", "rett", "rett 1", "send", "avbryt", "status"),
    *("status lukket", "lagre", "fortsett"),
    *("status 1", "menneske", "språk", "english", "norsk", "kode", "ny kode", "logg ut", "STOPP", "STOP", "START"),
)
ANSWERS = ("1", "2", "3", "7", "99", "ja", "nei", "mast 1042", "Storgata 4, 6700 Måløy", "vet ikke", "Kari Nordmann")
WORDS = (
    "strømmen er borte hos oss",
    "Linja henger lavt over veien ved Furuneset",
    "stolpen utenfor huset vårt er litt skadet",
    "det brenner i trafoen!",
    "jeg vil ha ny tilknytning til hytta",
    "hva koster nettleien?",
    "det gjelder bare låven, ikke huset",
    "jeg mente nabohuset, det røde",
    "IN-00000001 er fortsatt ikke rettet",
    "kundenummeret mitt er 123456",
    "Kan noen ringe meg etter klokka fire?",
    "min gamle far er alene hjemme og fryser",
)
LOOK_UPS = (
    *("anlegg", "anlegg 40217", "40217", "707057500099887767", "40217 707057500099887767", "40333 707057500099887767"),
    *("legg til 40218 707057500099887774", "ja", "1", "nei", "vilkår", "lagre", "{code}"),
)
NOTHING = ("", " ", "👍", "takk", "hei", "?", "😀", "{{7*7}}", "%s")


class Watched(PureStage):
    """A stage that checks every turn as it is taken."""

    def tell(self, number: str, told: Input) -> Turn:
        state, draft = self.state(number), self.draft(number)
        turn = super().tell(number, told)
        check(told, state, draft, turn)
        return turn


def check(told: Input, state: State, draft: Draft | None, turn: Turn) -> None:
    """At most one reply and one code; what was written, now or before, has a place."""
    assert sum(isinstance(one, Say) for one in turn.effects) <= 1
    assert sum(isinstance(one, SendCode) for one in turn.effects) <= 1
    waiting = list(state.held)
    if isinstance(told, Message) and says_something(told.text) and turn.disposition != "to_person":
        waiting.append(Note(told.text, told.id, told.at))
    if draft and not is_dropped(told, draft, turn):
        waiting.extend(note for note in draft.notes if draft.form != "relation" or is_beside(note, draft))
    lost = [one for one in waiting if not is_of_look_up(one) and not has_place(one, turn)]
    assert not lost, f"lost: {lost}"


def says_something(text: str) -> bool:
    return any(words in text for words in WORDS)


def is_of_look_up(note: Note) -> bool:
    """What says no more than a look-up needs, or nothing, is over with it."""
    return note.words in (*LOOK_UPS, *NOTHING, *ANSWERS)


def is_beside(note: Note, draft: Draft) -> bool:
    """Written beside a look-up: what brought one of its answers is over with it."""
    return says_something(note.words) and note.message not in {one.message for one in draft.answers.values()}


def is_dropped(told: Input, draft: Draft, turn: Turn) -> bool:
    """Dropped at the customer's own word, or when nobody came back to it; what is a case has its words already."""
    may_drop = isinstance(told, DraftLeftIdle) or (isinstance(told, Message) and told.text == "avbryt")
    return draft.case is not None or (may_drop and LeaveDraft(draft.id, "dropped") in turn.effects)


def has_place(note: Note, turn: Turn) -> bool:
    return any(note.message == message and note.words in words for message, words in places(note, turn))


def places(note: Note, turn: Turn) -> Iterator[tuple[str, str]]:
    """Where a note may be after the turn: held, in the draft, on a case as a value or a comment."""
    yield from ((one.message, one.words) for one in turn.state.held)
    parked = [effect.draft for effect in turn.effects if isinstance(effect, ParkDraft)]
    for draft in (*parked, *((turn.draft,) if turn.draft else ())):
        yield from ((one.message or "", one.words) for one in (*draft.notes, *draft.answers.values()))
    for effect in turn.effects:
        if isinstance(effect, AddComment):
            yield effect.message, note.words
        elif isinstance(effect, SetValues):
            yield from ((note.message, one.words) for one in effect.answers.values())


class AnyDialogue(RuleBasedStateMachine):
    """One customer, her caseworker, the duty engineer, and time."""

    desk = "grid"

    def __init__(self) -> None:
        super().__init__()
        self.stage = Watched(ready(self.desk), pure_stage(self.desk).registers)
        self.done: list[Callable[[PureStage], object]] = []

    def do(self, act: Callable[[PureStage], object]) -> None:
        self.done.append(act)
        act(self.stage)

    @rule(body=st.sampled_from((*COMMANDS, *ANSWERS, *NOTHING)))
    def text_a_word(self, body: str) -> None:
        self.do(lambda stage: stage.text(EVA, body))

    @rule(body=st.sampled_from(WORDS))
    def write(self, body: str) -> None:
        self.do(lambda stage: stage.text(EVA, body))

    @rule(body=st.sampled_from(("481206", "koden er {code}", "{code} men strømmen er borte hos oss", "kunde 999999")))
    def bring_a_code(self, body: str) -> None:
        brought = body.format(code=self.stage.code(EVA) or "123456")
        self.do(lambda stage: stage.text(EVA, brought))

    @rule(late=st.booleans(), pictures=st.integers(0, 2), body=st.sampled_from(("", "strømmen er borte hos oss")))
    def text_with_trouble(self, late: bool, pictures: int, body: str) -> None:
        self.do(lambda stage: stage.text(EVA, body, media_count=pictures, late=late))

    @rule(which=st.integers(1, 3))
    def comment(self, which: int) -> None:
        if self.stage.case(f"IN-{which}"):
            self.do(lambda stage: stage.comment("Kari", f"IN-{which}", "Kan du si mer?"))

    @rule(which=st.integers(1, 3), status=st.sampled_from([one.id for one in loaded("grid").desk.statuses]))
    def change_status(self, which: int, status: str) -> None:
        if self.stage.case(f"IN-{which}"):
            self.do(lambda stage: stage.change_status(f"IN-{which}", status))

    @rule(which=st.integers(1, 3))
    def take_over(self, which: int) -> None:
        if self.stage.case(f"IN-{which}"):
            self.do(lambda stage: stage.take_over(f"IN-{which}"))

    @rule()
    def give_back(self) -> None:
        handed = self.stage.state(EVA).handed_over
        if handed:
            self.do(lambda stage: stage.tell(EVA, GivenBack(handed.case)))

    @rule()
    def acknowledge(self) -> None:
        self.do(lambda stage: stage.text(DUTY, "4711"))

    @rule(by=st.sampled_from((timedelta(seconds=50), timedelta(minutes=6), timedelta(days=4), timedelta(days=31))))
    def wait(self, by: timedelta) -> None:
        self.do(lambda stage: stage.move_clock(by))

    def teardown(self) -> None:
        """When every timer has run there is a case, a person, or nothing that was written; and again it is the same."""
        for _ in range(4):
            self.wait(timedelta(days=31))
        state, draft = self.stage.state(EVA), self.stage.draft(EVA)
        assert draft is None or draft.case or state.handed_over, f"a draft lies for ever: {draft}"
        assert not state.held, f"words lie for ever: {state.held}"
        again = pure_stage(self.desk)
        for act in self.done:
            act(again)
        assert again.turns == self.stage.turns


class AnyLookUp(AnyDialogue):
    """The same where facts, terms and a code come before a register's rows, with an enquiry beside them."""

    desk = "heating"

    @rule(body=st.sampled_from(LOOK_UPS))
    def look_up(self, body: str) -> None:
        said = body.format(code=self.stage.code(EVA) or "123456")
        self.do(lambda stage: stage.text(EVA, said))


RUNS = int(os.environ.get("FUZZ_RUNS", "300"))
for machine, runs in ((AnyDialogue, RUNS), (AnyLookUp, RUNS // 3)):
    machine.TestCase.settings = settings(
        max_examples=runs, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
TestAnyDialogue, TestAnyLookUp = AnyDialogue.TestCase, AnyLookUp.TestCase
