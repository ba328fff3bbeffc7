"""Twilio: what it posts to us (`Receiver`) and what we call (`Sender`).

The process that takes in needs only the Receiver, and importing this package loads nothing of the vendor's:
`twilio.rest` costs half a second and 40 MB, so the Sender loads it when one is made.
"""

from channels.sms.twilio.account import DEFAULT_API_URL, Account
from channels.sms.twilio.receiver import Receiver
from channels.sms.twilio.sender import Sender
from channels.sms.twilio.settings import PROVIDER, TwilioSettings

__all__ = ["DEFAULT_API_URL", "PROVIDER", "Account", "Receiver", "Sender", "TwilioSettings"]
