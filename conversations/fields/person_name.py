"""A person's name, as given: "Eva Hagen", "jeg heter eva hagen", "Hagen, Eva"."""

import re

from conversations.desk.model import FormField
from conversations.fields.contract import Context, Refused, Taken, no_options, shortened
from conversations.fields.yes_no import in_words
from conversations.state import Json
from conversations.typed import composed, one_line
from conversations.words import is_reserved

options = no_options

LONGEST = 80
MOST_WORDS = 6
_PARTICLES = frozenset("van von der den de di da du del la le af av zu ter ten bin al el y e".split())
_INTRODUCED = (
    "jeg heter, eg heiter, æ heite, jag heter, mitt navn er, navnet mitt er, namnet mitt er, mitt namn är, navn er, "
    "namn är, navnet er, navn, namn, name, my name is, the name is, i am, i'm, jeg er, jag är, eg er, det er, det är, "
    "dette er, detta är, this is, fornavn og etternavn"
)
_SIGNED = (
    "mvh, hilsen, vennlig hilsen, med vennlig hilsen, helsing, hälsningar, vänliga hälsningar, regards, best regards"
)
# A line with one of these is a sentence, not a name.
_NOT_IN_A_NAME = frozenset(
    "er som jeg jag eg du vi dere ikke ikkje inte har det den dette hva hvorfor hvem hvordan vad varför vem hur what "
    "why who how når where hvor var kan skal vil must is are the that this not to på i for med min mitt my your ditt "
    "din rett endre ändra rätta trenger behöver need navn namn name samme samma same bare anonym anonymous ingen none "
    "hemmelig secret".split()
)


def read(field: FormField, text: str, context: Context) -> Taken | Refused:
    """One word or more; what follows a comma, a line break or the first figure is the rest."""
    first, _, others = composed(text).strip().partition("\n")
    line = _INTRODUCTION.sub("", one_line(first), count=1)
    name, rest = _parted(line)
    rest = " ".join(filter(None, (rest, others.strip())))
    if not _is_name(name) or is_reserved(name) or in_words(name):
        return Refused("field.name.unclear")
    return Taken(_capitalised(name), rest)


def find(field: FormField, text: str, context: Context) -> Taken | None:
    """A name that says it is one: «jeg heter Eva Hagen», or signs the text: «Mvh Eva Hagen»."""
    line = one_line(text)
    match = _SAYS.search(line) or _SIGNS.search(line)
    if match is None or not _is_name(match["name"]):
        return None
    rest = f"{line[: match.start()].rstrip()} {line[match.end() :].lstrip(' ,.')}".strip(" ,")
    return Taken(_capitalised(match["name"]), rest)


def show(field: FormField, value: Json, context: Context) -> str:
    """The name."""
    return shortened(value, field.max_shown) if isinstance(value, str) else ""


def _parted(line: str) -> tuple[str, str]:
    """The name and what comes after it; «Hagen, Eva» is turned round."""
    name, comma, after = (part.strip() for part in line.rstrip(" .!").partition(","))
    if comma and len(name.split()) == 1 and len(after.split()) <= 2 and _is_name(after):
        return f"{after} {name}", ""
    figure = _FIGURE.search(name)
    if figure is None:
        return name, after
    beyond = name[figure.start() :].strip() + (f", {after}" if after else "")
    return (name[: figure.start()].strip(), beyond) if len(name[: figure.start()].split()) > 1 else (name, after)


def _is_name(name: str) -> bool:
    words = name.split()
    return (
        0 < len(words) <= MOST_WORDS
        and 2 <= len(name) <= LONGEST
        and all(_NAME_WORD.fullmatch(word) for word in words)
        and _NOT_IN_A_NAME.isdisjoint(name.lower().split())
    )


def _capitalised(name: str) -> str:
    """Capitals where the name is typed all in small or all in large letters; else as typed."""
    if name not in (name.lower(), name.upper()):
        return name
    words = name.lower().split()
    return " ".join(word if word in _PARTICLES and number else _word(word) for number, word in enumerate(words))


def _word(word: str) -> str:
    return re.sub(r"(^|[-'.])([^\W\d_])", lambda match: match[1] + match[2].upper(), word)


def _either(forms: str) -> str:
    return "|".join(sorted((re.escape(form.strip()) for form in forms.split(",")), key=len, reverse=True))


_NAME_WORD = re.compile(r"(?:[^\W\d_]\.)+|[^\W\d_](?:[^\W\d_]|['’-])*\.?")
_FIGURE = re.compile(r"(?:^|\s)[+(]?[0-9]")
_INTRODUCTION = re.compile(
    rf"(?:(?:hei|hej|hello|hi)[ ,!.]+)?(?:{_either(f'{_INTRODUCED}, {_SIGNED}')})[:,. ]+", re.IGNORECASE
)
_CAPITAL = r"(?-i:[A-ZÆØÅÄÖÉÜ])[\w'-]+"
_SAYS = re.compile(
    rf"(?<!\w)(?:jeg heter|eg heiter|jag heter|mitt navn er|navnet mitt er|mitt namn är|my name is) "
    rf"(?P<name>{_CAPITAL}(?: (?:van|von|de|af|av|der)(?= )| {_CAPITAL}){{0,3}})",
    re.IGNORECASE,
)
_SIGNS = re.compile(
    rf"(?<!\w)(?:{_either(_SIGNED)})[ ,.:]+(?P<name>{_CAPITAL}(?: {_CAPITAL}){{0,3}})[ .!]*$", re.IGNORECASE
)
