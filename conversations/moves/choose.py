"""A question beside the form's was asked with numbered options: the choice, read in one place for all of them."""

from collections.abc import Callable, Mapping

from conversations.moves import drafts, guide, opening, options, reply, review, status
from conversations.talk import Talk

CHOSEN: Mapping[str, Callable[[Talk, str], None]] = {
    "cases": status.ask,
    "drafts": drafts.chosen,
    "edit": review.chosen,
    "language": guide.language,
    "menu": opening.chosen,
    "which_case": reply.chosen,
}
"""What follows the choice, by the question: it is given the option's key."""


def choose(talk: Talk) -> bool:
    """Read the message as a choice among the options of the digression that stands."""
    asked = talk.state.digression
    taken = (options.read(talk, asked) or reply.none_of_them(talk, asked)) if asked else None
    if asked is None or taken is None:
        return False
    talk.moved = True
    if taken.rest:
        talk.hold(talk.note(taken.rest))
    CHOSEN[asked.what](talk, taken.value)
    if talk.state.digression is asked:
        talk.change(digression=None)
    return True
