"""The HTTP application: the doors, with what they need, behind the edge."""

from collections.abc import Callable
from typing import Final

from aiohttp import web

from gateway.counts import Counts
from gateway.doors import api, ops, sms
from gateway.doors.bearer import Bearers
from gateway.doors.deps import Deps, TextProvider
from gateway.doors.edge import answer_faults
from gateway.house import House
from gateway.providers import PROVIDERS
from storage.migrate import TooNew, is_current

BODY_AT_MOST_BYTES: Final = 64 * 1024


def web_application(house: House, ring: Callable[[], object], warn: Callable[[], str | None]) -> web.Application:
    """All that `serve` answers. `warn` says what is wrong with the bell, None: nothing."""
    deps = Deps(
        store=house.store,
        fronts=house.fronts,
        providers={
            name: TextProvider(halves.account, halves.receiver(), PROVIDERS[name].answer)
            for name, halves in house.providers.items()
        },
        dice=house.dice,
        bearers=Bearers(house.store),
        ring=ring,
        count=Counts(),
    )
    app = web.Application(middlewares=[answer_faults], client_max_size=BODY_AT_MOST_BYTES)
    for routes in (
        ops.routes(house.store, warn, lambda: has_tables(house.settings.driver_url)),
        sms.routes(deps),
        api.routes(deps),
    ):
        app.add_routes(routes)
    return app


def has_tables(url: str) -> bool:
    """Whether the tables serve this version; those of a newer one do, until its own upgrade has reached us."""
    try:
        return is_current(url)
    except TooNew:
        return True
