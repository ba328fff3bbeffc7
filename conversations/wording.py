"""The engine's texts by id and language, a desk's own wording in place of ours where it has one."""

from collections.abc import Mapping
from dataclasses import dataclass

from conversations.desk.model import Localized
from conversations.state import Language
from conversations.text import Mark, Text, compose

Catalogue = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wording:
    """Catalogues of the engine (one a language) and a desk's ``texts``, by message id such as ``code.wrong``."""

    catalogues: Mapping[Language, Catalogue]
    own: Mapping[str, Localized]

    def say(self, language: Language, msgid: str, **values: str | Mark | Text) -> Text:
        """The text, filled. Raises KeyError for an id that has no text, and for a place that has no value."""
        return compose(self.template(language, msgid), values)

    def template(self, language: Language, msgid: str) -> str:
        """The text with its places in braces. Raises KeyError for an id that has no text."""
        own = self.own.get(msgid, {}).get(language)
        return self.catalogues[language][msgid] if own is None else own
