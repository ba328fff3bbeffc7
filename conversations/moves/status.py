"""What has become of my cases: shown only to who proved to hold the number they were reported from."""

from datetime import datetime

from conversations import limits
from conversations.authority import Act, allows
from conversations.desk.model import FormField, Status
from conversations.effects import HandOver, ReadComments
from conversations.facts import CaseAnswers, CaseLine, LastComment, RecentAnswers, ReportedCase, ReportedCases
from conversations.fields.contract import shortened
from conversations.inputs import StatusChanged
from conversations.moves import collect, drafts, identify, search, who
from conversations.state import Awaited, Option
from conversations.talk import Talk
from conversations.text import Text
from conversations.words import Command, shown

SHOWN = 3
"""Cases in one text."""
MOST_ANSWERS = 90
"""Characters of what was reported, in one text."""


def ask(talk: Talk, which: str | None) -> None:
    """STATUS, STATUS LUKKET, STATUS JAN or STATUS IN-1042, or a number of the list that came of it."""
    talk.moved = True
    if may_read(talk):
        show(talk, which or "")
    else:
        identify.prove(talk, after=f"status:{which or ''}")


def look_for(talk: Talk, which: str | None) -> None:
    """SØK: cases of theirs by words or a period."""
    if which:
        ask(talk, which)
    else:
        talk.moved = True
        talk.say("search.how", search=shown(Command.SEARCH, talk.language))


def may_read(talk: Talk) -> bool:
    """Whether what this address reported may be told to it."""
    return allows(Act.READ_REPORTED, talk.message.evidence, trusted=talk.is_trusted)


def show(talk: Talk, which: str) -> None:
    """Show one case or list several, of those who hold the number whoever writes; the caller knows that it is proved.

    Who names many cases that are none of theirs is shown their own.
    """
    if not who.is_known(talk, f"status:{which}"):
        return
    reader = who.reader(talk)
    if which in ("", "closed"):
        _list(talk, talk.facts.find(ReportedCases(closed=which == "closed", reporter=reader)), which)
        return
    if search.is_search(which):
        _list(talk, search.cases(talk, which, reader), which)
        return
    case = talk.facts.find(ReportedCase(which, reader))
    if case:
        show_one(talk, case)
    elif talk.facts.find(RecentAnswers()).strange_cases_day < limits.STRANGE_CASES:
        talk.reason = limits.CASE_UNKNOWN
        talk.say("status.unknown", number=which)
    else:
        show(talk, "")


def show_status(talk: Talk, case: CaseLine) -> None:
    """One line: the case, its form and its status."""
    talk.said.append(_line(talk, case, with_unread=False))


def show_one(talk: Talk, case: CaseLine) -> None:
    """A case and the last thing a caseworker wrote; what is written next is an answer to it."""
    last = talk.facts.find(LastComment(case.case))
    show_status(talk, case)
    if answers := _answers(talk, case):
        talk.say("status.answers", answers=answers)
    if last:
        talk.say("status.comment", words=last.words, author=last.author, at=when(talk, last.at))
        talk.do(ReadComments(case.case))
    if _status(talk, case.status).open:
        talk.say("status.reply_here")
        await_reply(talk, case.case, last.comment if last else "")


def _answers(talk: Talk, case: CaseLine) -> str:
    """What was reported, in the form's order; where no field has it, the words as they were written."""
    known, form = talk.facts.find(CaseAnswers(case.case)), talk.desk.forms.get(case.form)
    fields = [one for one in form.fields if known.get(one.id)] if form else []
    said = [_labelled(talk, one, known[one.id]) for one in fields] or [known.get(collect.NOTES, "")]
    return shortened(", ".join(said), MOST_ANSWERS).removesuffix(".")


def _labelled(talk: Talk, field: FormField, shown: str) -> str:
    return f"{talk.own_words(field.label)}: {shown.lower()}" if field.kind == "yes_no" else shown


def await_reply(talk: Talk, case: str, comment: str) -> None:
    """The case waits for this person: what finds no other place is an answer to it."""
    others = tuple(one for one in talk.state.awaited if one.case != case)
    talk.change(awaited=(*others, Awaited(case, comment, talk.now)))


def changed(talk: Talk) -> None:
    """A caseworker moved a case on: told where the desk says so; a closed one is let go, and taken up again."""
    told = talk.told
    if not isinstance(told, StatusChanged):
        raise TypeError("this turn was not begun by a status")
    now = _status(talk, told.status)
    if now.tell and is_still_theirs(talk, told.case, told.case_number):
        talk.say("status.changed", number=told.case_number, status=talk.own_words(now.name))
    if not now.open:
        _let_go(talk, told.case)
    elif told.case not in talk.state.cases and talk.facts.find(ReportedCase(told.case_number)):
        talk.change(cases=(*talk.state.cases, told.case))


def is_still_theirs(talk: Talk, case: str, number: str) -> bool:
    """Whether who holds the address now reported the case; if not, a person must look at it."""
    if talk.facts.find(ReportedCase(number)):
        return True
    talk.do(HandOver(case, "address_changed_hands"))
    talk.reason = "address_changed_hands"
    return False


def when(talk: Talk, at: datetime) -> str:
    """A time as the desk's clock shows it: «14.01. 15:10», or the hour alone today."""
    local = at.astimezone(talk.desk.zone)
    today = talk.now.astimezone(talk.desk.zone).date()
    clock = f"{local:%H:%M}"
    return clock if local.date() == today else f"{local:%d.%m.} {clock}"


def _list(talk: Talk, cases: tuple[CaseLine, ...], which: str) -> None:
    if not cases and search.is_search(which):
        talk.say("search.none", words=search.said(which), status=shown(Command.STATUS, talk.language))
    elif not cases:
        talk.say("status.none_closed" if which == "closed" else "status.none")
    elif len(cases) == 1:
        show_one(talk, cases[0])
    else:
        lines = [_line(talk, case, with_unread=True) for case in cases[:SHOWN]]
        numbered: list[Text] = [(f"{n})", " ", *line) for n, line in enumerate(lines, 1)]
        talk.said.extend(numbered)
        if len(cases) > SHOWN:
            talk.say("status.more", count=str(len(cases) - SHOWN))
        chosen = tuple(Option(case.number, case.number) for case in cases[:SHOWN])
        talk.ask("cases", talk.text("status.choose"), chosen, digression=True, listed=True)


def _line(talk: Talk, case: CaseLine, *, with_unread: bool) -> Text:
    form = talk.desk.forms.get(case.form)
    name = talk.own_words(form.name) if form else case.form
    status = talk.own_words(_status(talk, case.status).name)
    msgid = "status.line_unread" if with_unread and case.unread else "status.line"
    return talk.text(msgid, number=case.number, form=name, status=status, unread=str(case.unread))


def _status(talk: Talk, status: str) -> Status:
    known = talk.desk.desk.statuses
    return next((one for one in known if one.id == status), known[0])


def _let_go(talk: Talk, case: str) -> None:
    state = talk.state
    if talk.draft and talk.draft.case == case:
        drafts.leave(talk, talk.draft, "sent")
    talk.change(
        danger=None if state.danger and state.danger.case == case else state.danger,
        handed_over=None if state.handed_over and state.handed_over.case == case else state.handed_over,
        awaited=tuple(one for one in state.awaited if one.case != case),
        cases=tuple(one for one in state.cases if one != case),
    )
