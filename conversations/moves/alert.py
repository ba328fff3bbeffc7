"""What those on call are told: that there is danger, and what more is known of it.

A report of a place that an alert stands for already is merged into that alert: those whom it went to hear how many
have told of it, and one word acknowledges all. Nothing is merged on doubt, and who turns out to mean another place
has an alert of their own from that moment.
"""

import re
from datetime import timedelta

from conversations.changed import changed
from conversations.danger import Verdict
from conversations.effects import AddToAlert, PlaceAlert, RaiseAlert
from conversations.facts import AlertAt, StandingAlert
from conversations.fields import KINDS
from conversations.fields.phrases import folded_words
from conversations.places.spot import Spot, spot_of
from conversations.state import Answer, Draft, Json, Note, OpenDanger
from conversations.talk import Talk
from conversations.text import Mark, Text, plain

SHOWN = 160
"""Characters of the customer's words that an alert repeats."""
FOLLOWED = timedelta(hours=6)
"""How long after a danger was told those on call hear what is written on its case."""
_BETWEEN_CLAUSES = re.compile(r"[.!?;]\s+|,?\s+(?:og|och|and|men|but)\s+", re.IGNORECASE)
_AROUND_PLACE = frozenset(
    "nei nej no ja yes det den er är it is i in at by ved vid på on feil fel wrong rettelse sorry beklager".split()
)
SHOWN_OF_ANOTHER = 70
"""The same of a further report of the place: one segment with what stands around them."""


def where_to_look(talk: Talk, words: str) -> tuple[str, ...]:
    """Where a place is looked for: of a danger's words first in the one clause that tells of it, then in all."""
    danger = talk.desk.desk.danger
    clauses = _BETWEEN_CLAUSES.split(words) if danger and talk.form.id == danger.form else []
    told = [one for one in clauses if talk.desk.danger.judge(one) is Verdict.OPEN] if len(clauses) > 1 else []
    return (told[0], words) if len(told) == 1 else (words,)


def raise_alert(talk: Talk, danger: OpenDanger, notes: tuple[Note, ...]) -> None:
    """Alert the desk's on-call numbers, or merge; a desk without any has the case alone."""
    # What tells of danger first: earlier words may be of something else.
    told = sorted(notes, key=lambda note: talk.desk.danger.judge(note.words) is Verdict.NONE)
    _raise(talk, danger, " ".join(note.words for note in told), _standing(talk))


def more(talk: Talk, words: str) -> None:
    """Alert anew: more danger was told while the first is open."""
    danger = talk.state.danger
    if danger:
        talk.do(AddToAlert(danger.alert, _alarm(talk, danger, words), again=True))


def place_given(talk: Talk, shown: str, *, new: bool, sure: bool) -> None:
    """The place was answered: for an open danger those on call need it most of all, and at once.

    What stands in the message that raised the alert is in the alert already, and so is the place of one merged. Only
    one that is ``sure`` (confirmed, where that is asked) is merged.
    """
    danger = talk.state.danger
    if danger is None or danger.into or talk.draft is None or talk.draft.case != danger.case or _is_raised(talk):
        return
    standing = _standing(talk, danger.alert) if sure else None
    if standing:
        _raise(talk, danger, shown, standing)
    elif new:
        text = _text(talk, "alert.more", case=Mark("case_number", danger.case), words=_short(shown, SHOWN))
        talk.do(AddToAlert(danger.alert, text))


def noted(talk: Talk, notes: tuple[Note, ...]) -> None:
    """What more was said of the open danger and has no field: «den ligger ved postkassen min»."""
    danger = talk.state.danger
    told = [plain(effect.text, lambda mark: mark.of) for effect in talk.effects if isinstance(effect, AddToAlert)]
    # A number that answers nothing (typed before its question came) tells nobody anything.
    words = [_untold(talk, note, told) for note in notes if not note.words.strip().isdecimal()]
    said = _short(" ".join(filter(None, words)), SHOWN)
    if danger and said:
        text = _text(talk, "alert.more", case=Mark("case_number", danger.case), words=said)
        talk.do(AddToAlert(danger.alert, text))


def noted_later(talk: Talk, case: str, note: Note) -> None:
    """What was written on the case of the open danger after its form was done: «feil, det er Havnegata 18»."""
    danger = talk.state.danger
    if danger and danger.case == case and danger.at and talk.now - danger.at <= FOLLOWED:
        noted(talk, (note,))


def follow(talk: Talk, draft: Draft, before: Draft, notes: tuple[Note, ...]) -> None:
    """What became of the open danger's draft: another place, what was noted."""
    danger = talk.state.danger
    if danger and draft.case == danger.case and not _follow_place(talk, danger, draft, before):
        noted(talk, notes)


def _follow_place(talk: Talk, danger: OpenDanger, draft: Draft, before: Draft) -> bool:
    """The place was answered otherwise, or taken back: what was merged for it stands alone again.

    True where that raised an alert, with all that was noted.
    """
    spot = _spot(talk, draft)
    if spot == _spot(talk, before) or _is_raised(talk):
        return False
    standing = _standing(talk, danger.alert)
    if danger.into and (standing is None or standing.alert != danger.into):
        talk.effects[:] = [one for one in talk.effects if not isinstance(one, AddToAlert)]
        place = _place(talk, draft)
        others = [note for note in draft.notes if place is None or note.message != place.message]
        told = (_without_place(talk, note, before) for note in others)
        words = " ".join((*([place.words] if place else ()), *told))
        _raise(talk, changed(danger, word=talk.dice.word(), into=None), words, standing)
        return True
    talk.do(PlaceAlert(danger.alert, spot))
    return False


def _raise(talk: Talk, danger: OpenDanger, words: str, standing: StandingAlert | None) -> None:
    on_call = talk.desk.desk.on_call
    talk.change(danger=changed(danger, word=standing.word, into=standing.alert) if standing else danger)
    if on_call is None:
        return
    text = _another(talk, danger, words, standing) if standing else _alarm(talk, danger, words)
    raised = RaiseAlert(
        danger.alert,
        danger.case,
        danger.word,
        text,
        on_call.numbers,
        on_call.escalate_after_minutes * 60,
        _spot(talk, talk.draft),
        standing.alert if standing else None,
    )
    talk.do(raised)


def _standing(talk: Talk, own: str | None = None) -> StandingAlert | None:
    spot = _spot(talk, talk.draft) if talk.desk.desk.on_call else None
    return talk.facts.find(AlertAt(spot, own)) if spot else None


def _spot(talk: Talk, draft: Draft | None) -> Spot | None:
    place = _place(talk, draft) if draft else None
    return spot_of(place.value) if place else None


def _place(talk: Talk, draft: Draft) -> Answer | None:
    """The answer that tells where it is: the form's first."""
    fields = talk.desk.forms[draft.form].fields
    places = (draft.answers.get(field.id) for field in fields if field.kind == "location")
    return next(filter(None, places), None)


def _without_place(talk: Talk, note: Note, before: Draft) -> str:
    """The words but for the place that they gave, and that is none any more."""
    for field in talk.form.fields:
        gave = before.answers.get(field.id)
        if field.kind == "location" and gave and gave.message == note.message:
            for part in where_to_look(talk, note.words):
                found = KINDS[field.kind].find(field, part, talk.context())
                if found and _is_same_place(found.value, gave.value):
                    return note.words.replace(part, found.rest)
    return note.words


def _is_same_place(one: Json, other: Json) -> bool:
    """As far as both say where it is: the town may have been known before."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        return False
    return all(one.get(part) == other.get(part) for part in ("address", "place", "object", "lat", "lon"))


def _untold(talk: Talk, note: Note, told: list[str]) -> str:
    """What those on call were not told in this turn; the place is told by itself."""
    if not told:
        return note.words
    if not talk.draft or any(_short(note.words, SHOWN) in one for one in told):
        return ""
    words = _without_place(talk, note, talk.draft)
    return words if set(folded_words(words)) - _AROUND_PLACE else ""


def _is_raised(talk: Talk) -> bool:
    return any(isinstance(effect, RaiseAlert) for effect in talk.effects)


def _alarm(talk: Talk, danger: OpenDanger, words: str) -> Text:
    case, caller = Mark("case_number", danger.case), talk.facts.address
    return _text(talk, "alert.raised", case=case, words=_short(words, SHOWN), caller=caller, word=danger.word)


def _another(talk: Talk, danger: OpenDanger, words: str, standing: StandingAlert) -> Text:
    return _text(
        talk,
        "alert.another",
        first=Mark("case_number", standing.case),
        count=str(standing.reports + 1),
        case=Mark("case_number", danger.case),
        words=_short(words, SHOWN_OF_ANOTHER),
        caller=talk.facts.address,
        word=standing.word,
    )


def _text(talk: Talk, msgid: str, **values: str | Mark) -> Text:
    return talk.desk.wording.say(talk.desk.desk.languages[0], msgid, **values)


def _short(words: str, most: int) -> str:
    line = " ".join(words.split())
    return line if len(line) <= most else line[: most - 3].rstrip() + "..."
