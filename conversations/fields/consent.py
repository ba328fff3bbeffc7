"""A yes to a text of a certain version, for as long as the desk says: as easy to refuse as to give."""

import re
from itertools import chain

from conversations.desk.model import FormField
from conversations.fields import yes_no
from conversations.fields.contract import Context, Refused, Taken, localized
from conversations.state import Json
from conversations.typed import bare, typings

options = yes_no.options

_WHOLE_TEXT = frozenset(
    chain.from_iterable(map(typings, ("vilkår", "vilkårene", "hele teksten", "villkor", "hela texten", "terms")))
)

_LIMITS = re.compile(
    r"\b(?:men|but|bare|bara|berre|only|just|kun|endast|hvis|dersom|viss|om|if|når|när|when|unless|unntatt|utom|except|"
    r"ikke|ikkje|inte|not|til|till|until|først|först|first|så lenge|så länge|as long)\b",
    re.IGNORECASE,
)


def read(field: FormField, text: str, context: Context) -> Taken | Refused:
    """A yes or a no; the word for the terms is answered with the whole text."""
    if bare(text) in _WHOLE_TEXT:
        return Refused(
            "field.consent.terms", {"terms": localized(field.consent_text or {}, context.language)}, told=True
        )
    outcome = yes_no.read(field, text, context)
    if isinstance(outcome, Refused):
        return outcome
    given = outcome.value == "yes"
    if given and _LIMITS.search(outcome.rest):
        # «Ja, men bare i dag» is another consent than the one that was asked for.
        return yes_no.unclear(context)
    return Taken({"given": given, "version": field.consent_version, "ends": field.consent_ends}, outcome.rest)


def find(field: FormField, text: str, context: Context) -> Taken | None:
    """Never: nobody consents by the way."""
    return None


def show(field: FormField, value: Json, context: Context) -> str:
    """«Ja» or «Nei», with the version of the text."""
    if not isinstance(value, dict):
        return ""
    answer = yes_no.LABELS["yes" if value.get("given") else "no"][context.language]
    return f"{answer} ({value['version']})" if value.get("version") else answer
