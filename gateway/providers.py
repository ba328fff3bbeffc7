"""The table of providers of texts: a row for each, and its settings. Nothing else names a provider.

A new one is a package in `channels/sms`, and here an import, a base and a row: docs/add-a-provider.md.
"""

from collections.abc import Mapping
from typing import Final

from channels.contract import Provider
from channels.sms import generic, twilio


class ProviderSettings(twilio.TwilioSettings, generic.GenericSettings):
    """The settings of all of them."""


# By the name in the address that they post to: /sms/<name>. Where none is set, the first is asked for.
PROVIDERS: Final[Mapping[str, Provider]] = {
    "twilio": twilio.PROVIDER,
    "generic": generic.PROVIDER,
}
