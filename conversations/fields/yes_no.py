"""Yes or no, the values "yes" and "no". The question offers 1 and 2, for carriers take YES for themselves."""

import re

from conversations.desk.model import FormField
from conversations.fields.contract import Context, Refused, Taken
from conversations.fields.numbered import read_number
from conversations.state import Json, Language, Option
from conversations.typed import bare, one_line
from conversations.words import read_yes_no

LABELS: dict[str, dict[Language, str]] = {
    "yes": {"nb": "Ja", "sv": "Ja", "en": "Yes"},
    "no": {"nb": "Nei", "sv": "Nej", "en": "No"},
}
_ALSO = {
    "yes": "jo, jo da, jada, jau, jaa, jaaa, jao, joo, jodå, jorå, jajamän, mm, mhm, yup, "
    "visst, javisst, ja visst, klart, selvfølgelig, absolutt, absolut, sure, det er det, ✅, ✔, 👌",
    "no": "itj, itte, neida, nei da, nja nei, ikke, inte, ingen, aldri, aldrig, never, det er det ikke, not at all, ❌",
}
_OPENS = re.compile(r"(ja|jo|jepp|japp|jada|yes|yeah|yep|nei|neida|nej|nope|no|nä)\b[\s,.!:;-]+(\S.*)", re.I)
_EITHER = re.compile(r"\b(eller|or|både|both)\b", re.I)


def read(field: FormField, text: str, context: Context) -> Taken | Refused:
    """By number as shown, by word, or by the word that the answer begins with: "ja, men bare ute"."""
    shown = context.shown or options(field, context)
    chosen = read_number(text, len(shown))
    if chosen is not None and not chosen.in_words and 1 <= chosen.number <= len(shown):
        return Taken(shown[chosen.number - 1].key, chosen.rest)
    return in_words(text) or unclear(context)


def unclear(context: Context) -> Refused:
    """Asks for a plain yes or no."""
    return Refused("field.yes_no.unclear", {name: LABELS[name][context.language] for name in LABELS})


def in_words(text: str) -> Taken | None:
    """A yes or a no that the text is, or begins with; the rest is what comes after it."""
    whole = _whole(text)
    if whole:
        return Taken(whole)
    line = one_line(text)
    opened = _OPENS.fullmatch(line)
    if not opened or _EITHER.search(line) or _contradicted(opened[1], opened[2]):
        return None
    answer = _answer(opened[1])
    return Taken(answer, "" if _whole(opened[2]) == answer else opened[2])


def find(field: FormField, text: str, context: Context) -> Taken | None:
    """Never: a yes in another text answers another question."""
    return None


def show(field: FormField, value: Json, context: Context) -> str:
    """«Ja» or «Nei»."""
    labels = LABELS.get(str(value))
    return labels[context.language] if labels else ""


def options(field: FormField, context: Context) -> tuple[Option, ...]:
    """1 is yes."""
    return tuple(Option(name, labels[context.language]) for name, labels in LABELS.items())


def _whole(text: str) -> str:
    said = bare(text)
    # «Det stemmer det»: said twice for the sake of it.
    for words in (said, said.removesuffix(" det")):
        answer = read_yes_no(words)
        if answer is not None or words in _ALSO_MEANT:
            return _ALSO_MEANT[words] if answer is None else _named(answer)
    return ""


def _answer(word: str) -> str:
    return _whole(word) or "yes"


def _contradicted(word: str, rest: str) -> bool:
    """ "ja nei, vet ikke": the next word says the opposite."""
    following = _whole(re.split(r"[\s,.!]", rest, maxsplit=1)[0])
    return following not in ("", _answer(word))


def _named(answer: bool) -> str:
    return "yes" if answer else "no"


_ALSO_MEANT = {bare(form): name for name, forms in _ALSO.items() for form in forms.split(",")}
