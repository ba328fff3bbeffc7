"""A carrier or aggregator with a plain HTTP API: JSON in and out, everything named by settings."""

from channels.sms.generic.account import Account
from channels.sms.generic.receiver import Receiver
from channels.sms.generic.sender import Sender
from channels.sms.generic.settings import PROVIDER, GenericSettings

__all__ = ["PROVIDER", "Account", "GenericSettings", "Receiver", "Sender"]
