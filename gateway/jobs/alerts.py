"""Alerts go on to the next number on call, round and round, until somebody has acknowledged."""

from collections.abc import Callable

import structlog

from conversations.dice import Dice
from storage.alerts import escalate
from storage.due import has_alerts
from storage.work import Store

log = structlog.get_logger()


def escalate_alerts(store: Store, dice: Dice, ring: Callable[[], object]) -> None:
    """Tell the next number of each alert whose time has come."""
    with store.read() as session:
        if not has_alerts(session, store.now()):
            return
    for alert, step in store.write(lambda work: escalate(work, dice)).result():
        log.warning("an alert is not acknowledged, and went on", alert=alert, numbers_told=step)
    ring()
