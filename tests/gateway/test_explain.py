"""`gateway explain`: what became of a message, on both databases, as its own rows tell it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal, get_args, get_type_hints

import pytest
from sqlalchemy import Enum
from sqlmodel import col, select
from typer.testing import CliRunner

from channels.contract import Failure, Inbound
from conversations import limits
from conversations.effects import DeliveryClass, Disposition, Withheld
from conversations.inputs import Happened
from gateway.cli import cli
from gateway.explain import DISPOSITIONS, KINDS, REASONS, STATES, TOLD, page
from gateway.jobs import delivery as sending
from gateway.jobs import intake
from storage import settling, unheard, unknown
from storage.explained import ELSEWHERE, explained, find_messages
from storage.migrate import migrate
from storage.tables import Case, Delivery, MessageRow, metadata
from tests.conftest import Place
from tests.stored_stage import ACCOUNT, StoredStage, stored_stage

EVA = "+4791234567"
SHOWN = "+47*****567"
OUTAGE = "Strømmen er borte"


@pytest.fixture
def stage(store_place: Place) -> Iterator[StoredStage]:
    url = store_place.create(migrate)
    with stored_stage(url) as stage:
        yield stage
    store_place.drop(url)


def told(stage: StoredStage, named: str, with_text: bool = False) -> str:
    with stage.store.read() as session:
        return "\n".join(
            line for one in find_messages(session, named) for line in page(explained(session, one), with_text)
        )


def last(stage: StoredStage) -> str:
    """The page of the last text that came in, without the days."""
    with stage.store.read() as session:
        newest = session.exec(
            select(MessageRow.id).where(MessageRow.direction == "in").order_by(col(MessageRow.id).desc())
        ).first()
    assert newest
    return told(stage, newest).replace("2026-01-14 ", "")


def test_a_turn_is_told_with_what_it_met_and_what_followed(stage: StoredStage) -> None:
    for said in (OUTAGE, "Furunesveien 12, 6700 Måløy"):
        stage.text(EVA, said)
    said = last(stage)
    assert f"by sms from {SHOWN} to {stage.number}, desk grid\n" in said
    assert "disposition: turn, the dialogue took it\n" in said
    assert "met: form outage, question field where\n" in said
    assert "kept in a draft of outage: where\n" in said
    assert f"answer to {SHOWN}: the provider has it" in said
    assert "Furunesveien" not in said
    assert EVA not in said


def test_text_is_shown_where_it_is_asked_for(stage: StoredStage) -> None:
    stage.text(EVA, OUTAGE)
    named = f"SM{1:032x}"
    assert OUTAGE not in told(stage, named)
    page = told(stage, named, with_text=True)
    assert f"text: {OUTAGE}\n" in page
    assert f"\n    {stage.sent[EVA][0]}" in page


def test_danger_is_told_with_its_case_its_alert_and_who_was_alerted(stage: StoredStage) -> None:
    stage.text(EVA, "Linja henger lavt over veien ved Furuneset")
    said = last(stage)
    assert "met: no form, no question\n" in said
    assert "case IN-00000001 opened: form danger; it is reported now\n" in said
    assert "raised, not acknowledged\n" in said
    assert "on call: alert to +47*****001: the provider has it" in said
    assert "audit case_opened by customer (wrote), case IN-00000001\n" in said
    assert said.index("case IN-00000001 opened") < said.index("alert ")


def test_a_code_is_told_of_and_never_shown(stage: StoredStage) -> None:
    for text in (OUTAGE, "STATUS"):
        stage.text(EVA, text)
    code = stage.sent[EVA][-1][:6]
    assert code.isdecimal()
    with stage.store.read() as session:
        newest = session.exec(
            select(MessageRow.id).where(MessageRow.direction == "in").order_by(col(MessageRow.id))
        ).all()
    said = told(stage, newest[-1], with_text=True)
    assert f"code to {SHOWN}: the provider has it" in said
    assert code not in said


def test_a_duplicate_leaves_the_one_turn(stage: StoredStage) -> None:
    stage.text(EVA, OUTAGE)
    named = f"SM{1:032x}"
    before = told(stage, named)
    again = stage.receive(Inbound("sms", ACCOUNT, named, EVA, stage.number, OUTAGE, 1, 0, ""))
    assert again.disposition == "duplicate"
    assert told(stage, named) == before
    assert before.count("answer to") == 1


def test_a_message_left_to_a_person_says_why(stage: StoredStage) -> None:
    for text in ("HUMAN", "Kommer dere snart?"):
        stage.text(EVA, text)
    said = last(stage)
    assert "disposition: to_person, it was left to a person\n" in said
    assert "why: handed_over: a person has the conversation, the machine is silent\n" in said
    assert "a person had the conversation" in said
    assert "answer to" not in said


def test_a_braked_answer_says_so(stage: StoredStage) -> None:
    stage.text(EVA, "MENY")
    for _ in range(limits.BRAKES[0].most):
        stage.text(EVA, "")
        stage.text(EVA, "MENY")
    stage.text(EVA, "")
    assert f"answer to a turn that moved nothing to {SHOWN}: not sent; brake: " in last(stage)


def test_an_undelivered_answer_says_what_the_provider_said(stage: StoredStage) -> None:
    stage.text(EVA, OUTAGE)
    with stage.store.read() as session:
        delivery = session.exec(select(Delivery.id)).one()
    gone = settling.Outcome("refused", f"SM{delivery}", Failure.HANDSET_UNREACHABLE)
    stage.store.write(lambda work: settling.take_receipt(work, stage.dice, delivery, gone)).result()
    wanted = f"answer to {SHOWN}: not delivered 13:00:00Z; handset_unreachable: the phone is off or out of reach"
    assert f"{wanted}\n" in last(stage)
    ours = told(stage, f"SM{delivery}")
    assert ours == told(stage, delivery)
    assert "not delivered" in ours
    assert "which it may answer: gateway explain " in ours


def test_what_a_caseworker_did_later_is_no_consequence(stage: StoredStage) -> None:
    stage.text(EVA, "HUMAN")
    before = last(stage)
    stage.move_clock(timedelta(hours=1))
    with stage.store.read() as session:
        stage.comment("Kari", session.exec(select(Case.number)).one(), "Vi ringer deg.")
    assert last(stage) == before


def test_every_word_that_a_row_may_hold_has_its_meaning() -> None:
    reasons = {*Failure, *filter(None, get_args(Withheld)), intake.RAISED, intake.KILLED, settling.NO_RECEIPT}
    reasons |= {limits.CODE_REFUSED, limits.CODE_UNANSWERED, limits.CASE_UNKNOWN, unknown.LEASE_LOST, unknown.NOT_FOUND}
    reasons |= {unheard.LISTED_AS_FAILED, sending.NOT_COMPOSED, sending.STOPPING}
    assert reasons - REASONS.keys() == set()
    assert words_of("delivery", "state") == set(STATES)
    assert words_of("message", "disposition") | {None} == set(DISPOSITIONS)
    assert set(get_args(Disposition)) <= set(DISPOSITIONS)
    assert set(DeliveryClass) == set(KINDS)
    assert {get_type_hints(one)["kind"] for one in get_args(Happened)} == {
        Literal[kind] for kind in (*TOLD, *ELSEWHERE)
    }


def words_of(table: str, column: str) -> set[str | None]:
    kind = metadata.tables[table].c[column].type
    assert isinstance(kind, Enum)
    return set(kind.enums)


def test_the_command_reads_alone_and_knows_what_it_does_not_know(
    sqlite: Place, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    url = sqlite.create(migrate)
    monkeypatch.chdir(tmp_path)
    for name, value in {"CASELINE_STORE_URL": url, "CASELINE_DEVELOPMENT": "1"}.items():
        monkeypatch.setenv(name, value)
    with stored_stage(url) as stage:
        stage.text(EVA, OUTAGE)
        said = CliRunner().invoke(cli, ["explain", f"SM{1:032x}"])
        assert (said.exit_code, said.stderr) == (0, "")
        assert "disposition: turn" in said.stdout
        none = CliRunner().invoke(cli, ["explain", "SM0"])
    assert (none.exit_code, none.stdout) == (1, "")
    assert none.stderr == "caseline: there is no message SM0: give its id as in logs and the API, or the provider's\n"
    sqlite.drop(url)
