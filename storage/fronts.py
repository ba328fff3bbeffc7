"""A front as a turn uses it: a number or mailbox of ours, the row that sends for it, and the desk behind it."""

from collections.abc import Mapping
from dataclasses import dataclass

from conversations.desk.ready import ReadyDesk
from conversations.inputs import Channel


@dataclass(frozen=True, slots=True)
class ReadyFront:
    """`id` and `sender` are row ids; `account` is the provider's account that carries it."""

    id: str
    tenant: str
    channel: Channel
    address: str
    account: str
    sender: str
    desk: ReadyDesk


Fronts = Mapping[tuple[Channel, str], ReadyFront]
"""By channel and our own address: where a message came in."""
