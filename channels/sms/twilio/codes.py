"""Twilio's error codes, as the failures that we tell apart.

Source: "Error and Warning Dictionary", Twilio docs, as of 2026. Twilio splits codes now and then (21606
became 21659, 21660 and 21661 in July 2024), so a code that is not here is judged by the HTTP status.
"""

from collections.abc import Mapping
from typing import Final

from channels.contract import Failure

FAILURES: Final[Mapping[str, Failure]] = {
    # The call itself.
    "10001": Failure.MISCONFIGURED,  # account is not active
    "14107": Failure.THROTTLED,  # too many between the same two numbers within 30 s
    "20003": Failure.CREDENTIALS,
    "20005": Failure.MISCONFIGURED,  # account is not active: no funds
    "20008": Failure.CREDENTIALS,  # test credentials
    "20403": Failure.MISCONFIGURED,  # account suspended or closed
    "20404": Failure.MISCONFIGURED,  # no such account
    "20429": Failure.THROTTLED,
    "63038": Failure.MISCONFIGURED,  # the account's daily limit: passes tomorrow, or with a word to support
    # To whom.
    "21211": Failure.INVALID_NUMBER,
    "21214": Failure.INVALID_NUMBER,
    "21217": Failure.INVALID_NUMBER,
    "21265": Failure.INVALID_NUMBER,  # a short code
    "21266": Failure.INVALID_NUMBER,  # to itself
    "21268": Failure.INVALID_NUMBER,  # premium rate
    "21408": Failure.BLOCKED_COUNTRY,  # geographic permissions
    "21604": Failure.INVALID_NUMBER,  # none
    "21610": Failure.OPTED_OUT,
    "21612": Failure.INVALID_NUMBER,  # no route from this sender to this recipient
    "21614": Failure.INVALID_NUMBER,  # not a mobile number
    "21635": Failure.LANDLINE,
    # From whom.
    "21212": Failure.MISCONFIGURED,
    "21267": Failure.MISCONFIGURED,  # a name as the sender, on trial
    "21603": Failure.MISCONFIGURED,
    "21606": Failure.MISCONFIGURED,
    "21608": Failure.MISCONFIGURED,  # on trial: only verified recipients
    "21609": Failure.MISCONFIGURED,  # the status address
    "21611": Failure.THROTTLED,  # the sender's queue holds ten hours of texts
    "21657": Failure.MISCONFIGURED,
    "21659": Failure.MISCONFIGURED,
    "21660": Failure.MISCONFIGURED,
    "21661": Failure.MISCONFIGURED,
    "21703": Failure.MISCONFIGURED,  # the Messaging Service has no numbers
    "21705": Failure.MISCONFIGURED,
    # What.
    "21602": Failure.CONTENT_REFUSED,
    "21605": Failure.CONTENT_REFUSED,
    "21617": Failure.CONTENT_REFUSED,  # over 1,600 characters
    "21618": Failure.CONTENT_REFUSED,
    "21619": Failure.CONTENT_REFUSED,
    # Afterwards, in a receipt.
    "30001": Failure.CARRIER_TROUBLE,  # queue overflow
    "30002": Failure.MISCONFIGURED,  # account suspended
    "30003": Failure.HANDSET_UNREACHABLE,  # off, or out of coverage
    "30004": Failure.BLOCKED,
    "30005": Failure.UNALLOCATED,  # unknown or no longer active
    "30006": Failure.LANDLINE,
    "30007": Failure.CONTENT_REFUSED,  # filtered
    "30008": Failure.CARRIER_TROUBLE,  # unknown error
    "30017": Failure.CARRIER_TROUBLE,  # congestion
    "30018": Failure.MISCONFIGURED,  # the sender must be registered with the carrier
    "30019": Failure.CONTENT_REFUSED,  # size
    "30024": Failure.MISCONFIGURED,  # the sender is not provisioned at the carrier
    "30034": Failure.MISCONFIGURED,  # unregistered sender, United States
    "30036": Failure.EXPIRED,  # ValidityPeriod
    "30042": Failure.MISCONFIGURED,  # the sender's name is refused
    # Twilio does not repeat it "to avoid duplicate message delivery": now and then it had arrived.
    "30410": Failure.CARRIER_TROUBLE,
    "30450": Failure.CARRIER_TROUBLE,  # pumping protection: blocked for 15 to 30 minutes
}


def failure_of_call(status: int, code: str) -> Failure:
    """Why a call was answered with this HTTP status and this code of Twilio's (empty: none).

    After a 5xx nobody knows whether the message was taken, whatever the code says.
    """
    if status >= 500:
        return Failure.AMBIGUOUS
    if code in FAILURES:
        return FAILURES[code]
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    return Failure.REFUSED if status >= 400 else Failure.MISCONFIGURED


def failure_of_receipt(code: str) -> Failure:
    """Why a message that Twilio had taken failed."""
    return FAILURES.get(code, Failure.REFUSED)


_BY_STATUS: Final[Mapping[int, Failure]] = {
    401: Failure.CREDENTIALS,
    403: Failure.MISCONFIGURED,
    404: Failure.MISCONFIGURED,
    405: Failure.MISCONFIGURED,
    408: Failure.AMBIGUOUS,
    429: Failure.THROTTLED,
}
