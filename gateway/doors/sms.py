"""The door for texts: what a provider posts is verified and read, and answered only when it is in the store.

Every answer is chosen for what the provider does next. Twilio repeats a post on a failed connection, and with
the overrides `#rc=5&rp=all` on a 4xx or 5xx as well; every answer but a 2xx stands in its debugger. So 503 is
for what will pass, 4xx for what never will, and all that needs no repeating is 200.
A receipt whose signed id is not ours, or is of a delivery that is gone, is still the provider's word about a
message of its own, since its signature covers the address and the body. It is joined by the provider's id,
kept for a day, and answered 200: there is nothing that a repetition could mend.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from aiohttp import web

from channels.contract import Forged, Malformed
from gateway import status_links
from gateway.doors.bodies import BadBody, read_body
from gateway.doors.deps import Deps, TextProvider
from gateway.jobs.intake import NotOurs, receive_async
from gateway.jobs.receipts import receive_receipt

BODY_AT_MOST_BYTES: Final = 64 * 1024
STORED_WITHIN_S: Final = 10.0
RETRY_AFTER_S: Final = 5

Handler = Callable[[web.Request], Awaitable[web.Response]]

log = structlog.get_logger()


def routes(deps: Deps) -> list[web.RouteDef]:
    """Where each provider posts texts and receipts."""
    found = []
    for name, provider in deps.providers.items():
        found.append(web.post(f"/sms/{name}", _door(deps, "text", _text(deps, provider))))
        found.append(web.post(f"/sms/{name}/status/{{signed}}", _door(deps, "receipt", _receipt(deps, provider))))
    return found


def _text(deps: Deps, provider: TextProvider) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        body = await read_body(request, BODY_AT_MOST_BYTES)
        inbound = provider.receiver.verify_and_parse(request.raw_path, request.headers, body)
        async with asyncio.timeout(STORED_WITHIN_S):
            received = await receive_async(deps.store, deps.fronts, inbound, deps.dice, deps.ring)
        deps.count(f"text_{received.disposition}")
        log.debug("text", message=received.message, disposition=received.disposition)
        return _taken(provider)

    return handle


def _receipt(deps: Deps, provider: TextProvider) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        body = await read_body(request, BODY_AT_MOST_BYTES)
        receipt = provider.receiver.parse_receipt(request.raw_path, request.headers, body)
        delivery = status_links.verify(deps.store.keys, request.match_info["signed"])
        async with asyncio.timeout(STORED_WITHIN_S):
            await receive_receipt(deps.store, deps.dice, deps.ring, provider.account, delivery, receipt)
        deps.count("receipt")
        return _taken(provider)

    return handle


def _door(deps: Deps, what: str, handle: Handler) -> Handler:
    """Says whose fault it is, in a few fixed words: the caller is told no reason, the log is."""

    def refused(status: int, event: str, why: str) -> web.Response:
        deps.count(f"{what}_{event}")
        log.warning(f"{what} refused", status=status, why=why)
        return _plain(status, REFUSED.get(status, "Not taken."))

    async def answer(request: web.Request) -> web.Response:
        try:
            return await handle(request)
        except BadBody as error:
            return refused(error.status, "malformed", error.reason)
        except Forged as error:
            return refused(error.status, "forged", str(error))
        except Malformed as error:
            return refused(error.status, "malformed", error.reason)
        except NotOurs:
            return refused(422, "malformed", "no front of ours")
        except Exception as error:
            # Nothing was kept, or nobody knows: the same message again is the same message.
            deps.count(f"{what}_not_stored")
            log.error(f"{what} not stored", exc_info=error)
            return _plain(503, "Try again later.", {"Retry-After": str(RETRY_AFTER_S)})

    return answer


def _taken(provider: TextProvider) -> web.Response:
    content_type, text = provider.answer
    return web.Response(text=text, content_type=content_type)


def _plain(status: int, text: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(status=status, text=f"{text}\n", headers=headers)


REFUSED: Final = {
    403: "Nothing shows that this account's provider sent this, to this address, now.",
    408: "The body did not come in time.",
    413: "Too long.",
    415: "Not the kind of body that this provider sends, in UTF-8.",
}
