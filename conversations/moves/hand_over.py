"""A person takes over: the machine is silent, the customer is told, and there is a way back."""

from conversations.effects import AddComment, HandOver, OpenCase
from conversations.inputs import GivenBack
from conversations.moves import collect, drafts, reply
from conversations.state import Draft, HandedOver, Note
from conversations.talk import Talk
from conversations.text import Mark
from conversations.words import Command, read_command, shown


def ask_for(talk: Talk) -> None:
    """MENNESKE: hand the conversation over, and say so."""
    talk.moved = True
    case = to_person(talk, "asked_for_a_person", ())
    talk.say("agent.told", case=Mark("case_number", case), menu=shown(Command.MENU, talk.language))


def to_person(talk: Talk, reason: str, notes: tuple[Note, ...] = ()) -> str:
    """Hand over, with the words that have no place: the case under way, else the one there is, else a new one.

    What waits for «Er det fare nå?» goes on waiting: its yes is read before the hand-over.
    """
    held = () if talk.state.danger_asked else talk.take_held()
    case = give(talk, reason, (*held, *notes))
    talk.change(handed_over=HandedOver(case, talk.now), digression=None, idle_turns=0)
    return case


def give(talk: Talk, reason: str, notes: tuple[Note, ...]) -> str:
    """A person is to look at the words, on a case; the conversation itself goes on."""
    state, draft = talk.state, talk.draft
    begun = drafts.words_of(draft) if draft and not draft.case else ()
    if state.handed_over:
        case = state.handed_over.case
        pass_on(talk, case, (*begun, *notes))
    elif draft and draft.case:
        case = draft.case
        collect.fill(talk, notes)
    elif len(state.cases) == 1 and not draft:
        case = state.cases[0]
        pass_on(talk, case, notes)
    else:
        case = _open_general(talk, (*begun, *notes))
    talk.do(HandOver(case, reason))
    return case


def pass_on(talk: Talk, case: str, notes: tuple[Note, ...]) -> None:
    """Put messages on a case as they are."""
    for note in notes:
        talk.do(AddComment(talk.dice.new_id(), case, note.message, talk.customer("wrote")))


def silent(talk: Talk) -> bool:
    """While a person has the conversation, what is written is a comment; MENY is the way back."""
    handed = talk.state.handed_over
    if handed is None:
        return False
    heard = read_command(talk.message.text)
    if heard and heard.command in (Command.MENU, Command.BACK):
        _take_back(talk, handed)
        talk.moved = True
        if heard.command is Command.BACK:
            talk.say("agent.back")
        return heard.command is Command.BACK
    named = reply.case_named(talk)
    if named:
        case = named.case
    else:
        # A caseworker's comment on another case, told since then, is what is answered.
        since = [one for one in talk.state.awaited if one.at >= handed.at]
        case = max(since, key=lambda one: one.at).case if since else handed.case
    pass_on(talk, case, (talk.note(),))
    talk.disposition, talk.reason, talk.moved = "to_person", talk.reason or "handed_over", True
    return True


def given_back(talk: Talk) -> None:
    """The caseworker is done talking: the machine answers again."""
    told, handed = talk.told, talk.state.handed_over
    if isinstance(told, GivenBack) and handed and handed.case == told.case:
        _take_back(talk, handed)
        talk.say("agent.back")
    else:
        talk.reason = "moved_on"


def _take_back(talk: Talk, handed: HandedOver) -> None:
    """What the caseworker wrote meanwhile was talk, and waits for no answer."""
    waiting = tuple(one for one in talk.state.awaited if one.at < handed.at)
    talk.change(handed_over=None, awaited=waiting)


def _open_general(talk: Talk, notes: tuple[Note, ...]) -> str:
    desk = talk.desk.desk
    form, case = talk.desk.forms[desk.general_form], talk.dice.new_id()
    talk.do(OpenCase(case, form.id, form.series or "", desk.statuses[1].id, form.urgency))
    collect.write(talk, case, Draft("", form.id, talk.desk.version, talk.now, notes=notes))
    talk.change(cases=(*talk.state.cases, case))
    return case
