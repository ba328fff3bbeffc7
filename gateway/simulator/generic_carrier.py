"""The carrier's stand-in with a plain JSON API, under the names that the settings of `generic` begin with."""

import hmac
import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from gateway.simulator.carrier_posts import Posts
from gateway.simulator.carrier_rest import STATUSES, Rest
from gateway.simulator.carrier_state import Message


class GenericPosts(Posts):
    """Posts JSON, with the HMAC-SHA256 of the body in `X-Signature`."""

    def text_form(self, message: Message) -> dict[str, str]:
        """What is posted of a text."""
        return {"id": message.sid, "from": message.sender, "to": message.recipient, "text": message.body}

    def receipt_form(self, message: Message, status: str, error_code: int | None) -> dict[str, str]:
        """What is posted of a state."""
        form = {"id": message.sid, "state": status}
        return form if error_code is None else form | {"code": str(error_code)}

    def encoded(self, url: str, form: Mapping[str, str]) -> tuple[bytes, dict[str, str]]:
        """The body and the headers that prove it."""
        body = json.dumps(form).encode()
        signed = hmac.new(self._carrier.auth_token.encode(), body, "sha256").hexdigest()
        return body, {"Content-Type": "application/json", "X-Signature": f"sha256={signed}"}


class GenericRest(Rest):
    """Takes texts at `POST /messages`, and lists nothing."""

    def routes(self) -> list[web.RouteDef]:
        """The one address."""
        return [web.post("/messages", self.create)]

    async def create(self, request: web.Request) -> web.StreamResponse:
        """POST: take a text, or do to it what the troubles say."""
        if not hmac.compare_digest(
            request.headers.get("Authorization", "").encode(), f"Bearer {self._carrier.auth_token}".encode()
        ):
            return self.error(401)
        given = await request.json()
        names = {"From": "from", "To": "to", "Body": "text", "StatusCallback": "status_url"}
        return await self.take(request, {ours: str(given.get(theirs, "")) for ours, theirs in names.items()})

    def shown(self, message: Message) -> dict[str, Any]:
        """A message in an answer."""
        return {"id": message.sid, "state": message.status}

    def error(self, code: int, recipient: str = "") -> web.Response:
        """A refusal: a number below a thousand is an HTTP status, any other a code of the carrier's."""
        status = code if code < 1000 else STATUSES.get(code, 400)
        shown = {"code": code, "error": f"no text to {recipient}"}
        return web.json_response(shown, status=status, headers={"Retry-After": "1"} if status == 429 else None)
