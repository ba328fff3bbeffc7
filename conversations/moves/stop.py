"""STOP and START: the whole message is the carrier's word or our own, never a word inside a sentence.

After the carrier's word nothing is sent; after our own only a safety text; a report begun is still filed.
"""

from conversations.effects import OptIn, OptOut
from conversations.moves import review
from conversations.talk import Talk
from conversations.words import carrier_word


def stop_or_start(talk: Talk) -> bool:
    """Take the wish to be left alone, or to be written to again."""
    word = carrier_word(talk.message.text)
    reported = talk.message.keyword
    act = reported if reported in ("stop", "start") else word.act if word else ""
    if act == "stop":
        by_carrier = reported == "stop" or (word is not None and word.by == "carrier")
        talk.do(OptOut("carrier" if by_carrier else "local"))
        review.leave_nothing(talk, "opted_out")
        talk.disposition, talk.moved = "opt_out", True
        return True
    if act == "start" and talk.facts.opted_out:
        talk.do(OptIn())
        talk.say("stop.started", desk=talk.desk.desk.name)
        talk.moved = True
        return True
    return False
