"""What each act needs: a table of acts and evidence.

Evidence, weakest first: an address wrote (forgeable) < a reply address of one person was used < the mail's domain
vouches for it < a code came back < a fresh code for this very purpose. Beside that order stand an on-call number
and an API token, which count only where a row names them. Standing trust is a code that came back within the desk's
period.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from conversations.codes import digits_for
from conversations.inputs import Evidence


class Act(StrEnum):
    """What somebody wants done. Reported: by this address in its present epoch; other and wider: anything else."""

    REPORT_DANGER = "report_danger"
    REPORT = "report"
    COMMENT_REPORTED = "comment_reported"
    COMMENT_OTHER = "comment_other"
    READ_REPORTED = "read_reported"
    READ_WIDER = "read_wider"
    CHANGE_CONTACT = "change_contact"
    CONSENT = "consent"
    ERASE = "erase"
    APPROVE = "approve"
    SIGN_OUT = "sign_out"
    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    ACKNOWLEDGE_ALERT = "acknowledge_alert"


@dataclass(frozen=True, slots=True)
class Code:
    """The code that would do. ``to_registered``: it goes to the registered phone, wherever it was asked for."""

    purpose: str
    digits: int
    to_registered: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """What an act needs.

    ``least``: the weakest evidence in the order that suffices; None: none of it. ``also``: evidence beside the order.
    ``trust``: standing trust does as well. ``purpose``: of the code to ask for; None: no code helps.
    """

    least: Evidence | None = "wrote"
    also: frozenset[Evidence] = frozenset()
    trust: bool = False
    purpose: str | None = None
    to_registered: bool = False


ORDER: tuple[Evidence, ...] = ("wrote", "reply_address", "authenticated_mail", "code", "fresh_code")
RE_PROVED: Evidence = "authenticated_mail"
"""Weaker evidence than this is marked on what it did: a comment whose sender is not re-proved."""

RULES: Mapping[Act, Rule] = {
    Act.REPORT_DANGER: Rule(also=frozenset({"on_call", "token"})),
    Act.REPORT: Rule(also=frozenset({"on_call", "token"})),
    Act.COMMENT_REPORTED: Rule(),
    Act.COMMENT_OTHER: Rule("reply_address", trust=True, purpose="prove_address"),
    Act.READ_REPORTED: Rule("code", trust=True, purpose="prove_address"),
    Act.READ_WIDER: Rule("fresh_code", purpose="read_wider", to_registered=True),
    Act.CHANGE_CONTACT: Rule("fresh_code", purpose="change_contact", to_registered=True),
    Act.CONSENT: Rule("fresh_code", purpose="consent", to_registered=True),
    Act.ERASE: Rule("fresh_code", purpose="erase", to_registered=True),
    Act.APPROVE: Rule("fresh_code", purpose="approve", to_registered=True),
    Act.SIGN_OUT: Rule(),
    Act.OPT_OUT: Rule(),
    Act.OPT_IN: Rule(),
    Act.ACKNOWLEDGE_ALERT: Rule(None, also=frozenset({"on_call", "token"})),
}


def allows(act: Act, evidence: Evidence, *, trusted: bool = False) -> bool:
    """Whether this evidence, or the address's standing trust, suffices for the act."""
    rule = RULES[act]
    return (rule.trust and trusted) or evidence in rule.also or _reaches(evidence, rule.least)


def code_for(act: Act) -> Code | None:
    """The code that would allow it; None where no code would, or none is needed."""
    rule = RULES[act]
    if rule.purpose is None:
        return None
    return Code(rule.purpose, digits_for(rule.purpose), rule.to_registered)


def is_marked(act: Act, evidence: Evidence) -> bool:
    """Whether what was done stands marked "sender not re-proved" for the caseworker."""
    return act in _MARKED and not _reaches(evidence, RE_PROVED)


def _reaches(evidence: Evidence, least: Evidence | None) -> bool:
    return least is not None and evidence in ORDER and ORDER.index(evidence) >= ORDER.index(least)


_MARKED = frozenset({Act.REPORT_DANGER, Act.REPORT, Act.COMMENT_REPORTED, Act.COMMENT_OTHER})
