"""An account at such a provider: where it is, how each side proves itself, and what things are called there."""

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from channels.contract import Failure, Receipt, ReceiptState
from channels.sms.generic.proof import Proof

State = tuple[ReceiptState, Failure | None]

TEXT_FIELDS: Final = MappingProxyType({"id": "id", "from": "from", "to": "to", "text": "text"})
RECEIPT_FIELDS: Final = MappingProxyType({"id": "id", "state": "state", "code": "code"})
SEND_FIELDS: Final = MappingProxyType(
    {"to": "to", "from": "from", "text": "text", "status_url": "status_url", "reference": "reference"}
)
ANSWER_FIELDS: Final = MappingProxyType({"id": "id", "code": "code"})
API_PROOF: Final = Proof("Authorization: Bearer {token}")
WEBHOOK_PROOF: Final = Proof("X-Signature: sha256={hmac}")
STATES: Final[Mapping[str, State]] = MappingProxyType(
    {
        "accepted": ("accepted", None),
        "queued": ("accepted", None),
        "sent": ("sent", None),
        "delivered": ("delivered", None),
        "failed": ("failed", None),
        "undelivered": ("failed", None),
        "rejected": ("failed", None),
        "expired": ("failed", Failure.EXPIRED),
    }
)
# By the HTTP status, unless the settings say otherwise of it or of the code in the answer.
BY_STATUS: Final[Mapping[int, Failure]] = MappingProxyType(
    {
        401: Failure.CREDENTIALS,
        402: Failure.MISCONFIGURED,  # no funds
        403: Failure.CREDENTIALS,
        404: Failure.MISCONFIGURED,
        405: Failure.MISCONFIGURED,
        408: Failure.AMBIGUOUS,
        429: Failure.THROTTLED,
    }
)
# A code may reach a log; anything longer or odder could be somebody's words.
_CODE: Final = re.compile(r"[A-Za-z0-9_.-]{1,32}")


@dataclass(frozen=True, slots=True)
class Account:
    """What the settings say, read. `name` stands on messages; ids are unique within it.

    - `webhook_secrets`: of what they post to us, several while one is replaced; `webhook_proof`: how it looks.
    - `api_secret`, `api_proof`: the same of what we post to `url`.
    - `has_plus`: whether they write numbers with their plus.
    - `…_fields`: our name for a thing, and where it stands in their JSON.
    - `states`: their words in receipts; `errors`: their codes, or `http429`, as failures.
    """

    name: str
    url: str
    numbers: Set[str] = field(repr=False)
    api_secret: str = field(repr=False)
    webhook_secrets: tuple[str, ...] = field(repr=False)
    api_proof: Proof = API_PROOF
    webhook_proof: Proof = WEBHOOK_PROOF
    has_plus: bool = True
    text_fields: Mapping[str, str] = field(default_factory=lambda: TEXT_FIELDS)
    receipt_fields: Mapping[str, str] = field(default_factory=lambda: RECEIPT_FIELDS)
    send_fields: Mapping[str, str] = field(default_factory=lambda: SEND_FIELDS)
    answer_fields: Mapping[str, str] = field(default_factory=lambda: ANSWER_FIELDS)
    states: Mapping[str, State] = field(default_factory=lambda: STATES)
    errors: Mapping[str, Failure] = field(default_factory=dict)

    def failure_of_call(self, status: int, code: str | None) -> Failure:
        """Why a call was answered so. After a 5xx nobody knows whether the text was taken, whatever the code
        says; only the settings may know better of that very status."""
        told = self.errors.get(f"http{status}")
        if status >= 500:
            return told or Failure.AMBIGUOUS
        by_code = self.errors.get(code) if code else None
        otherwise = Failure.REFUSED if status >= 400 else Failure.MISCONFIGURED
        return by_code or told or BY_STATUS.get(status, otherwise)

    def receipt(self, provider_id: str, state: State, code: str | None) -> Receipt:
        """What this state and code say: the code before the state, and REFUSED where neither says why."""
        name, why = state
        if name != "failed":
            return Receipt(provider_id, name, None, code)
        by_code = self.errors.get(code) if code else None
        return Receipt(provider_id, "failed", by_code or why or Failure.REFUSED, code)


def loggable(code: str | None) -> str | None:
    """Their code, where it is one."""
    return code if code and code != "0" and _CODE.fullmatch(code) else None
