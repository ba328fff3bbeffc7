"""On whose behalf the store is asked."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from storage.fronts import ReadyFront
from storage.scene import Held
from storage.work import Work

QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Asker:
    """On whose behalf it is asked: the conversation held, and the front that it came in by."""

    work: Work
    front: ReadyFront
    held: Held

    @property
    def reported(self) -> dict[str, Any]:
        """What a case must match to be this address's own."""
        desk = self.front.desk.desk.desk
        held = self.held
        return {"of": self.front.tenant, "at_desk": desk, "by": held.address, "in_epoch": held.epoch}
