"""What the HTTP doors are given: made once by the application, handed to each door's `routes`."""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

from channels.contract import Receiver
from conversations.dice import Dice
from gateway.doors.bearer import Bearers
from storage.fronts import Fronts
from storage.work import Store

READERS: Final = 8


@dataclass(frozen=True, slots=True)
class TextProvider:
    """What reads the posts of one of a provider's accounts, that account's id, and the content type and text of
    a 200."""

    account: str
    receiver: Receiver
    answer: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Deps:
    """The parts that a door may use. Nothing here is global.

    - `fronts`: where messages come in, and the desk behind each.
    - `providers`: of texts, by their name in the path: `twilio`.
    - `ring`: tell the workers that there is something to do; does not block, may be lost.
    - `count`: count an event by its name, for the metrics and their alarms; never a value of anybody's.
    - `readers`: the threads of what the API reads. Slow searches hold up neither the look at a token nor `/readyz`.
    """

    store: Store
    fronts: Fronts
    providers: Mapping[str, TextProvider]
    dice: Dice
    bearers: Bearers
    ring: Callable[[], object]
    count: Callable[[str], object]
    readers: Executor = field(default_factory=lambda: ThreadPoolExecutor(READERS, "readers"))
