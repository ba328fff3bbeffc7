"""What those on call are told: that there is danger, and what more is known of it."""

from conversations.danger import Verdict
from conversations.effects import AddToAlert, RaiseAlert
from conversations.state import Note, OpenDanger
from conversations.talk import Talk
from conversations.text import Mark, Text

SHOWN = 160
"""Characters of the customer's words that an alert repeats."""


def raise_alert(talk: Talk, danger: OpenDanger, notes: tuple[Note, ...]) -> None:
    """Alert the desk's on-call numbers; a desk without any has the case alone."""
    on_call = talk.desk.desk.on_call
    if on_call:
        # What tells of danger first: earlier words may be of something else.
        told = sorted(notes, key=lambda note: talk.desk.danger.judge(note.words) is Verdict.NONE)
        text = _alarm(talk, danger, " ".join(note.words for note in told))
        escalate_after_s = on_call.escalate_after_minutes * 60
        talk.do(RaiseAlert(danger.alert, danger.case, danger.word, text, on_call.numbers, escalate_after_s))


def more(talk: Talk, words: str) -> None:
    """Alert anew: more danger was told while the first is open."""
    danger = talk.state.danger
    if danger:
        talk.do(AddToAlert(danger.alert, _alarm(talk, danger, words), again=True))


def place_known(talk: Talk, shown: str) -> None:
    """The place was answered: for an open danger those on call need it most of all.

    What stands in the message that raised the alert is in the alert already.
    """
    if any(isinstance(effect, RaiseAlert) for effect in talk.effects):
        return
    if talk.state.danger and talk.draft and talk.draft.case == talk.state.danger.case:
        danger = talk.state.danger
        text = _text(talk, "alert.more", case=Mark("case_number", danger.case), words=_short(shown))
        talk.do(AddToAlert(danger.alert, text))


def noted(talk: Talk, notes: tuple[Note, ...]) -> None:
    """What more was said of the open danger and has no field: «den ligger ved postkassen min»."""
    danger = talk.state.danger
    told = any(isinstance(effect, AddToAlert) for effect in talk.effects)
    if danger and notes and not told:
        words = _short(" ".join(note.words for note in notes))
        text = _text(talk, "alert.more", case=Mark("case_number", danger.case), words=words)
        talk.do(AddToAlert(danger.alert, text))


def _alarm(talk: Talk, danger: OpenDanger, words: str) -> Text:
    case, caller = Mark("case_number", danger.case), talk.facts.address
    return _text(talk, "alert.raised", case=case, words=_short(words), caller=caller, word=danger.word)


def _text(talk: Talk, msgid: str, **values: str | Mark) -> Text:
    return talk.desk.wording.say(talk.desk.desk.languages[0], msgid, **values)


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 3].rstrip() + "..."
