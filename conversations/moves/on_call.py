"""The duty engineer's phone: a reply with the alert's word acknowledges; all else is an ordinary message."""

import re

from conversations.authority import Act, allows
from conversations.danger import Verdict
from conversations.effects import AcknowledgeAlert, AddComment
from conversations.facts import AlertSent, AlertsSent, WrongWords
from conversations.inputs import Actor
from conversations.talk import Talk
from conversations.text import Mark
from conversations.typed import bare
from conversations.words import read_command

WORD = re.compile(r"(?<!\d)\d{4}(?!\d)")
GUESSES = 5
"""Wrong words within an hour, after which none from that number is read: a sender can be forged."""


def acknowledge(talk: Talk) -> bool:
    """Acknowledge the alert whose word the message has, if it comes from a number that was alerted.

    What else it says goes onto the case, for caseworkers.
    """
    on_call = talk.desk.desk.on_call
    words = WORD.findall(talk.message.text)
    actor = Actor("on_call", talk.facts.address, "on_call")
    if not on_call or talk.facts.address not in on_call.numbers or len(words) > 1:
        return False
    sent = talk.facts.find(AlertsSent())
    if not words:
        return _without_word(talk, actor, [one for one in sent if not one.seen])
    if not allows(Act.ACKNOWLEDGE_ALERT, actor.evidence) or not sent or talk.facts.find(WrongWords()) >= GUESSES:
        return False
    meant = sorted((one for one in sent if one.word == words[0]), key=lambda one: one.seen)
    if not meant:
        talk.reason = "wrong_word"
        if bare(talk.message.text) != words[0]:
            return False
        talk.say("alert.no_such_word", word=words[0])
        return True
    talk.moved = True
    _seen(talk, meant[0], actor)
    if bare(talk.message.text) != words[0]:
        talk.do(AddComment(talk.dice.new_id(), meant[0].case, talk.message.id, actor, public=False))
    return True


def _without_word(talk: Talk, actor: Actor, standing: list[AlertSent]) -> bool:
    """«Ok, kjører nå»: an answer to the alert that acknowledges nothing. It is kept, and the word is asked for."""
    text = talk.message.text
    if not standing or not bare(text) or read_command(text) or talk.desk.danger.judge(text) is Verdict.OPEN:
        return False
    case = standing[0].case
    # Nothing was moved: a machine that answers everything is braked like any.
    talk.excused = True
    talk.do(AddComment(talk.dice.new_id(), case, talk.message.id, actor, public=False))
    talk.say("alert.word_needed", case=Mark("case_number", case))
    return True


def _seen(talk: Talk, alert: AlertSent, actor: Actor) -> None:
    number = Mark("case_number", alert.case)
    if alert.seen:
        talk.say("alert.seen_before", case=number)
        return
    others = talk.text("alert.seen_by_other", case=number)
    talk.do(AcknowledgeAlert(alert.alert, actor, talk.now, others))
    talk.say("alert.thanks", case=number)
