"""What each act needs: a table of acts and evidence, with a row for each act that a move asks about.

Evidence, weakest first: an address wrote (forgeable) < a reply address of one person was used < the mail's domain
vouches for it < a code came back < a fresh code for this very purpose. Beside that order stand an on-call number
and an API token, which count only where a row names them. Standing trust is a code that came back within the desk's
period. To report, to sign out and to opt out need nothing, so nobody asks. A comment shows its evidence to whoever
reads it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from conversations.inputs import Evidence


class Act(StrEnum):
    """What somebody wants done. Reported: by this address in its present epoch."""

    COMMENT_REPORTED = "comment_reported"
    READ_REPORTED = "read_reported"
    ACKNOWLEDGE_ALERT = "acknowledge_alert"


@dataclass(frozen=True, slots=True)
class Rule:
    """What an act needs.

    ``least``: the weakest evidence in the order that suffices; None: none of it. ``also``: evidence beside the order.
    ``trust``: standing trust does as well.
    """

    least: Evidence | None = "wrote"
    also: frozenset[Evidence] = frozenset()
    trust: bool = False


ORDER: tuple[Evidence, ...] = ("wrote", "reply_address", "authenticated_mail", "code", "fresh_code")

RULES: Mapping[Act, Rule] = {
    Act.COMMENT_REPORTED: Rule(),
    Act.READ_REPORTED: Rule("code", trust=True),
    Act.ACKNOWLEDGE_ALERT: Rule(None, also=frozenset({"on_call"})),
}


def allows(act: Act, evidence: Evidence, *, trusted: bool = False) -> bool:
    """Whether this evidence, or the address's standing trust, suffices for the act."""
    rule = RULES[act]
    return (rule.trust and trusted) or evidence in rule.also or _reaches(evidence, rule.least)


def _reaches(evidence: Evidence, least: Evidence | None) -> bool:
    return least is not None and evidence in ORDER and ORDER.index(evidence) >= ORDER.index(least)
