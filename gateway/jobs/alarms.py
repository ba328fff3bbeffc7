"""Alarms for operators: each is logged when it begins to stand, and again only after an hour in which it did not."""

from datetime import datetime, timedelta
from typing import Final

import structlog

from storage.alarms import standing
from storage.work import Store

QUIET: Final = timedelta(hours=1)

log = structlog.get_logger(__name__)


class Alarms:
    """Look once, and log what is new. What stood is remembered here: another process that takes over logs it anew."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._stood: dict[tuple[str, str], datetime] = {}

    def __call__(self) -> None:
        now = self._store.now()
        with self._store.read() as session:
            alarms = standing(session, now)
        self._stood = {alarm: at for alarm, at in self._stood.items() if now - at <= QUIET}
        for alarm in alarms:
            if (alarm.what, alarm.of) not in self._stood:
                log.error("alarm", what=alarm.what, tenant=alarm.tenant, how_many=alarm.how_many)
            self._stood[alarm.what, alarm.of] = now
