"""The duty engineer's phone: a reply with the alert's word acknowledges; all else is an ordinary message.

Where nothing else is under way with that phone, what it writes while an alert stands is taken for an answer to it.
"""

import re

from conversations.authority import Act, allows
from conversations.effects import AcknowledgeAlert, AddComment
from conversations.facts import AlertSent, AlertsSent, WrongWords
from conversations.inputs import Actor
from conversations.moves import opening
from conversations.talk import Talk
from conversations.text import Mark
from conversations.typed import bare

WORD = re.compile(r"(?<!\d)\d{4}(?!\d)")
MOST_NUMBERS = 2
"""Numbers of four digits in a text that may hold a word: a word and a mast's, and no list of guesses."""
GUESSES = 5
"""Wrong words within an hour, after which none from that number is read: a sender can be forged."""


def acknowledge(talk: Talk) -> bool:
    """Acknowledge the alert whose word the message has, if it comes from a number that was alerted.

    What else it says goes onto the case, for caseworkers: another number too, as a mast's. While that phone is
    asked something of its own, a text must begin with the word: «Storgata 3, 6700 Måløy» is an address.
    """
    words, said = _words(talk), bare(talk.message.text)
    sent = _alerts(talk) if words else ()
    if not sent:
        return False
    is_bare: bool = said == words[0]
    stands = any(not one.seen for one in sent)
    wrong = talk.facts.find(WrongWords())
    meant = _meant(sent, words)
    if not meant and not _is_idle(talk):
        # Counted, since it may be a guess, and read further, since it may be a postcode.
        talk.reason = "wrong_word" if stands and wrong < GUESSES else ""
        return False
    if not meant or wrong >= GUESSES:
        talk.excused, talk.reason = is_bare, "wrong_word" if stands and wrong < GUESSES else ""
        if is_bare:
            talk.say("alert.words_used_up" if stands and wrong + 1 >= GUESSES else "alert.no_such_word", word=words[0])
        return is_bare
    talk.moved = True
    _seen(talk, meant[0], _actor(talk))
    if not is_bare:
        talk.do(AddComment(talk.dice.new_id(), meant[0].case, talk.message.id, _actor(talk), public=False))
    return True


def without_word(talk: Talk) -> bool:
    """«Ok, kjører nå»: an answer to the alert that acknowledges nothing. It is kept, and the word is asked for.

    Not where it begins something of its own, or answers what that phone was asked.
    """
    text = talk.message.text
    if not _is_idle(talk) or not bare(text) or opening.form_meant(talk, text):
        return False
    standing = [one for one in _alerts(talk) if not one.seen]
    if not standing:
        return False
    case = standing[0].case
    # Nothing was moved: a machine that answers everything is braked like any.
    talk.excused = True
    talk.do(AddComment(talk.dice.new_id(), case, talk.message.id, _actor(talk), public=False))
    talk.say("alert.word_needed", case=Mark("case_number", case))
    return True


def _words(talk: Talk) -> list[str]:
    """The numbers that may be a word: of a list none, and of a phone that is asked something only what comes first."""
    text = talk.message.text
    words = list(dict.fromkeys(WORD.findall(text)))
    if len(words) > MOST_NUMBERS or (len(words) > 1 and not any(map(str.isalpha, text))):
        return []
    return words if _is_idle(talk) else [one for one in words[:1] if bare(text).startswith(one)]


def _meant(sent: tuple[AlertSent, ...], words: list[str]) -> list[AlertSent]:
    """The alerts of the one word among the numbers, those that stand first; of two words, neither."""
    found = sorted((one for one in sent if one.word in words), key=lambda one: one.seen)
    of = {one.word for one in found if one.seen == found[0].seen}
    return found if len(of) == 1 else []


def _alerts(talk: Talk) -> tuple[AlertSent, ...]:
    """The alerts that this phone may acknowledge; none where it is no phone on call."""
    on_call = talk.desk.desk.on_call
    if not on_call or talk.facts.address not in on_call.numbers:
        return ()
    return talk.facts.find(AlertsSent()) if allows(Act.ACKNOWLEDGE_ALERT, _actor(talk).evidence) else ()


def _is_idle(talk: Talk) -> bool:
    """Whether this phone is asked nothing of its own: by us, or by a caseworker."""
    state = talk.state
    return not (talk.draft or state.danger_asked or state.challenge or state.awaited)


def _actor(talk: Talk) -> Actor:
    return Actor("on_call", talk.facts.address, "on_call")


def _seen(talk: Talk, alert: AlertSent, actor: Actor) -> None:
    number = Mark("case_number", alert.case)
    if alert.seen:
        talk.say("alert.seen_before", case=number)
        return
    others = talk.text("alert.seen_by_other", case=number)
    talk.do(AcknowledgeAlert(alert.alert, actor, talk.now, others))
    talk.say("alert.thanks", case=number)
