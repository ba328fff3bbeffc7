"""SLETT MEG: proved by a code of its own, what the gateway remembers is dropped, and a person erases the rest.

What stands on a case is the desk's record, which others may have to keep: that is a caseworker's to decide.
"""

from typing import Final

from conversations.effects import EndTrust, LeaveDraft
from conversations.moves import drafts, hand_over, identify
from conversations.talk import Talk
from conversations.text import Mark

PURPOSE: Final = "erase"


def ask(talk: Talk) -> None:
    """Whoever is trusted: a fresh code comes first."""
    identify.prove(talk, after=None, purpose=PURPOSE, what=talk.text("erase.what"))


def proved(talk: Talk) -> None:
    """The code came back: drafts, who writes and what was proved are forgotten, and a person is told of the wish."""
    draft = talk.draft
    if draft and not draft.case:
        drafts.leave(talk, draft, "dropped")
    talk.do(*(LeaveDraft(one, "dropped") for one in talk.state.parked), EndTrust())
    held = () if talk.state.danger_asked else talk.take_held()
    talk.change(parked=(), relations=(), terms=None, writer=None, digression=None)
    case = hand_over.give(talk, "asked_to_be_erased", held)
    talk.say("erase.asked", case=Mark("case_number", case))
