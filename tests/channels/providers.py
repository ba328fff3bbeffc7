"""Each provider as the shared cases need it: what it posts, changed as a case wants, and an account to send by.

A new provider adds a `Kit`; a test demands one for every row of the table.
"""

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from channels import contract
from channels.contract import Failure
from channels.sms import generic, twilio
from gateway.simulator.carrier import CarrierThread, run
from tests.channels import twilio_posts
from tests.channels.twilio_posts import OURS, THEIRS, TOKEN

PUBLIC_URL: Final = "https://sms.example.no"
TEXT: Final = "Linja henger lavt over veien ved Furuneset"
# What the cases call a field; None takes it out. Any other name is one that the provider has added.
Change = Mapping[str, Any]
Post = tuple[bytes, dict[str, str]]


@dataclass(frozen=True)
class Kit:
    """One provider.

    - `text` and `receipt`: an honest post, changed by our names `id`, `from`, `to`, `text`, `state`, `code`,
      proved for this path.
    - `encode`: the body that a form of these fields has, and `prove` the headers of a body, for a path.
    - `proof`: the header that proves; `twice`: a body that has the text twice.
    - `sending`: a sender by this stand-in. `refusals`: the stand-in's code, and what it must be called.
    """

    name: str
    provider: contract.Provider
    account: str
    receiver: contract.Receiver
    proof: str
    fields: Mapping[str, str]
    first_text: Mapping[str, str]
    first_receipt: Mapping[str, str]
    encode: Callable[[Mapping[str, Any]], bytes]
    prove: Callable[[bytes, str], dict[str, str]]
    twice: Callable[[bytes], bytes]
    sending: Callable[..., contract.Sender]
    carrier: Callable[[], CarrierThread]
    refusals: tuple[tuple[int, Failure], ...]
    malformed: tuple[bytes, ...]

    @property
    def path(self) -> str:
        """Where it posts texts."""
        return f"/sms/{self.name}"

    def text(self, path: str = "", **changes: Any) -> Post:
        """A text."""
        return self._post(self.first_text, changes, path or self.path)

    def receipt(self, path: str = "", **changes: Any) -> Post:
        """A receipt."""
        return self._post(self.first_receipt, changes, path or f"{self.path}/status/x")

    def _post(self, first: Mapping[str, str], changes: Change, path: str) -> Post:
        form: dict[str, Any] = {**first, **{self.fields.get(name, name): value for name, value in changes.items()}}
        body = self.encode({name: value for name, value in form.items() if value is not None})
        return body, self.prove(body, path)


def _twilio_proof(body: bytes, path: str) -> dict[str, str]:
    from urllib.parse import parse_qsl

    form = parse_qsl(body.decode(), keep_blank_values=True, errors="surrogateescape")
    return twilio_posts.headers(form, PUBLIC_URL + path)


GENERIC: Final = generic.Account(
    name="generic",
    url="http://127.0.0.1:9/messages",
    numbers=frozenset({OURS}),
    api_secret=TOKEN,
    webhook_secrets=(TOKEN,),
    errors={
        "21211": Failure.INVALID_NUMBER,
        "21610": Failure.OPTED_OUT,
        "30003": Failure.HANDSET_UNREACHABLE,
    },
)


def _generic_proof(body: bytes, _path: str) -> dict[str, str]:
    signed = hmac.new(TOKEN.encode(), body, "sha256").hexdigest()
    return {"Content-Type": "application/json", "X-Signature": f"sha256={signed}"}


def _generic_sending(url: str, token: str = TOKEN, **settings: Any) -> contract.Sender:
    return generic.Sender(replace(GENERIC, url=f"{url}/messages", api_secret=token), **settings)


def _twilio_sending(url: str, token: str = TOKEN, **settings: Any) -> contract.Sender:
    return twilio.Sender(replace(twilio_posts.ACCOUNT, api_url=url, auth_tokens=(token,)), **settings)


KITS: Final[Mapping[str, Kit]] = {
    "twilio": Kit(
        name="twilio",
        provider=twilio.PROVIDER,
        account=twilio_posts.ACCOUNT.account_sid,
        receiver=twilio.Receiver(twilio_posts.ACCOUNT),
        proof="X-Twilio-Signature",
        fields={
            "id": "MessageSid",
            "from": "From",
            "to": "To",
            "text": "Body",
            "state": "MessageStatus",
            "code": "ErrorCode",
        },
        first_text=dict(twilio_posts.changed("text", {})),
        first_receipt=dict(twilio_posts.changed("receipt", {})),
        encode=lambda form: urlencode(form, errors="surrogateescape").encode(),
        prove=_twilio_proof,
        twice=lambda body: body + b"&Body=to",
        sending=_twilio_sending,
        carrier=lambda: run(account_sid=twilio_posts.ACCOUNT.account_sid, auth_token=TOKEN),
        refusals=(
            (20003, Failure.CREDENTIALS),
            (20429, Failure.THROTTLED),
            (21211, Failure.INVALID_NUMBER),
            (21610, Failure.OPTED_OUT),
            (29999, Failure.REFUSED),
            (20500, Failure.AMBIGUOUS),
        ),
        malformed=(b"Body=%zz", b"&".join(b"a=1" for _ in range(1001)), b"=&=&="),
    ),
    "generic": Kit(
        name="generic",
        provider=generic.PROVIDER,
        account="generic",
        receiver=generic.Receiver(GENERIC),
        proof="X-Signature",
        fields={},
        first_text={"id": twilio_posts.SID, "from": THEIRS, "to": OURS, "text": TEXT},
        first_receipt={"id": twilio_posts.SID, "state": "delivered"},
        encode=lambda form: json.dumps(form).encode(),
        prove=_generic_proof,
        twice=lambda body: body[:-1] + b', "text": "to"}',
        sending=_generic_sending,
        carrier=lambda: run(protocol="generic", auth_token=TOKEN),
        refusals=(
            (401, Failure.CREDENTIALS),
            (403, Failure.CREDENTIALS),
            (429, Failure.THROTTLED),
            (21211, Failure.INVALID_NUMBER),
            (21610, Failure.OPTED_OUT),
            (29999, Failure.REFUSED),
            (404, Failure.MISCONFIGURED),
            (502, Failure.AMBIGUOUS),
        ),
        malformed=(
            b"",
            b"{",
            b"[]",
            b"null",
            b'"x"',
            b"[" * 60_000,
            b'{"a":' * 10_000,
            b'{"id": NaN}',
            b'{"id": 1e999}',
            b'{"id": ' + b"9" * 5_000 + b"}",
            b'{"text": "\xff"}',
            b'\xef\xbb\xbf{"id": "x"}',
            b'{"id": "x", "id": "x"}',
            b'{"a": {"b": 1, "b": 2}}',
            "{}".encode("utf-16"),
        ),
    ),
}
