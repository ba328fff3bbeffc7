"""A person takes over: the machine is silent, the customer is told, and there is a way back."""

from datetime import timedelta
from typing import Final

from conversations.effects import AddComment, DeliveryClass, HandOver, OpenCase, SetTimer
from conversations.facts import ReportedCases
from conversations.inputs import GivenBack, TakenOver, WordsUnplaced
from conversations.moves import alert, collect, drafts, options, reply, review, status, who
from conversations.state import Draft, HandedOver, Note
from conversations.talk import Talk
from conversations.text import Mark
from conversations.words import Command, read_command, shown

SAID_WITHIN: Final = timedelta(hours=4)
STILL_OURS: Final = frozenset({Command.HELP, Command.LANGUAGE, Command.CODE, Command.SIGN_OUT, Command.ERASE_ME})
"""Words that are answered while a person has the conversation, as STATUS and MENY are."""


def ask_for(talk: Talk) -> None:
    """MENNESKE: hand the conversation over, and say so."""
    talk.moved = True
    case = to_person(talk, "asked_for_a_person", ())
    talk.say("agent.told", case=Mark("case_number", case), menu=shown(Command.MENU, talk.language))


def to_person(talk: Talk, reason: str, notes: tuple[Note, ...] = ()) -> str:
    """Hand over, with the words that have no place: the case under way, else the one there is, else a new one.

    What waits for «Er det fare nå?» goes on waiting: its yes is read before the hand-over.
    """
    case = give(talk, reason, (*_waiting(talk), *notes))
    _hand(talk, case)
    return case


def give(talk: Talk, reason: str, notes: tuple[Note, ...]) -> str:
    """A person is to look at the words, on a case; the conversation itself goes on.

    The form under way has its own case from here on, which is completed where it is gone on with: one matter is
    one case. Where its form is for proved numbers, its words stand on another.
    """
    state, draft = talk.state, talk.draft
    begun = drafts.words_of(draft) if draft and not draft.case else ()
    if draft and talk.form.kind == "lookup":
        # Its words are passed on once; it is soon asked for again.
        drafts.leave(talk, draft, "dropped")
        draft = None
    if state.handed_over:
        case = state.handed_over.case
        pass_on(talk, case, (*begun, *notes))
    elif draft and (draft.case or review.may_be_filed(talk)):
        case = review.open_case(talk)
        collect.fill(talk, notes)
    elif len(state.cases) == 1 and not draft:
        case = state.cases[0]
        pass_on(talk, case, (*begun, *notes))
    else:
        case = _open_general(talk, (*begun, *notes))
    talk.do(HandOver(case, reason))
    return case


def pass_on(talk: Talk, case: str, notes: tuple[Note, ...]) -> None:
    """Put messages on a case as they are."""
    for note in notes:
        talk.do(AddComment(talk.dice.new_id(), case, note.message, talk.customer("wrote")))


def silent(talk: Talk) -> bool:
    """While a person has the conversation, what is written is a comment; MENY is the way back, STATUS is answered.

    What is said of the writer's own data, of the language or in need of help is for no person, and read further.
    """
    handed = talk.state.handed_over
    if handed is None:
        return False
    heard = read_command(talk.message.text)
    asked = talk.state.digression
    if (heard and heard.command in STILL_OURS) or (asked and options.read(talk, asked)):
        return False
    if heard and heard.command in (Command.MENU, Command.BACK):
        _take_back(talk, handed)
        talk.moved = True
        if heard.command is Command.BACK:
            say_back(talk)
        return heard.command is Command.BACK
    named = reply.case_named(talk)
    if named:
        case = named.case
    else:
        # A caseworker's comment on another case, told since then, is what is answered.
        since = [one for one in talk.state.awaited if one.at >= handed.at]
        case = max(since, key=lambda one: one.at).case if since else handed.case
    pass_on(talk, case, (talk.note(),))
    if heard and heard.command is Command.STATUS:
        _say_where_it_stands(talk, handed)
    alert.noted_later(talk, case, talk.note())
    talk.change(digression=None)
    talk.disposition, talk.reason, talk.moved = "to_person", talk.reason or "handed_over", True
    return True


def _say_where_it_stands(talk: Talk, handed: HandedOver) -> None:
    """Who has it and since when, which this address was told before; its status only to who proved the number."""
    reported = talk.facts.find(ReportedCases()) if status.may_read(talk) else ()
    for case in reported:
        if case.case == handed.case:
            status.show_status(talk, case)
    at = status.when(talk, handed.at)
    values = {"case": Mark("case_number", handed.case), "menu": shown(Command.MENU, talk.language)}
    talk.say("agent.has", at=at, **values)


def taken_over(talk: Talk) -> None:
    """A caseworker takes the conversation without having been asked to: the customer is told, and the way back."""
    told, handed = talk.told, talk.state.handed_over
    if not isinstance(told, TakenOver) or (handed and handed.case == told.case):
        talk.reason = "moved_on"
        return
    if not status.is_still_theirs(talk, told.case, told.case_number):
        return
    pass_on(talk, told.case, _waiting(talk))
    _hand(talk, told.case)
    talk.say("agent.told", case=told.case_number, menu=shown(Command.MENU, talk.language))


def given_back(talk: Talk) -> bool:
    """The caseworker is done talking: the machine answers again. True: a form is gone on with, so ask."""
    told, handed = talk.told, talk.state.handed_over
    if not isinstance(told, GivenBack) or not handed or handed.case != told.case:
        talk.reason = "moved_on"
        return False
    _take_back(talk, handed)
    say_back(talk)
    return talk.draft is not None


def say_back(talk: Talk) -> None:
    """Say that the machine answers again, and which form is gone on with, if one is under way."""
    if talk.draft:
        talk.say("agent.back_in_form", form=talk.own_words(talk.form.name))
    else:
        talk.say("agent.back")


def set_timer(talk: Talk) -> None:
    """Where nobody says what the held words are about, that is told to this conversation in some hours."""
    before = talk.began
    held, waited = talk.state.held, before.held and not before.danger_asked
    if held and not talk.state.danger_asked and (not waited or before.held[0] != held[0]):
        talk.do(SetTimer(talk.now + SAID_WITHIN, WordsUnplaced(held[0].message)))


def words_unplaced(talk: Talk) -> None:
    """Nobody said what the held words are about: they go with the form under way, else to a person."""
    told = talk.told
    if not isinstance(told, WordsUnplaced) or told.message not in {note.message for note in talk.state.held}:
        talk.reason = "moved_on"
        return
    held = _waiting(talk)
    talk.change(digression=None)
    if talk.draft:
        collect.fill(talk, held)
    elif held:
        case = give(talk, "words_unplaced", held)
        talk.delivery_class = DeliveryClass.REMINDER
        talk.say("held.passed_on", case=Mark("case_number", case))


def _waiting(talk: Talk) -> tuple[Note, ...]:
    return () if talk.state.danger_asked else talk.take_held()


def _hand(talk: Talk, case: str) -> None:
    talk.change(handed_over=HandedOver(case, talk.now), digression=None, idle_turns=0)


def _take_back(talk: Talk, handed: HandedOver) -> None:
    """What the caseworker wrote meanwhile was talk, and waits for no answer."""
    waiting = tuple(one for one in talk.state.awaited if one.at < handed.at)
    talk.change(handed_over=None, awaited=waiting)


def _open_general(talk: Talk, notes: tuple[Note, ...]) -> str:
    desk = talk.desk.desk
    form, case = talk.desk.forms[desk.general_form], talk.dice.new_id()
    talk.do(OpenCase(case, form.id, form.series or "", desk.statuses[1].id, form.urgency))
    who.reports(talk, case)
    collect.write(talk, case, Draft("", form.id, talk.desk.version, talk.now, notes=notes))
    talk.change(cases=(*talk.state.cases, case))
    return case
