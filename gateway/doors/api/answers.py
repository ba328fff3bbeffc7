"""What the API answers besides the views of storage."""

from dataclasses import dataclass

from channels.sms import segments
from storage.views import CommentView


@dataclass(frozen=True, slots=True)
class Cost:
    """What a text costs to send, as a message of its own: `units` are septets of GSM-7 or 16-bit units of UCS-2.

    The case's number and the author's name are put before it when it is sent, so it may become a segment more.
    """

    encoding: str
    units: int
    segments: int


@dataclass(frozen=True, slots=True)
class CommentMade:
    """A comment that now stands on its case. ``sms``: what a public one costs as a text, else null."""

    comment: CommentView
    sms: Cost | None


def comment_made(comment: CommentView) -> CommentMade:
    """The answer to a new comment."""
    if not comment.public:
        return CommentMade(comment, None)
    counted = segments.count(comment.text)
    return CommentMade(comment, Cost(counted.encoding, counted.units, counted.segments))
