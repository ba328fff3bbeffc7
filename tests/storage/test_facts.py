"""What a turn may ask of the store: answered within its tenant, desk and address, whoever else is there."""

from dataclasses import replace
from datetime import timedelta

import pytest

import conversations.facts
from conversations.effects import AcceptCode, OpenCase, RaiseAlert, Say, SendCode, SetValues
from conversations.facts import (
    AlertSent,
    AlertsSent,
    AnswerCounts,
    CaseLine,
    CaseWords,
    CodesSent,
    Holder,
    Holders,
    LastAnswer,
    LastComment,
    NearestEntry,
    Query,
    RecentAnswers,
    RegisterEntry,
    ReportedCase,
    ReportedCases,
)
from conversations.state import Answer
from conversations.text import Mark
from storage import facts
from storage.codes import count_try
from storage.facts.asker import Asker
from storage.tables import Case, CaseParty, Comment, Contact
from storage.turns import hold
from tests.storage.turn_rows import DUTY, EVA, NOON, OLA, opened_grid

A, B, C = (letter * 36 for letter in "abc")


@pytest.fixture
def grid(store_place):
    with opened_grid(store_place) as grid:
        yield grid


def ask(grid, query, their=EVA):
    def job(work):
        held = hold(work, grid.front, their)
        assert held is not None
        return facts.answer(Asker(work, grid.front, held), query)

    return grid.write(job)


def open_case(case=A, series="IN"):
    return OpenCase(case, "danger", series, "reported", "danger")


def code(grid, challenge=None, their=EVA, again=False):
    challenge = challenge or grid.dice.new_id()
    text = ("Kode ", Mark("code", challenge))
    until = grid.clock.now + timedelta(minutes=10)
    grid.do(SendCode(grid.dice.new_id(), challenge, "prove_address", text, 6, until, again), their=their)
    return challenge


def comment(grid, case, ident, public=True, kind="caseworker", text="Vi kommer."):
    def job(work):
        with work.session() as session:
            session.add(
                Comment(
                    id=ident,
                    tenant="nordlys",
                    case_id=case,
                    author_kind=kind,
                    author_id="x",
                    author_name="Kari",
                    evidence="token",
                    public=public,
                    text=text,
                    at=work.now,
                )
            )

    grid.write(job)


def test_every_question_has_an_answer():
    named = {kind for kind in vars(conversations.facts).values() if isinstance(kind, type) and issubclass(kind, Query)}
    assert set(facts.ANSWERS) == named - {Query}


def test_who_holds_the_address(grid):
    assert grid.do() is False
    assert ask(grid, Holders()) == ()
    challenge = code(grid)
    until = NOON + timedelta(days=90)
    grid.do(AcceptCode(challenge, C, until))
    assert ask(grid, Holders()) == (Holder(C, None, until),)
    grid.write(lambda work: work.cursor.execute("UPDATE address SET epoch = 2"))
    assert ask(grid, Holders()) == ()


def test_cases_that_this_address_reported_newest_first(grid):
    grid.do(open_case(A), open_case(B))
    grid.do(open_case(C), their=OLA)
    comment(grid, A, "k1")
    comment(grid, A, "k2")
    comment(grid, A, "k3", public=False)
    lines = ask(grid, ReportedCases())
    assert lines == (
        CaseLine(B, "IN-00000002", "danger", "reported", NOON, 0),
        CaseLine(A, "IN-00000001", "danger", "reported", NOON, 2),
    )
    assert ask(grid, ReportedCases(closed=True)) == ()
    assert [line.case for line in ask(grid, ReportedCases(), OLA)] == [C]


def test_cases_of_an_earlier_epoch_are_another_persons(grid):
    grid.do(open_case(A))
    grid.write(lambda work: work.cursor.execute("UPDATE address SET epoch = 2"))
    assert ask(grid, ReportedCases()) == ()
    assert ask(grid, ReportedCase("IN-00000001")) is None


def test_cases_of_another_desk_are_not_shown_here(grid):
    grid.do(open_case(A))
    grid.write(lambda work: work.cursor.execute("UPDATE cases SET desk = 'another'"))
    assert ask(grid, ReportedCases()) == ()
    assert ask(grid, ReportedCase("IN-00000001")) is None


@pytest.mark.parametrize("number", ["IN-00000001", "in-00000001", "IN 1", "in1", "IN-1", "1", " 00000001 "])
def test_a_number_is_understood_as_people_write_it(grid, number):
    grid.do(open_case(A))
    found = ask(grid, ReportedCase(number))
    assert found is not None
    assert found.case == A


@pytest.mark.parametrize("number", ["IN-2", "K-1", "", "IN-", "1" * 40, "%", "IN-1; DROP TABLE cases"])
def test_a_number_that_is_none_of_theirs_finds_nothing(grid, number):
    grid.do(open_case(A))
    assert ask(grid, ReportedCase(number)) is None
    assert grid.row(Case).id == A


def test_another_address_does_not_find_it(grid):
    grid.do(open_case(A))
    grid.do(their=OLA)
    assert ask(grid, ReportedCase("IN-00000001"), OLA) is None
    assert ask(grid, LastComment(A), OLA) is None


def test_t24_the_same_is_read_for_somebody_elses_case_open_or_closed_and_for_none(grid):
    grid.do(open_case(A), open_case(B))
    grid.do(their=OLA)
    grid.write(lambda work: work.cursor.execute(f"UPDATE cases SET open = false WHERE id = '{B}'"))
    for numbers in (("IN-00000001", "IN-00000002", "IN-00000099"), ("1", "2", "99")):
        found = [recorded(grid, ReportedCase(number), OLA) for number in numbers]
        assert [answer for answer, _ in found] == [None] * 3
        assert found[0] == found[1] == found[2] != (None, [])


def recorded(grid, query, their, explain=""):
    """The answer, and what was read for it: the statements, or how they are explained."""

    class Recording:
        def __init__(self, cursor):
            self.cursor = cursor

        def execute(self, text, values=()):
            read.extend(row[-1] for row in self.cursor.execute(explain + text, values)) if explain else read.append(
                text
            )
            return self.cursor.execute(text, values)

    def job(work):
        held = hold(work, grid.front, their)
        assert held is not None
        work.cursor = Recording(work.cursor)
        found = facts.answer(Asker(work, grid.front, held), query)
        work.cursor = work.cursor.cursor
        return found

    read: list[str] = []
    return grid.write(job), read


def values(case, **answers):
    """Answers on a case: a text, or what is sealed in a list."""
    known = {
        name: Answer(value[0], "####", NOON, sealed=True) if isinstance(value, list) else Answer(value, "words", NOON)
        for name, value in answers.items()
    }
    return SetValues(case, known, dict.fromkeys(known, "shown"))


def test_the_answer_of_the_newest_case_that_has_one(grid):
    grid.do(open_case(A), open_case(B), open_case(C))
    assert ask(grid, LastAnswer("mark")) is None
    grid.do(values(A, mark="Blåbær", thing="T-Å1", code=["s1"]), values(B, mark={"é": [1]}, thing="T2"))
    assert ask(grid, LastAnswer("mark")) == {"é": [1]}
    assert ask(grid, LastAnswer("mark", but=B)) == "Blåbær"
    assert ask(grid, LastAnswer("mark", ("thing", "T-Å1"))) == "Blåbær"
    assert ask(grid, LastAnswer("mark", ("thing", "T-Å1"), but=A)) is None
    assert ask(grid, LastAnswer("mark", ("other", "T-Å1"))) is None
    assert ask(grid, LastAnswer("mark", ("thing", "T3"))) is None
    assert ask(grid, LastAnswer("code")) is None


@pytest.mark.parametrize(
    "elsewhere",
    [
        "UPDATE address SET epoch = 2",
        "UPDATE cases SET epoch = 2",
        "UPDATE cases SET desk = 'another'",
    ],
)
def test_an_answer_of_another_epoch_or_desk_is_not_told(grid, elsewhere):
    grid.do(open_case(A), values(A, mark="7710", thing="T1"))
    grid.do(open_case(B), their=OLA)
    assert ask(grid, LastAnswer("mark")) == "7710"
    grid.write(lambda work: work.cursor.execute(elsewhere))
    assert ask(grid, LastAnswer("mark")) is ask(grid, LastAnswer("mark", ("thing", "T1"))) is None


def test_an_answer_is_told_to_its_own_address_alone(grid):
    grid.do(open_case(A), values(A, mark="7710"))
    grid.do(open_case(B), values(B, other="8"), their=OLA)
    assert ask(grid, LastAnswer("mark"), OLA) is None
    assert ask(grid, LastAnswer("other"), OLA) == "8"
    assert ask(grid, LastAnswer("other")) is None


def test_an_answer_is_told_to_the_contact_that_reported_the_case(grid):
    grid.do(open_case(A), values(A, mark="7710"))
    grid.do(AcceptCode(code(grid), C, NOON + timedelta(days=90)))
    grid.do(open_case(B), values(B, thing="T1"))
    assert ask(grid, LastAnswer("mark")) == "7710"
    assert {row.contact for row in grid.rows(CaseParty)} == {C}
    grid.write(lambda work: work.cursor.execute("DELETE FROM address_holder"))
    assert ask(grid, LastAnswer("mark")) is ask(grid, LastAnswer("thing")) is None


def test_what_may_be_read_on_the_cases_that_this_address_reported(grid):
    grid.do(open_case(A), SetValues(A, {"notes": Answer("x", "x", NOON)}, {"notes": "masta heller"}))
    grid.do(open_case(C), SetValues(C, {"notes": Answer("x", "x", NOON)}, {"notes": "en annens"}), their=OLA)
    grid.do(SetValues(A, {"door": Answer("sealed", "****", NOON, sealed=True)}, {"door": "****"}))
    comment(grid, A, "k1", text="Vi kommer.")
    comment(grid, A, "k2", text="internt", public=False)
    assert ask(grid, CaseWords()) == {A: ("masta heller", "Vi kommer.")}


def test_the_newest_public_comment_of_a_caseworker(grid):
    grid.do(open_case(A))
    assert ask(grid, LastComment(A)) is None
    comment(grid, A, "k1", text="Først.")
    comment(grid, A, "k2", text="Så.")
    comment(grid, A, "k3", public=False)
    comment(grid, A, "k4", kind="system")
    found = ask(grid, LastComment(A))
    assert (found.comment, found.author, found.words, found.at) == ("k2", "Kari", "Så.", NOON)


@pytest.mark.parametrize(
    ("point", "within_m", "key"),
    [
        ((61.92900, 5.10722), 100, "1001"),
        ((61.92930, 5.10779), 100, "1002"),
        ((61.92900, 5.10860), 50, None),
        ((61.92900, 5.10860), 100, "1002"),
        ((48.85, 2.35), 100, None),
    ],
)
def test_the_register_row_nearest_to_a_point(grid, point, within_m, key):
    grid.do()
    row = ask(grid, NearestEntry("masts", point[0], point[1], within_m))
    assert (row and row["key"]) == key
    assert ask(grid, NearestEntry("another", point[0], point[1], within_m)) is None
    grid.fronts = {("sms", grid.front.address): replace(grid.front, tenant="another")}
    assert ask(grid, NearestEntry("masts", point[0], point[1], within_m)) is None


def test_a_register_row_by_its_key(grid):
    grid.do()
    row = ask(grid, RegisterEntry("masts", "1042"))
    assert row["key"] == "1042"
    assert ask(grid, RegisterEntry("masts", "none")) is None
    assert ask(grid, RegisterEntry("another", "1042")) is None
    grid.fronts = {("sms", grid.front.address): replace(grid.front, tenant="another")}
    assert ask(grid, RegisterEntry("masts", "1042")) is None


def test_alerts_that_went_to_this_number_that_stand_or_are_of_the_last_day(grid):
    grid.do(open_case(A), RaiseAlert(B, A, "4711", ("FARE",), DUTY, 300))
    for number in DUTY:
        grid.do(their=number)
    assert ask(grid, AlertsSent(), DUTY[0]) == (AlertSent(B, A, "IN-00000001", "4711", seen=False),)
    assert ask(grid, AlertsSent(), DUTY[1]) == ()
    assert ask(grid, AlertsSent()) == ()
    grid.write(lambda work: work.cursor.execute("UPDATE alert SET acknowledged_at = raised_at"))
    assert ask(grid, AlertsSent(), DUTY[0]) == (AlertSent(B, A, "IN-00000001", "4711", seen=True),)
    grid.write(lambda work: work.cursor.execute("UPDATE alert SET raised_at = '2025-01-01 00:00:00+00:00'"))
    assert ask(grid, AlertsSent(), DUTY[0]) == ()


def test_codes_are_counted_by_destination_block_and_time(grid):
    grid.do()
    first = code(grid)
    grid.clock.pass_time(minutes=70)
    second = code(grid)
    code(grid, second, again=True)
    code(grid, their="+4790012999")
    code(grid, their="+4795555555")
    grid.clock.pass_time(seconds=30)
    counts = ask(grid, CodesSent(second))
    assert (counts.destination_hour, counts.destination_day) == (2, 3)
    assert (counts.block_hour, counts.total_hour, counts.total_day) == (3, 4, 5)
    assert (counts.sent_in_challenge, counts.since_last_s) == (2, 30)
    assert (counts.block_asked, counts.block_used) == (4, 0)
    grid.do(AcceptCode(first, C, NOON))
    counts = ask(grid, CodesSent(None))
    assert (counts.block_used, counts.sent_in_challenge, counts.since_last_s) == (1, 0, None)
    grid.clock.pass_time(hours=23)
    assert ask(grid, CodesSent(None)).block_asked == 3


def test_t54_codes_to_a_number_and_its_block_are_counted_over_all_tenants(grid):
    grid.do()
    code(grid)
    grid.write(lambda work: work.cursor.execute("INSERT INTO tenant (id, name) VALUES ('revisio', 'Revisio')"))
    grid.write(lambda work: work.cursor.execute("UPDATE code_sent SET tenant = 'revisio'"))
    counts = ask(grid, CodesSent(None))
    assert (counts.destination_hour, counts.destination_day, counts.block_hour, counts.block_asked) == (1, 1, 1, 1)
    assert (counts.total_hour, counts.total_day) == (0, 0)


@pytest.mark.parametrize("query", [LastAnswer("mark"), LastAnswer("mark", ("thing", "T1"))], ids=repr)
def test_an_answer_is_looked_for_among_the_cases_of_its_address_alone(sqlite, query):
    with opened_grid(sqlite) as grid:
        grid.do()
        _, plans = recorded(grid, query, EVA, "EXPLAIN QUERY PLAN ")
    assert [step for step in plans if " cases " in step] == [
        "SEARCH cases USING INDEX ix_cases_address (address=? AND epoch=?)"
    ]


@pytest.mark.parametrize("query", [CodesSent(None), CodesSent("x"), RecentAnswers()], ids=repr)
def test_a_count_scans_no_table(sqlite, query):
    """It would cost more, the longer the house stands. (PostgreSQL scans what is as small as a test's tables.)"""
    with opened_grid(sqlite) as grid:
        grid.do()
        _, plans = recorded(grid, query, EVA, "EXPLAIN QUERY PLAN ")
    assert plans
    assert {step for step in plans if step.startswith("SCAN")} <= {"SCAN CONSTANT ROW", "SCAN anon_1"}


def test_nobody_was_ever_sent_a_code(grid):
    grid.do()
    counts = ask(grid, CodesSent(None))
    assert (counts.since_last_s, counts.total_day, counts.block_asked) == (None, 0, 0)


def test_wrong_tries_are_counted_since_the_last_right_one(grid):
    grid.do()

    def guess(challenge, times):
        for _ in range(times):
            grid.write(lambda work: count_try(work, grid.dice, challenge, "no code"))

    first = code(grid)
    guess(first, 3)
    grid.clock.pass_time(minutes=1)
    grid.do(AcceptCode(first, C, NOON))
    grid.clock.pass_time(hours=2)
    second = code(grid)
    guess(second, 2)
    counts = ask(grid, CodesSent(second))
    assert (counts.subject_wrong_tries_day, counts.subject_wrong_tries_in_a_row, counts.wrong_tries_hour) == (5, 2, 2)


def test_answers_are_counted_but_for_those_that_never_left(grid):
    def say(**more):
        return Say(grid.dice.new_id(), ("Takk.",), **more)

    grid.do(say(), say(moved=False), say(moved=False, withheld="brake"))
    grid.clock.pass_time(minutes=16)
    grid.do(say(moved=False))
    grid.do(say(), their=OLA)
    assert ask(grid, RecentAnswers()) == AnswerCounts(1, 2, 1, 3)
    grid.clock.pass_time(hours=24)
    assert ask(grid, RecentAnswers()) == AnswerCounts()


def test_t24_strange_cases_are_counted_by_conversation_and_day(grid):
    grid.receive("hei")
    grid.receive("hei")
    grid.receive("hei", OLA)
    grid.write(lambda work: work.cursor.execute("UPDATE message SET reason = 'status_unknown' WHERE direction = 'in'"))
    assert [ask(grid, RecentAnswers(), their).strange_cases_day for their in (EVA, OLA)] == [2, 1]
    grid.clock.pass_time(hours=24)
    assert ask(grid, RecentAnswers()) == AnswerCounts()


def test_t20_refusals_that_were_told_are_counted_within_the_tenant_and_the_hour(grid):
    grid.receive("hei")
    grid.receive("hei", OLA)
    grid.write(lambda work: work.cursor.execute("UPDATE message SET reason = 'code_refused' WHERE direction = 'in'"))
    assert ask(grid, CodesSent(None)).refusals_told_hour == 2
    grid.clock.pass_time(hours=1)
    assert ask(grid, CodesSent(None)).refusals_told_hour == 0


def test_a_holders_name_is_the_contacts(grid):
    challenge = code(grid)
    grid.do(AcceptCode(challenge, C, NOON))

    def name(work):
        with work.session() as session:
            contact = session.get_one(Contact, C)
            contact.name = "Eva Hansen"
            session.add(contact)

    grid.write(name)
    assert ask(grid, Holders())[0].name == "Eva Hansen"
