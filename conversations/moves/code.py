"""A code came back, or was asked for again; and signing out, which ends the trust without proof."""

from datetime import timedelta

from conversations import codes
from conversations.changed import changed
from conversations.effects import AcceptCode, EndTrust
from conversations.facts import Holders
from conversations.inputs import CodeNotSent
from conversations.moves import erase, identify, opening, status
from conversations.talk import Talk
from conversations.typed import bare

FEW = 2
"""Words of a text that says nothing but that no code has come."""


def came_back(talk: Talk) -> bool:
    """Read the code that storage has counted and compared before the turn."""
    outcome, text = talk.facts.code.outcome, talk.message.text
    if outcome == "none" or not talk.state.challenge or (outcome != "right" and not codes.names_code(text)):
        return False
    if codes.says_more(text):
        talk.hold(talk.note())
    if outcome == "right":
        _accept(talk)
    elif outcome == "wrong" and talk.facts.code.tries_left:
        talk.excused = True
        talk.say("code.wrong", left=str(talk.facts.code.tries_left))
    else:
        # Known for an hour still: a further try is told so too, and its digits are masked.
        over = min(talk.state.challenge.expires_at or talk.now, talk.now)
        talk.change(challenge=changed(talk.state.challenge, expires_at=over))
        talk.say("code.expired" if outcome == "expired" else "code.used_up")
    return True


def awaited(talk: Talk) -> bool:
    """Nothing is asked but a code, and the text is none: it is asked for again. What begins something new goes on.

    Words that say more than one or two are kept until the code has come back.
    """
    text = talk.message.text
    live = None if talk.draft else identify.asked_last(talk)
    if live is None or opening.is_new(talk, text):
        return False
    if len(bare(text).split()) > FEW and not codes.mentions_code(text):
        talk.hold(talk.note())
    identify.remind(talk, live)
    return True


def ask_for_new(talk: Talk) -> None:
    """KODE: a code, or a further one while one is awaited; none is needed while the address is trusted."""
    if not talk.state.challenge and talk.is_trusted:
        talk.moved = True
        talk.say("code.not_needed")
        return
    live = talk.state.challenge
    if live and live.purpose == erase.PURPOSE:
        erase.ask(talk)
    else:
        identify.prove(talk, after=talk.state.after_code)


def sign_out(talk: Talk) -> None:
    """End the trust of this address; a draft or a case under way stays."""
    talk.do(EndTrust())
    kept = tuple(one for one in talk.state.relations if not one.guest)
    talk.change(challenge=None, after_code=None, relations=kept, writer=None)
    talk.moved = True
    talk.say("identity.signed_out")


def not_sent(talk: Talk) -> None:
    """The text with the code did not get through, as far as anybody can tell."""
    told = talk.told
    live = talk.state.challenge
    if isinstance(told, CodeNotSent) and live and live.challenge == told.challenge:
        talk.say("code.not_sent")
    else:
        talk.reason = "moved_on"


def _accept(talk: Talk) -> None:
    live = talk.state.challenge
    if live is None:
        raise ValueError("no code is awaited")
    talk.moved = True
    days = talk.desk.desk.identity.trust_days
    holders = talk.facts.find(Holders())
    contact = holders[0].contact if holders else talk.dice.new_id()
    talk.do(AcceptCode(live.challenge, contact, talk.now + timedelta(days=days)))
    after = talk.state.after_code
    talk.change(challenge=None, after_code=None)
    if live.purpose == erase.PURPOSE:
        erase.proved(talk)
        return
    talk.say("identity.proved", days=str(days))
    if after and after.startswith("status"):
        status.show(talk, after.partition(":")[2])
