"""What only who does the work may read, such as a door code. It is sealed at once, and stars stand for it."""

import re
from collections.abc import Sequence
from functools import lru_cache

from conversations.desk.model import FormField
from conversations.fields import text as any_text
from conversations.fields.contract import Context, Refused, Taken
from conversations.state import Json
from conversations.typed import composed
from conversations.words import is_nothing, is_unknown

# Never found in a text that answers something else: what is called by its name there is heard by ``said``.
find, options = any_text.find, any_text.options

STARS = "****"


def read(field: FormField, text: str, context: Context) -> Taken | Refused:
    """The figures that are called by the field's name, else the whole text."""
    names = tuple(field.label.values())
    called = said(names, text)
    if len(called) != 1:
        return any_text.read(field, text, context)
    return Taken(called[0], _beside(names).sub("", composed(text)).strip(" .,;!"))


def is_none(text: str) -> bool:
    """Whether the text says that nobody here knows it, or who does: «vet inte», «ring mig för koden»."""
    has_figures = any(map(str.isdecimal, text))
    return not has_figures and (is_unknown(text) or is_nothing(text) or _ASKS_FOR_A_CALL.search(text) is not None)


def said(names: Sequence[str], text: str) -> list[str]:
    """The figures beside one of its names, or beside «koden är»: «portkod 9911», «koden til porten er 1472»."""
    return list(dict.fromkeys(match["figures"] for match in _beside(tuple(names)).finditer(composed(text))))


def masked(secrets: Sequence[str], text: str) -> str:
    """The text with stars for the secrets, but for figures that are part of a longer number."""
    for secret in secrets:
        text = re.sub(rf"(?<![0-9]){re.escape(secret)}(?![0-9])", STARS, text)
    return text


def show(field: FormField, value: Json, context: Context) -> str:
    """Stars, whatever it is."""
    return STARS if isinstance(value, str) else ""


@lru_cache(maxsize=64)
def _beside(names: tuple[str, ...]) -> re.Pattern[str]:
    either = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    named = rf"(?:{either})[^\W\d]{{0,3}}{_SMALL}{_IS}?{_SMALL}|(?:the )?(?:kod(?:en|e)?|code){_SMALL}{_IS}{_SMALL}"
    return re.compile(rf"(?<![\w-])(?:{named})[\s:,=-]*(?P<figures>{_FIGURES})", re.IGNORECASE)


_SMALL = (
    r"(?:[\s,]+(?:till|til|to|for|för|på|the|vår|min|our|my|porten|dörren|døra|døren|gate|door|huset|nu|nå|now|also|också|"
    r"også))*"
)
_IS = r"(?:\s+(?:er|är|e|is|blir)\b|\s*[:=])"
_FIGURES = (
    r"[#*]?(?:[A-Za-z] ?)?(?:[0-9]{3,8}|[0-9](?: [0-9]){2,7}|[0-9]{2} [0-9]{2})[A-Za-z]?(?: ?[#*])?(?!\w)(?! ?[0-9])"
)
_ASKS_FOR_A_CALL = re.compile(r"\b(?:ring|ringer|ringa|call|phone|spør|fråga|ask)\b", re.IGNORECASE)
