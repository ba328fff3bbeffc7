"""Who writes: a one-time code proves the address. The same answer whether or not anybody is known."""

from datetime import timedelta

from conversations import codes, limits
from conversations.effects import EndCode, SendCode
from conversations.facts import CodesSent
from conversations.limits import Refused
from conversations.state import LiveChallenge
from conversations.talk import Talk
from conversations.text import Mark, Text

PURPOSE = "prove_address"


def prove(talk: Talk, *, after: str | None, purpose: str = PURPOSE, what: Text = ()) -> None:
    """Send a code, unless a limit stands against it; ``after`` is what goes on once it came back.

    ``what`` says what it is for, where that is not the number itself or the form under way.
    """
    talk.moved = True
    live = talk.state.challenge
    if live and (live.purpose != purpose or (live.expires_at and live.expires_at <= talk.now)):
        live = None
    counts = talk.facts.find(CodesSent(live.challenge if live else None))
    allowed = codes.may_send(counts, talk.facts.address, talk.desk.desk.identity)
    if isinstance(allowed, Refused):
        talk.reason = limits.CODE_REFUSED if allowed.told else limits.CODE_UNANSWERED
        talk.say(f"code.{allowed.reason}", wait=_wait(talk, allowed.wait_s))
        talk.change(after_code=after or talk.state.after_code)
        return
    challenge = live.challenge if live else talk.dice.new_id()
    minutes = talk.desk.desk.identity.code_minutes
    text = _text(talk, challenge, minutes, what=what or (None if after else _form_of_proved(talk)))
    digits = codes.digits_for(purpose)
    expires_at = talk.now + timedelta(minutes=minutes)
    again = live is not None
    talk.do(SendCode(talk.dice.new_id(), challenge, purpose, text, digits, expires_at, again=again))
    talk.change(
        challenge=LiveChallenge(challenge, purpose, digits, None, expires_at), after_code=after, digression=None
    )


def demand(talk: Talk) -> None:
    """The form is only for who proved the number: send a code, or remind of the one that was sent.

    A code that was sent for something else is reminded of too, but not where the form has been begun since.
    """
    live = talk.state.challenge
    if live and (live.purpose == PURPOSE or talk.active_draft.id == talk.began_in):
        if talk.facts.code.outcome == "none" and not any(isinstance(one, SendCode) for one in talk.effects):
            remind(talk, live)
    elif talk.said:
        talk.say("code.needed", form=_form_of_proved(talk))
    else:
        prove(talk, after=None)


def remind(talk: Talk, live: LiveChallenge) -> None:
    """Say which code is awaited, or that it is over."""
    if live.expires_at and live.expires_at <= talk.now:
        talk.say("code.expired")
    elif live.purpose == PURPOSE:
        talk.say("code.awaited")
    else:
        talk.say("code.awaited_for", form=talk.text(f"{live.purpose}.what"))


def asked_last(talk: Talk) -> LiveChallenge | None:
    """The code that is awaited, if we asked for it after the form's own question."""
    live, asked = talk.state.challenge, talk.state.asked if talk.draft else None
    if live is None or (live.expires_at and live.expires_at <= talk.now):
        return None
    return live if asked is None or live.challenge > asked.message else None


def end(talk: Talk) -> None:
    """The code is no longer wanted, nor what was to go on after it."""
    talk.do(EndCode())
    talk.change(challenge=None, after_code=None)


def _text(talk: Talk, challenge: str, minutes: int, what: str | Text | None) -> Text:
    """The text with the code: what it is for, by the form's name where a form demands it."""
    values = {"code": Mark("code", challenge), "desk": talk.desk.desk.name, "minutes": str(minutes)}
    return talk.text("code.sent_for", form=what, **values) if what else talk.text("code.sent", **values)


def _form_of_proved(talk: Talk) -> str | None:
    """The name of the form under way, if it is only for who proved the number."""
    return talk.own_words(talk.form.name) if talk.draft and talk.form.identity == "before" else None


def _wait(talk: Talk, wait_s: int | None) -> str:
    seconds = wait_s or 0
    if seconds < 120:
        return str(max(seconds, 1)) + " s"
    return str(-(-seconds // 60)) + " min"
