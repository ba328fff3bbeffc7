"""What a caseworker does by the API and what the customer sees of it, on the whole machine and both databases."""

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from sqlmodel import select

from channels.contract import Inbound
from storage import case_work
from storage.attention import attention
from storage.case_views import Named, whole_case
from storage.case_work import NewComment, NewStatus
from storage.migrate import migrate
from storage.tables import Audit
from storage.views import CaseWhole
from storage.work import Work
from tests.conftest import Place
from tests.stored_stage import ACCOUNT, StoredStage, stored_stage

T = TypeVar("T")
EVA, DUTY = "+4791234567", "+4799990001"
DANGER = "Linja henger lavt over veien ved Furuneset, barn går her"
BACK = "Da er jeg tilbake. Skriv hva det gjelder, eller svar MENY."


@pytest.fixture
def stage(store_place: Place) -> Iterator[StoredStage]:
    url = store_place.create(migrate)
    with stored_stage(url) as opened:
        yield opened
    store_place.drop(url)


def say(stage: StoredStage, body: str, by: str = EVA) -> list[str]:
    """A phone texts; what it got since the last look."""
    stage.text(by, body)
    return news(stage, by)


def news(stage: StoredStage, number: str = EVA) -> list[str]:
    return list(iter(lambda: stage.heard(number), None))


def case(stage: StoredStage, number: str) -> CaseWhole:
    with stage.store.read() as session:
        return whole_case(stage.scope, session, Named(number))


def do(stage: StoredStage, act: Callable[[Work], T]) -> T:
    """A caseworker acts, and what follows from it happens."""
    made = stage.store.write(act).result()
    stage.settle()
    return made


def give_back(stage: StoredStage, number: str) -> CaseWhole:
    return do(stage, lambda work: case_work.give_back(work, stage.scope, stage.dice, Named(number)))


def comment(stage: StoredStage, number: str) -> None:
    do(stage, lambda work: comment_job(stage, number, work))


def comment_job(stage: StoredStage, number: str, work: Work) -> None:
    case_work.comment(work, stage.scope, stage.dice, Named(number), NewComment("Vi kommer", public=True))


def change(stage: StoredStage, number: str, status: str) -> CaseWhole:
    new = NewStatus(status, case(stage, number).revision)
    return do(
        stage,
        lambda work: case_work.change_status(work, stage.scope, stage.dice, stage.fronts, Named(number), new),
    )


def audits(stage: StoredStage, act: str) -> int:
    with stage.store.read() as session:
        return len(session.exec(select(Audit).where(Audit.act == act)).all())


def waiting(stage: StoredStage) -> list[str]:
    """The cases that need a person, by number."""
    with stage.store.read() as session:
        return [one.number for one in attention(stage.scope, session, stage.store.now()).cases]


def test_a_conversation_that_is_given_back_is_answered_by_the_machine_again(stage):
    say(stage, "MENNESKE")
    assert waiting(stage) == ["IN-00000001"]
    assert say(stage, "Er det noen der?") == []
    given = give_back(stage, "IN-00000001")
    assert (given.attention, given.open) == (None, True)
    assert news(stage) == [BACK]
    assert waiting(stage) == []
    assert say(stage, "MENY") != []


def test_a_report_that_was_under_way_is_gone_on_with_when_it_is_given_back(stage):
    question = "Storgata 4, 6700 Måløy. Er det riktig? 1 Ja 2 Nei"
    assert say(stage, "strømmen er borte i Storgata 4, 6700 Måløy") == [question]
    say(stage, "MENNESKE")
    give_back(stage, "IN-00000001")
    assert news(stage) == [f"Da er jeg tilbake, og vi fortsetter med Strømbrudd. {question}"]
    assert say(stage, "1") != []


def test_closing_the_case_of_a_report_that_was_under_way_ends_the_report_with_it(stage):
    say(stage, "strømmen er borte i Storgata 4, 6700 Måløy")
    say(stage, "MENNESKE")
    change(stage, "IN-00000001", "closed")
    assert news(stage) == []
    assert say(stage, "send") == ["Det er ingenting å sende. Skriv hva det gjelder, eller svar MENY."]


def test_giving_back_again_and_what_nobody_has_changes_nothing(stage):
    say(stage, "MENNESKE")
    named = Named("IN-00000001")
    for _ in range(2):
        stage.store.write(lambda work: case_work.give_back(work, stage.scope, stage.dice, named)).result()
    stage.settle()
    give_back(stage, "IN-00000001")
    assert news(stage) == [BACK]
    assert audits(stage, "given_back") == 1
    say(stage, DANGER)
    give_back(stage, "IN-00000002")
    assert news(stage) == []
    assert audits(stage, "given_back") == 1


def test_a_conversation_is_taken_by_a_person_once_and_danger_alone_is_answered_in_it(stage):
    say(stage, DANGER)
    for _ in range(2):
        stage.store.write(
            lambda work: case_work.take_over(work, stage.scope, stage.dice, Named("IN-00000001"))
        ).result()
    stage.settle()
    assert news(stage) == ["En saksbehandler tar over og svarer deg her, sak IN-00000001. Svar MENY for å gå tilbake."]
    assert audits(stage, "taken_over") == 1
    comment(stage, "IN-00000001")
    assert news(stage) == ["Vi kommer (Kari, IN-00000001)"]
    assert say(stage, "Så bra, takk") == []
    assert [one.text for one in case(stage, "IN-00000001").comments][-1] == "Så bra, takk"
    assert "varsler vakta" in say(stage, "Nå gnistrer det i stolpen")[0]
    give_back(stage, "IN-00000001")
    assert news(stage)[0].startswith("Da er jeg tilbake")


def test_what_else_drew_attention_to_the_case_stands_when_it_is_given_back(stage):
    say(stage, "MENNESKE")
    comment(stage, "IN-00000001")
    stage.clock.now += stage.clock.now.resolution
    say(stage, "Det passer ikke")
    assert case(stage, "IN-00000001").attention == "comment"
    assert give_back(stage, "IN-00000001").attention == "comment"


def test_a_comment_to_who_wants_no_texts_is_withheld_and_says_so(stage):
    say(stage, DANGER)
    say(stage, "STOPP")
    comment(stage, "IN-00000001")
    assert news(stage) == []
    seen = case(stage, "IN-00000001")
    assert [(one.delivery, one.failure) for one in seen.comments if one.author_kind == "caseworker"] == [
        ("withheld", "opted_out")
    ]
    assert (seen.attention, waiting(stage)) == ("not_delivered", ["IN-00000001"])


def test_a_comment_that_stopp_overtakes_says_so_even_on_a_closed_case(stage):
    say(stage, DANGER)
    change(stage, "IN-00000001", "closed")
    news(stage)
    stage.store.write(lambda work: comment_job(stage, "IN-00000001", work)).result()
    stage._tell_all()
    stage.receive(Inbound("sms", ACCOUNT, "SM-stopp", EVA, stage.number, "STOPP", 1, 0))
    stage.settle()
    assert news(stage) == []
    seen = case(stage, "IN-00000001")
    assert (seen.comments[-1].delivery, seen.comments[-1].failure) == ("withheld", "opted_out")
    assert waiting(stage) == ["IN-00000001"]


def test_closing_a_danger_case_stops_its_alerts_and_claims_nothing_to_the_reporter(stage):
    say(stage, DANGER)
    news(stage, DUTY)
    closed = change(stage, "IN-00000001", "closed")
    assert [one.next_at for one in closed.alerts] == [None]
    assert not any("vakt" in text.lower() for text in news(stage))
    assert len(news(stage, DUTY)) == 1


def test_a_case_that_is_opened_again_is_one_of_the_conversations_again(stage):
    say(stage, DANGER)
    change(stage, "IN-00000001", "closed")
    change(stage, "IN-00000001", "in_progress")
    say(stage, "MENNESKE")
    assert case(stage, "IN-00000001").attention == "asked_for_a_person"
    assert waiting(stage) == ["IN-00000001"]
