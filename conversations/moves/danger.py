"""Danger: its case is opened in the first turn, before identity, whatever limit, lock or opt-out stands.

A strong phrase opens anywhere, a code prompt included; a weak one asks «Er det fare nå?» and keeps what was
written. While a danger case of the conversation is open, more is added to it and alerts again.
"""

from datetime import timedelta

from conversations.danger import Verdict
from conversations.effects import DeliveryClass, OpenCase, SetTimer
from conversations.inputs import DangerUnanswered
from conversations.moves import alert, collect, correction, hand_over, options, review, who
from conversations.state import Note, OpenDanger
from conversations.talk import Talk
from conversations.typed import bare

ANSWERED_WITHIN = timedelta(minutes=5)


def judge(talk: Talk) -> bool:
    """Open, ask or add, as the words demand; false where the message is to be read further."""
    if talk.desk.desk.danger is None:
        if talk.desk.danger.judge(talk.message.text) is Verdict.OPEN:
            talk.say("danger.elsewhere")
        return False
    verdict = talk.desk.danger.judge(talk.message.text)
    if talk.state.danger:
        is_more = verdict is Verdict.OPEN and not _is_offered(talk)
        if is_more:
            more(talk, (talk.note(),))
        return is_more
    if verdict is Verdict.OPEN:
        open_case(talk, (*talk.take_held(), talk.note()))
        return True
    if verdict is Verdict.ASK and not talk.state.danger_asked:
        ask(talk)
        talk.moved = talk.state.handed_over is None
        return True
    return False


def _is_offered(talk: Talk) -> bool:
    """Nothing but what the danger's own question offered as an answer: «linje nede»."""
    asked, danger, draft = talk.state.asked, talk.state.danger, talk.draft
    if not asked or not danger or not draft or draft.case != danger.case:
        return False
    return bare(talk.message.text) in {bare(option.label) for option in asked.options}


def ask(talk: Talk) -> None:
    """Ask whether there is danger now; nobody answering sends it to a person.

    Asking again, or where a person has the conversation, moves nothing: machines answer every question.
    """
    talk.hold(talk.note())
    put(talk)
    talk.delivery_class = DeliveryClass.DANGER


def put(talk: Talk) -> None:
    """Put the question, for the first time or again after something else was answered."""
    talk.ask("danger", talk.text("danger.ask", phone=phone(talk)), options.yes_or_no(talk), digression=True)


def more(talk: Talk, notes: tuple[Note, ...]) -> None:
    """More of the open danger: alerted again, and on its case."""
    danger = talk.state.danger
    if danger is None:
        return
    for note in notes:
        alert.more(talk, note.words)
    talk.delivery_class, talk.moved = DeliveryClass.DANGER, True
    if talk.draft and talk.draft.case == danger.case:
        talk.say("danger.again")
        correction.take_more(talk, notes)
        return
    hand_over.pass_on(talk, danger.case, notes)
    safety = talk.desk.desk.danger
    talk.said.extend([talk.own(safety.safety)] if safety else [])


def open_case(talk: Talk, notes: tuple[Note, ...]) -> None:
    """Open the danger case and raise the alert; the answer is what is safe, and the first question.

    Raises ValueError on a desk that has no danger form.
    """
    danger = talk.desk.desk.danger
    if danger is None:
        raise ValueError("this desk has no danger form")
    form = talk.desk.forms[danger.form]
    case, raised = talk.dice.new_id(), talk.dice.new_id()
    word = talk.dice.word()
    filed = review.file_as_it_stands(talk)
    talk.change(danger_asked=None, handed_over=None, cases=(*talk.state.cases, case))
    draft = collect.begin(talk, form, notes, case=case)
    talk.redraft(filed=filed)
    alert.raise_alert(talk, OpenDanger(case, raised, word, at=talk.now), notes)
    status = talk.desk.desk.statuses[0].id
    opened = OpenCase(case, form.id, form.series or "", status, form.urgency, draft.id)
    talk.effects.insert(0, opened)
    who.reports(talk, case)
    talk.said.append(talk.own(danger.safety))
    talk.delivery_class = DeliveryClass.DANGER


def set_timer(talk: Talk) -> None:
    """Nobody answering «Er det fare nå?» is told to this conversation in five minutes."""
    asked = talk.state.danger_asked
    if asked and talk.question and talk.question.what == "danger":
        talk.do(SetTimer(talk.now + ANSWERED_WITHIN, DangerUnanswered(asked.message)))


def unanswered(talk: Talk) -> None:
    """Nobody said whether there is danger: a person takes it, the words on a case."""
    asked, told = talk.state.danger_asked, talk.told
    if not isinstance(told, DangerUnanswered) or not asked or asked.message != told.question:
        talk.reason = "moved_on"
        return
    to_person(talk)


def to_person(talk: Talk) -> None:
    """Nothing that was said tells whether there is danger: a person takes it, the words on a case."""
    talk.question = None
    talk.change(danger_asked=None)
    hand_over.to_person(talk, "danger_unanswered")
    talk.say("danger.unanswered", phone=phone(talk))


def phone(talk: Talk) -> str:
    """The number to ring: the desk's duty number, or the general emergency number."""
    return talk.desk.desk.on_call.phone if talk.desk.desk.on_call else "112"
