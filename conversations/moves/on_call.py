"""The duty engineer's phone: a reply with the alert's word acknowledges; all else is an ordinary message."""

import re

from conversations.authority import Act, allows
from conversations.effects import AcknowledgeAlert
from conversations.facts import OpenAlerts
from conversations.inputs import Actor
from conversations.talk import Talk
from conversations.text import Mark


def acknowledge(talk: Talk) -> bool:
    """Acknowledge the alert whose word the message is, if it comes from a number that was alerted."""
    on_call = talk.desk.desk.on_call
    digits = re.findall(r"\d+", talk.message.text)
    if not on_call or talk.facts.address not in on_call.numbers or len(digits) != 1:
        return False
    alert = next((one for one in talk.facts.find(OpenAlerts()) if one.word == digits[0]), None)
    if alert is None:
        return False
    actor = Actor("on_call", talk.facts.address, "on_call")
    if not allows(Act.ACKNOWLEDGE_ALERT, actor.evidence):
        return False
    number = Mark("case_number", alert.case)
    others = talk.text("alert.seen_by_other", case=number)
    talk.do(AcknowledgeAlert(alert.alert, actor, talk.now, others))
    talk.say("alert.thanks", case=number)
    talk.moved = True
    return True
