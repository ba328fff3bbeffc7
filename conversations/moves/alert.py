"""What those on call are told: that there is danger, and what more is known of it."""

from conversations.effects import AddToAlert, RaiseAlert
from conversations.state import Note
from conversations.talk import Talk
from conversations.text import Mark, Text

SHOWN = 160
"""Characters of the customer's words that an alert repeats."""


def raise_alert(talk: Talk, alert: str, case: str, notes: tuple[Note, ...]) -> None:
    """Alert the desk's on-call numbers; a desk without any has the case alone."""
    on_call = talk.desk.desk.on_call
    if on_call is None:
        return
    word = talk.dice.word()
    words = _short(" ".join(note.words for note in notes))
    number = Mark("case_number", case)
    text = _text(talk, "alert.raised", case=number, words=words, caller=talk.facts.address, word=word)
    talk.do(RaiseAlert(alert, case, word, text, on_call.numbers, on_call.escalate_after_minutes * 60))


def add(talk: Talk, words: str, *, again: bool) -> None:
    """Tell what more was said or became known of the open danger; ``again``: alert anew."""
    danger = talk.state.danger
    if danger:
        text = _text(talk, "alert.more", case=Mark("case_number", danger.case), words=_short(words))
        talk.do(AddToAlert(danger.alert, text, again))


def place_known(talk: Talk, shown: str) -> None:
    """The place was answered: for an open danger those on call need it most of all.

    What stands in the message that raised the alert is in the alert already.
    """
    if any(isinstance(effect, RaiseAlert) for effect in talk.effects):
        return
    if talk.state.danger and talk.draft and talk.draft.case == talk.state.danger.case:
        add(talk, shown, again=False)


def _text(talk: Talk, msgid: str, **values: str | Mark) -> Text:
    return talk.desk.wording.say(talk.desk.desk.languages[0], msgid, **values)


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 3].rstrip() + "..."
