"""A person takes over: the machine is silent, the customer is told, and there is a way back."""

from conversations.desk.model import Form
from conversations.effects import AddComment, HandOver, OpenCase
from conversations.inputs import GivenBack
from conversations.moves import collect
from conversations.state import Draft, HandedOver, Note
from conversations.talk import Talk
from conversations.text import Mark
from conversations.words import Command, read_command, shown


def ask_for(talk: Talk) -> None:
    """MENNESKE: hand the conversation over, and say so."""
    talk.moved = True
    case = to_person(talk, "asked_for_a_person", ())
    talk.say("agent.told", case=Mark("case_number", case), menu=shown(Command.MENU, talk.language))


def to_person(talk: Talk, reason: str, notes: tuple[Note, ...]) -> str:
    """Hand over: the case under way, else the one case there is, else a new one of the general form."""
    state = talk.state
    only = state.cases[0] if len(state.cases) == 1 and not talk.draft and not notes else None
    case = (talk.draft.case if talk.draft and not notes else None) or only or _open_general(talk, notes)
    talk.do(HandOver(case, reason))
    talk.change(handed_over=HandedOver(case, talk.now), frame=None, idle_turns=0)
    return case


def silent(talk: Talk) -> bool:
    """While a person has the conversation, what is written is a comment; MENY is the way back."""
    handed = talk.state.handed_over
    if handed is None:
        return False
    heard = read_command(talk.message.text)
    if heard and heard.command in (Command.MENU, Command.BACK):
        talk.change(handed_over=None)
        talk.moved = True
        if heard.command is Command.BACK:
            talk.say("agent.back")
        return heard.command is Command.BACK
    talk.do(AddComment(talk.dice.new_id(), handed.case, talk.message.id, talk.customer()))
    talk.disposition, talk.reason, talk.moved = "to_person", "handed_over", True
    return True


def given_back(talk: Talk) -> None:
    """The caseworker is done talking: the machine answers again."""
    told, handed = talk.told, talk.state.handed_over
    if isinstance(told, GivenBack) and handed and handed.case == told.case:
        talk.change(handed_over=None)
        talk.say("agent.back")
    else:
        talk.reason = "moved_on"


def _open_general(talk: Talk, notes: tuple[Note, ...]) -> str:
    form = _general(talk)
    case = talk.dice.new_id()
    talk.do(OpenCase(case, form.id, form.series or "", talk.desk.desk.statuses[1].id, form.urgency))
    kept = (*(talk.draft.notes if talk.draft else ()), *notes)
    collect.write(talk, case, Draft("", form.id, talk.desk.version, talk.now, notes=kept))
    talk.change(cases=(*talk.state.cases, case))
    return case


def _general(talk: Talk) -> Form:
    return talk.desk.forms[talk.desk.desk.general_form]
