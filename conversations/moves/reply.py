"""A text that belongs to a case: its number in the text, the case that waits, or the one that is chosen.

Never «the latest»: where it is not clear, the customer is asked with a numbered list.
"""

import re
from collections.abc import Sequence

from conversations.authority import Act, allows
from conversations.effects import AddComment, DeliveryClass, ReadComments
from conversations.facts import CaseLine, ReportedCase, ReportedCases
from conversations.fields import yes_no
from conversations.fields.contract import Taken
from conversations.inputs import Commented
from conversations.moves import alert, collect, opening, status, who
from conversations.state import Asked, Note, Option
from conversations.talk import Talk
from conversations.text import Mark
from conversations.words import is_continued, is_none_of_them

NEW = "new"
SHOWN = 3
"""Cases in one text."""


def commented(talk: Talk) -> None:
    """A caseworker's comment goes to the phone that reported the case, and waits for the answer there."""
    told = talk.told
    if not isinstance(told, Commented):
        raise TypeError("this turn was not begun by a comment")
    if not status.is_still_theirs(talk, told.case, told.case_number):
        return
    talk.delivery_class = DeliveryClass.COMMENT
    msgid = "comment.plain" if talk.state.handed_over else "comment.told"
    talk.say(msgid, number=told.case_number, words=told.words, author=told.author)
    if not talk.facts.opted_out:
        status.await_reply(talk, told.case, told.comment)


def named_case(talk: Talk) -> bool:
    """A case's number stands in the text: the text is a comment on it, if this address reported it."""
    case = case_named(talk)
    if case is None:
        return False
    asked = talk.state.digression
    held = talk.take_held() if asked and asked.what == "which_case" else ()
    for note in (*held, talk.note()):
        comment(talk, case.case, note)
    return True


def case_named(talk: Talk) -> CaseLine | None:
    """The case whose number stands in the message, if this address reported it."""
    number = _number_in(talk)
    return talk.facts.find(ReportedCase(number)) if number else None


def to_awaited(talk: Talk) -> bool:
    """The answer to what a caseworker asked last; several cases waiting: ask which."""
    if not talk.state.awaited or not _is_newest(talk):
        return False
    if _is_in_danger(talk):
        return _to_waiting_in_danger(talk)
    if talk.draft and _answers_options(talk):
        return False
    return _to_waiting(talk)


def to_awaited_after_all(talk: Talk) -> bool:
    """Words that did not answer the form's question, while a case waits for an answer."""
    if not talk.state.awaited or _is_in_danger(talk):
        return False
    return _to_waiting(talk)


def to_open_case(talk: Talk) -> bool:
    """Nothing waits and no form is under way, but there are open cases: ask whether it is about one."""
    return not talk.draft and belongs_to_open_case(talk, (talk.note(),))


def belongs_to_open_case(talk: Talk, notes: tuple[Note, ...]) -> bool:
    """Ask which of the open cases the words are about; false where they begin something new, or none is open."""
    words = " ".join(note.words for note in notes)
    is_new = opening.is_new(talk, words)
    if not talk.state.cases or (is_new and (not is_continued(words) or who.is_open(talk))):
        return False
    if not who.is_known(talk, "which_case"):
        talk.hold(*notes)
        return True
    cases = talk.facts.find(ReportedCases(reporter=who.reader(talk)))
    if is_new:
        # «Strømmen er fortsatt borte» is more of a case of that form, where one is open.
        meant = opening.form_meant(talk, words)
        cases = tuple(one for one in cases if meant and one.form == meant.id)
    danger = talk.state.danger
    if danger and [one.case for one in cases] == [danger.case]:
        # Nobody is asked which case it is while a danger is the only one.
        for note in notes:
            comment(talk, danger.case, note)
    elif cases:
        _ask_which(talk, cases, notes)
    return bool(cases)


def go_on(talk: Talk, _: str) -> None:
    """Who writes is known by now: ask which of their cases the words are about that were held, or begin anew."""
    notes = talk.take_held()
    if notes and not belongs_to_open_case(talk, notes):
        opening.open_with(talk, notes)


def none_of_them(talk: Talk, asked: Asked) -> Taken | None:
    """«Nei», «ingen av dem», «nei, det er hytta»: none of the cases that were listed, but something new."""
    if asked.what != "which_case" or not talk.facts.asked_claimed or case_named(talk):
        return None
    said = yes_no.in_words(talk.message.text)
    rest = said.rest if said and said.value == "no" else talk.message.text
    if is_none_of_them(rest):
        return Taken(NEW)
    return Taken(NEW, rest) if said and said.value == "no" else None


def chosen(talk: Talk, case: str) -> None:
    """The case that was meant gets what was held, or it is something new."""
    if case == NEW:
        opening.open_with(talk, talk.take_held())
        return
    for note in talk.take_held():
        comment(talk, case, note)


def comment(talk: Talk, case: str, note: Note) -> None:
    """Put a message on a case that this address reported. Its evidence is the message's own: who holds the
    number proved it once, but who wrote this has not, and a sender can be forged."""
    actor = talk.customer()
    if not allows(Act.COMMENT_REPORTED, actor.evidence):
        return
    talk.do(AddComment(talk.dice.new_id(), case, note.message, actor), ReadComments(case))
    talk.change(awaited=tuple(one for one in talk.state.awaited if one.case != case))
    talk.moved = True
    alert.noted_later(talk, case, note)
    added = talk.text("comment.added", case=Mark("case_number", case))
    if added not in talk.said:
        talk.said.append(added)


def _to_waiting_in_danger(talk: Talk) -> bool:
    """The answer to who asked last, and words for the danger's form as well; a number answers the form alone."""
    if talk.message.text.strip().isdecimal():
        return False
    newest = max(talk.state.awaited, key=lambda one: one.at)
    comment(talk, newest.case, talk.note())
    collect.fill(talk, (talk.note(),))
    return True


def _to_waiting(talk: Talk) -> bool:
    waiting = talk.state.awaited
    words = talk.message.text
    is_new = talk.draft is None and opening.is_new(talk, words) and not is_continued(words)
    if len(waiting) == 1 and not is_new:
        comment(talk, waiting[0].case, talk.note())
        return True
    if is_new and who.is_open(talk):
        # No report waits for who writes.
        return False
    if not who.is_known(talk, "which_case"):
        talk.hold(talk.note())
        return True
    cases = talk.facts.find(ReportedCases(reporter=who.reader(talk)))
    _ask_which(talk, [one for one in cases if any(one.case == two.case for two in waiting)], (talk.note(),))
    return True


def _ask_which(talk: Talk, cases: Sequence[CaseLine], notes: tuple[Note, ...]) -> None:
    talk.hold(*notes)
    shown = tuple(Option(case.case, f"{case.number} {_about(talk, case)}") for case in cases[:SHOWN])
    new = Option(NEW, "".join(map(str, talk.text("word.new"))))
    talk.ask("which_case", talk.text("comment.which"), (*shown, new), digression=True)
    talk.moved = True


def _about(talk: Talk, case: CaseLine) -> str:
    form = talk.desk.forms.get(case.form)
    return talk.own_words(form.name) if form else case.form


def _is_in_danger(talk: Talk) -> bool:
    """The form of the open danger is under way: what is said belongs to it before all else."""
    danger = talk.state.danger
    return danger is not None and talk.draft is not None and talk.draft.case == danger.case


def _answers_options(talk: Talk) -> bool:
    """A number, or a yes or no where the form's question takes one."""
    has_options = talk.state.asked is not None and bool(talk.state.asked.options)
    is_yes_or_no = has_options and yes_no.in_words(talk.message.text) is not None
    return talk.message.text.strip().isdecimal() or is_yes_or_no


def _is_newest(talk: Talk) -> bool:
    """The comment went out after the form's own question: it is what was asked last."""
    asked = talk.state.asked
    return asked is None or talk.draft is None or max(one.at for one in talk.state.awaited) > asked.at


def _number_in(talk: Talk) -> str | None:
    series = "|".join(map(re.escape, talk.desk.desk.series))
    # «in 1 hour» names no case: without the hyphen it must be in capitals.
    written = rf"\b(?:(?i:({series}))-|({series}) ?)([0-9]{{1,10}})\b"
    found = re.search(written, talk.message.text) if series else None
    return f"{(found[1] or found[2]).upper()}-{found[3]}" if found else None
