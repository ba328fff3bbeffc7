"""The reporter is told that somebody on call has seen the alert: never before it is true."""

from conversations.inputs import AlertAcknowledged
from conversations.moves.status import when
from conversations.talk import Talk


def acknowledged(talk: Talk) -> None:
    """Somebody on call has seen it."""
    told = talk.told
    if not isinstance(told, AlertAcknowledged):
        raise TypeError("this turn was not begun by an acknowledgement")
    talk.say("alert.seen", number=told.case_number, at=when(talk, told.at))
