"""Makes a checked desk ready for turns: catalogues, general danger phrases and the time zone are read here."""

import gettext
from functools import cache
from importlib.resources import files
from itertools import chain
from zoneinfo import ZoneInfo

from conversations.danger import Phrases, compile_phrases
from conversations.danger_syntax import KINDS, read_phrases
from conversations.desk.model import Desk, LocalizedList
from conversations.desk.ready import ReadyDesk
from conversations.state import Language
from conversations.wording import Wording

LANGUAGES: tuple[Language, ...] = ("nb", "sv", "en")
_LOCALE = files("conversations") / "locale"


def make_ready(desk: Desk, version: int) -> ReadyDesk:
    """The desk as turns use it. Raises ValueError for danger phrases that no check let through."""
    choices = (choice for form in desk.forms for field in form.fields for choice in field.choices)
    detector = compile_phrases(danger_phrases(desk), chain.from_iterable(choice.listed for choice in choices))
    return ReadyDesk(desk, version, Wording(catalogues(), desk.texts), detector, ZoneInfo(desk.time_zone))


def danger_phrases(desk: Desk) -> Phrases:
    """The general danger phrases and the desk's own."""
    own = desk.danger
    return general_phrases() + Phrases(**{kind: _all(getattr(own, kind)) for kind in KINDS if own})


@cache
def catalogues() -> dict[Language, dict[str, str]]:
    """The engine's texts by language and id, from the compiled catalogues."""
    return {language: _catalogue(language) for language in LANGUAGES}


@cache
def general_phrases() -> Phrases:
    """The danger phrases that every desk has, all languages together."""
    names = ("danger.all.txt", *(f"danger.{language}.txt" for language in LANGUAGES))
    phrases = Phrases()
    for name in names:
        phrases = phrases + read_phrases((_LOCALE / name).read_text(encoding="utf-8"))
    return phrases


def _catalogue(language: Language) -> dict[str, str]:
    with (_LOCALE / f"{language}.mo").open("rb") as compiled:
        texts = gettext.GNUTranslations(compiled)
    found: dict[str, str] = texts._catalog  # type: ignore[attr-defined]  # gettext has no listing of its own
    return {str(msgid): text for msgid, text in found.items() if msgid}


def _all(phrases: LocalizedList) -> tuple[str, ...]:
    return tuple(phrase for several in phrases.values() for phrase in several)
