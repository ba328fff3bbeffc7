"""The words that always work, in three languages at once, and the words with which a text is stopped.

The rules: a word of ours is the whole message, or a word whose argument its own closed pattern takes in full;
while a free-text question stands, the bare word only. Case, accents, marks around it and æøåäö typed on
another keyboard make no difference. We show no word that carriers take for themselves.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache
from itertools import chain
from typing import Literal

from conversations.dates.period import names_period
from conversations.state import Language
from conversations.typed import bare, one_line, typings


class Command(StrEnum):
    """What a customer can ask of the dialogue itself, whatever is being asked."""

    HELP = "help"
    MENU = "menu"
    BACK = "back"
    SKIP = "skip"
    EDIT = "edit"
    SAVE = "save"
    RESUME = "resume"
    SEND = "send"
    DROP = "drop"
    STATUS = "status"
    SEARCH = "search"
    AGENT = "agent"
    LANGUAGE = "language"
    CODE = "code"
    SIGN_OUT = "sign_out"
    ERASE_ME = "erase_me"


@dataclass(frozen=True, slots=True)
class Heard:
    """A word of ours. ``language``: the one language that has it; None where several do.

    ``argument``: STATUS: ``closed``, a case number as ``IN-1042`` or ``1042`` (upper case, no zeros added), or a
    period as typed after ``in:``; SEARCH: the same period, or words after ``of:``;
    LANGUAGE: a Language; CODE: the digits; RESUME: a draft's code; EDIT: a number or words as typed, for the caller
    to check.
    """

    command: Command
    argument: str | None = None
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class CarrierWord:
    """A word that stops or starts texts: the carrier acts on it by itself, or only we do (``local``)."""

    act: Literal["stop", "start"]
    by: Literal["carrier", "local"]


Forms = Mapping[Language, tuple[str, ...]]

FORMS: Mapping[Command, Forms] = {
    Command.HELP: {
        "nb": ("HJELP", "VEILEDNING", "KOMMANDOER", "?"),
        "sv": ("HJÄLP", "VÄGLEDNING", "KOMMANDON", "?"),
        "en": ("COMMANDS", "GUIDE", "?"),
    },
    Command.MENU: {
        "nb": ("MENY", "HOVEDMENY", "VIS MENY", "VALG"),
        "sv": ("MENY", "HUVUDMENY", "VISA MENY", "VAL"),
        "en": ("MENU", "MAIN MENU", "SHOW MENU", "OPTIONS"),
    },
    Command.BACK: {
        "nb": ("TILBAKE", "GÅ TILBAKE", "FORRIGE", "ANGRE"),
        "sv": ("TILLBAKA", "GÅ TILLBAKA", "BACKA", "FÖREGÅENDE", "ÅNGRA"),
        "en": ("BACK", "GO BACK", "PREVIOUS", "UNDO"),
    },
    Command.SKIP: {
        "nb": ("HOPP OVER", "HOPP", "HOPPE OVER", "NESTE", "VIDERE"),
        "sv": ("HOPPA ÖVER", "HOPPA", "SKIPPA", "NÄSTA", "VIDARE"),
        "en": ("SKIP", "SKIP IT", "NEXT", "PASS"),
    },
    Command.EDIT: {
        "nb": ("RETT", "ENDRE", "RETTE", "RETT OPP", "KORRIGER"),
        "sv": ("ÄNDRA", "RÄTTA", "KORRIGERA", "REDIGERA"),
        "en": ("EDIT", "CHANGE", "MODIFY", "CORRECTION"),
    },
    Command.SAVE: {
        "nb": ("LAGRE", "LAGRE UTKAST", "SENERE", "FORTSETT SENERE", "PAUSE"),
        "sv": ("SPARA", "SPARA UTKAST", "SENARE", "FORTSÄTT SENARE", "PAUS"),
        "en": ("SAVE", "SAVE DRAFT", "LATER", "CONTINUE LATER", "PAUSE"),
    },
    Command.RESUME: {
        "nb": ("FORTSETT", "UTKAST", "MITT UTKAST", "MINE UTKAST"),
        "sv": ("FORTSÄTT", "UTKAST", "MITT UTKAST", "MINA UTKAST"),
        "en": ("RESUME", "CONTINUE", "DRAFT", "MY DRAFT", "MY DRAFTS"),
    },
    Command.SEND: {
        "nb": ("SEND", "SEND INN", "SENDE", "BEKREFT", "SEND DET", "SEND DET INN"),
        "sv": ("SKICKA", "SKICKA IN", "SÄND", "BEKRÄFTA", "SKICKA DET", "SKICKA IN DET"),
        "en": ("SEND", "SEND IT", "SUBMIT", "CONFIRM"),
    },
    Command.DROP: {
        "nb": (
            "AVBRYT",
            "AVBRYTE",
            "KANSELLER",
            "FORKAST",
            "GLEM DET",
            "DROPP DET",
            "GLEM ALT",
            "GLEM HELE GREIA",
            "SLETT",
        ),
        "sv": ("AVBRYT", "AVBRYTA", "SLÄNG", "GLÖM DET", "STRUNTA I DET"),
        "en": ("DROP", "DROP IT", "DISCARD", "ABORT", "NEVER MIND", "FORGET IT"),
    },
    Command.STATUS: {
        "nb": (
            "STATUS",
            "MIN SAK",
            "MINE SAKER",
            "SAKENE MINE",
            "HVORDAN GÅR DET",
            "HVORDAN GÅR DET MED SAKEN",
            "HVORDAN GÅR DET MED SAKEN MIN",
        ),
        "sv": (
            "STATUS",
            "MITT ÄRENDE",
            "MINA ÄRENDEN",
            "HUR GÅR DET",
            "HUR GÅR DET MED ÄRENDET",
            "HUR GÅR DET MED MITT ÄRENDE",
        ),
        "en": ("STATUS", "MY CASE", "MY CASES", "ANY NEWS"),
    },
    Command.SEARCH: {
        "nb": ("SØK", "SØK ETTER", "FINN SAK"),
        "sv": ("SÖK", "SÖK EFTER", "HITTA ÄRENDE"),
        "en": ("SEARCH", "SEARCH FOR", "FIND CASE"),
    },
    Command.AGENT: {
        "nb": (
            "MENNESKE",
            "SAKSBEHANDLER",
            "KUNDESERVICE",
            "SNAKKE MED NOEN",
            "RING MEG",
            "SNAKKE MED ET MENNESKE",
            "JEG VIL SNAKKE MED ET MENNESKE",
            "JEG VIL SNAKKE MED NOEN",
            "KAN NOEN RINGE MEG",
            "JEG VIL SNAKKE MED EN PERSON",
            "SNAKKE MED KUNDEBEHANDLER",
            "KUNDEBEHANDLER",
        ),
        "sv": (
            "MÄNNISKA",
            "HANDLÄGGARE",
            "KUNDTJÄNST",
            "PRATA MED NÅGON",
            "RING MIG",
            "PRATA MED EN MÄNNISKA",
            "JAG VILL PRATA MED NÅGON",
            "JAG VILL PRATA MED EN MÄNNISKA",
            "KAN NÅGON RINGA MIG",
        ),
        "en": (
            "AGENT",
            "HUMAN",
            "CUSTOMER SERVICE",
            "TALK TO SOMEONE",
            "CALL ME",
            "TALK TO A HUMAN",
            "TALK TO A PERSON",
            "I WANT TO TALK TO SOMEONE",
            "I WANT TO TALK TO A HUMAN",
            "CAN SOMEONE CALL ME",
            "PLEASE CALL ME",
        ),
    },
    Command.LANGUAGE: {
        "nb": ("SPRÅK", "BYTT SPRÅK", "NORSK", "BOKMÅL", "PÅ NORSK"),
        "sv": ("SPRÅK", "BYT SPRÅK", "SVENSKA", "PÅ SVENSKA"),
        "en": ("LANGUAGE", "CHANGE LANGUAGE", "ENGLISH", "IN ENGLISH"),
    },
    Command.CODE: {
        "nb": ("NY KODE", "KODE", "SEND KODE", "SEND NY KODE", "INGEN KODE"),
        "sv": ("NY KOD", "KOD", "SKICKA KOD", "SKICKA NY KOD", "INGEN KOD"),
        "en": ("NEW CODE", "CODE", "SEND CODE", "RESEND CODE", "NO CODE"),
    },
    Command.SIGN_OUT: {
        "nb": ("LOGG UT", "LOGGE UT", "LOGG AV", "LOGG MEG UT"),
        "sv": ("LOGGA UT", "LOGGA AV", "LOGGA UT MIG"),
        "en": ("SIGN OUT", "LOG OUT", "LOGOUT", "LOG OFF"),
    },
    Command.ERASE_ME: {
        "nb": ("SLETT MEG", "GLEM MEG", "SLETT ALT", "SLETT MINE DATA"),
        "sv": ("RADERA MIG", "GLÖM MIG", "RADERA ALLT", "RADERA MINA UPPGIFTER"),
        "en": ("ERASE ME", "DELETE ME", "FORGET ME", "DELETE MY DATA"),
    },
}
SHOWN_INSTEAD: Mapping[tuple[Command, Language], str] = {(Command.HELP, "en"): "MENU"}
ARRIVES_AS_HELP = ("HELP", "INFO")

YES: Forms = {
    "nb": (
        "JA",
        "J",
        "JA TAKK",
        "JEPP",
        "STEMMER",
        "RIKTIG",
        "RETT",
        "DET STEMMER",
        "DET ER RIKTIG",
        "DET ER RETT",
        "GODTAR",
        "JEG GODTAR",
        "GODTAS",
    ),
    "sv": (
        "JA",
        "J",
        "JA TACK",
        "JAPP",
        "STÄMMER",
        "RÄTT",
        "DET STÄMMER",
        "DET ÄR RÄTT",
        "GODKÄNNER",
        "JAG GODKÄNNER",
        "ACCEPTERAR",
    ),
    "en": (
        "YES",
        "Y",
        "YEP",
        "YEAH",
        "CORRECT",
        "THAT'S RIGHT",
        "IT IS RIGHT",
        "OK",
        "YES PLEASE",
        "ACCEPT",
        "I ACCEPT",
        "AGREE",
        "I AGREE",
        "👍",
    ),
}
NO: Forms = {
    "nb": (
        "NEI",
        "N",
        "NEI TAKK",
        "STEMMER IKKE",
        "IKKE RIKTIG",
        "DET STEMMER IKKE",
        "FEIL",
        "GODTAR IKKE",
        "JEG GODTAR IKKE",
    ),
    "sv": (
        "NEJ",
        "N",
        "NEJ TACK",
        "NÄ",
        "STÄMMER INTE",
        "DET STÄMMER INTE",
        "FEL",
        "GODKÄNNER INTE",
        "JAG GODKÄNNER INTE",
    ),
    "en": ("NO", "N", "NOPE", "NO THANKS", "NOT RIGHT", "THAT'S NOT RIGHT", "WRONG", "👎"),
}
# Of a list of cases: it is about something new.
NONE_OF_THEM: Forms = {
    "nb": ("INGEN AV DEM", "INGEN AV DE", "INGEN AV SAKENE", "NY SAK", "NOE ANNET", "ANNET"),
    "sv": ("INGEN AV DEM", "INGET AV DEM", "INGET AV ÄRENDENA", "NYTT ÄRENDE", "NÅGOT ANNAT", "ANNAT"),
    "en": ("NONE OF THEM", "NONE OF THESE", "NONE", "NEITHER", "NEITHER OF THEM", "NEW CASE", "SOMETHING ELSE"),
}
# To a question that need not be answered: there is nothing to answer it with.
NOTHING: Forms = {
    "nb": ("INGEN", "INGENTING", "IKKE NOE", "HAR INGEN", "HAR IKKE", "TRENGS IKKE", "IKKE NØDVENDIG"),
    "sv": ("INGEN", "INGET", "INGENTING", "HAR INGEN", "HAR INGET", "HAR INTE", "BEHÖVS INTE"),
    "en": ("NONE", "NOTHING", "NOT NEEDED", "NO NEED", "DON'T HAVE ONE"),
}
# «na» may be «nä» (no) or «nå» (now): asked again rather than guessed.
TWO_MEANINGS = frozenset({"na"})
RIGHT_OR_EDIT = bare("RETT")
OTHERS_OR_EDIT = "andra"

# What is said for the sake of it, and what whoever is in danger answers instead of a yes.
GREETINGS = frozenset(
    bare(word)
    for word in (
        *("hei", "hallo", "heisann", "god dag", "god morgen", "god kveld", "hej", "hejsan", "tjena"),
        *("hello", "hi", "hey", "good morning", "good evening", "start"),
    )
)
COURTESIES = frozenset(
    bare(word)
    for word in (
        *("takk", "tusen takk", "mange takk", "takk for hjelpen", "takk skal du ha", "ok takk", "takk ok", "takker"),
        *("tack", "tack så mycket", "tusen tack", "tackar", "ok tack", "thanks", "thank you", "thanks a lot"),
        *("many thanks", "ok thanks", "🙏", "❤️"),
    )
)
AGREEMENTS = frozenset(
    map(
        bare,
        ("fint", "supert", "bra", "okej", "great", "👍", "ok", "okei", "okay", "greit", "flott", "perfekt", "perfect"),
    )
)
CRIES = frozenset(map(bare, ("hjelp", "hjälp", "help", "jada", "jo", "absolutt", "absolut", "definitely", "veldig")))

CARRIER_STOP = ("STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "REVOKE", "OPTOUT", "CANCEL")
CARRIER_START = ("START", "UNSTOP")
LOCAL_STOP = ("STOPP", "AVSLUTT", "SLUTT", "AVSLUTA", "SLUTA", "STOP ALL", "OPT-OUT", "OPT OUT")
# Besides those of Twilio: its canned help and opt-in, and opt-out at AWS.
SWALLOWED = (*CARRIER_STOP, *CARRIER_START, "YES", "HELP", "INFO", "REMOVE", "ARRET", "TD")

LANGUAGE_NAMES: Mapping[Language, tuple[str, ...]] = {
    "nb": ("NO", "NB", "NORSK", "BOKMÅL", "PÅ NORSK", "NORSKA", "NORWEGIAN"),
    "sv": ("SE", "SV", "SVENSK", "SVENSKA", "PÅ SVENSKA", "PÅ SVENSK", "SWEDISH"),
    "en": ("EN", "ENG", "ENGELSK", "ENGELSKA", "ENGLISH", "IN ENGLISH", "PÅ ENGELSK", "PÅ ENGELSKA"),
}
CLOSED = ("LUKKET", "LUKKEDE", "LUKKA", "STÄNGDA", "STÄNGT", "STÄNGD", "CLOSED")
CASE_NUMBER = re.compile(r"(?:([a-z]{1,4}) ?-? ?)?([0-9]{1,10})")
CODE_DIGITS = re.compile(r"[0-9]{3,4}[ -]?[0-9]{3,4}")
DRAFT_CODE = re.compile(r"[0-9][A-Z]{2}[0-9][A-Z]")
FREE_TEXT = ("text", "long_text", "person_name")
"""Kinds of field whose answer may begin as a command does."""
LONGEST_EDIT = 60
LONGEST_SEARCH = 40
WORDS_SEARCHED = 4
WITHIN, OF_WORDS = "in:", "of:"
"""What stands before a period, and before words, that are looked for among the cases."""
ALL_BUT = 0.85
SHORTEST_MISSPELLED = 5


def read_command(
    text: str,
    *,
    free_text_asked: bool = False,
    rett_shown: bool = False,
    at_read_back: bool = False,
) -> Heard | None:
    """The command that the whole message is, or None.

    ``rett_shown``: the message answered shows RETT, otherwise it is no command (it may be a yes);
    ``at_read_back``: ANDRA is ÄNDRA there, elsewhere Swedish for "others".
    """
    said = bare(text)
    allowed = {RIGHT_OR_EDIT: rett_shown or at_read_back, OTHERS_OR_EDIT: at_read_back}
    if not allowed.get(said.split(" ")[0], True):
        return None
    whole = _BARE.get(said) or _BARE.get(_POLITELY.sub("", said))
    if whole is not None or free_text_asked:
        return whole
    return _with_argument(text)


def misspelled(text: str) -> Heard | None:
    """The word that we show which the message all but is, where acting on it does no harm: «tilbakke», «hjelpp»."""
    near = get_close_matches(bare(text), _HARMLESS, n=1, cutoff=ALL_BUT)
    return _BARE[near[0]] if near else None


def _with_argument(text: str) -> Heard | None:
    """A command word and, in full, what its own pattern takes."""
    words = one_line(text).split(" ")
    for count in (2, 1):
        heard = _BARE.get(bare(" ".join(words[:count])))
        rest = " ".join(words[count:])
        if heard is None or heard.argument is not None or not rest or heard.command not in _ARGUMENTS:
            continue
        argument = _ARGUMENTS[heard.command](rest)
        if argument is not None:
            return Heard(heard.command, argument, heard.language)
    return None


def _status_argument(rest: str) -> str | None:
    said = bare(rest)
    if said in _CLOSED:
        return "closed"
    number = CASE_NUMBER.fullmatch(said)
    if number:
        return "-".join(part.upper() for part in number.groups() if part)
    return _period_argument(rest)


def _period_argument(rest: str) -> str | None:
    return f"{WITHIN}{rest}" if len(rest) <= LONGEST_SEARCH and names_period(rest) else None


def _search_argument(rest: str) -> str | None:
    is_short = len(rest) <= LONGEST_SEARCH and len(rest.split()) <= WORDS_SEARCHED
    return _period_argument(rest) or (f"{OF_WORDS}{rest.rstrip('.!?')}" if is_short else None)


def _language_argument(rest: str) -> str | None:
    return _LANGUAGES.get(bare(rest))


def _code_argument(rest: str) -> str | None:
    said = bare(rest)
    return re.sub(r"[ -]", "", said) if CODE_DIGITS.fullmatch(said) else None


def _draft_argument(rest: str) -> str | None:
    code = bare(rest).upper()
    return code if DRAFT_CODE.fullmatch(code) else None


def _edit_argument(rest: str) -> str | None:
    return rest.rstrip(".!?,;:") if len(rest) <= LONGEST_EDIT else None


def read_yes_no(text: str) -> bool | None:
    """Yes, no, or None for anything else. Digits are options and not read here."""
    return _YES_NO.get(bare(text))


def is_none_of_them(text: str) -> bool:
    """Whether the text says that none of what was listed is meant."""
    return bare(text) in _NONE_OF_THEM


def is_nothing(text: str) -> bool:
    """Whether the text says that there is nothing to answer with: a no, «inget», «behövs inte»."""
    return read_yes_no(text) is False or bare(text) in _NOTHING


def is_question(text: str) -> bool:
    """Whether the text asks something: it ends in a question mark or begins as questions do."""
    return text.rstrip(" .!)").endswith("?") or bool(_ASKS.match(bare(text)))


def is_unknown(text: str) -> bool:
    """Whether the text says that its writer does not know."""
    return bool(_KNOWS_NOT.search(bare(text)))


def is_correction(text: str) -> bool:
    """Whether the text begins as one that takes something back: «nei, det var i går», «jag menade …»."""
    return bool(_CORRECTS.match(bare(text)))


def is_continued(text: str) -> bool:
    """Whether the text says that something goes on which was told before: «fortsatt borte», «ikke kommet ennå»."""
    return bool(_GOES_ON.search(bare(text)))


def without_denied(text: str) -> str:
    """The text without what it says that it is not: «ikke Storgata, Havnegata» without Storgata."""
    return _DENIED.sub("", text).strip(" ,.;:!")


def typed_as(text: str, words: tuple[str, ...]) -> bool:
    """Whether the text is one of a desk's own words, however people type it."""
    return bare(text) in _typings_of(words)


def takes_back(text: str) -> bool:
    """Whether the text can be nothing but the correction of something said before: «nei vent, det er flere»."""
    return bool(_TAKES_BACK.match(bare(text)))


def carrier_word(text: str) -> CarrierWord | None:
    """The opt-out or opt-in word that the whole message is; YES is one only where the carrier reports it."""
    return _CARRIER.get(bare(text))


def shown(command: Command, language: Language) -> str:
    """The word as we write it in a message of that language."""
    return SHOWN_INSTEAD.get((command, language)) or FORMS[command][language][0]


def swallowed_words() -> frozenset[str]:
    """The words that we show or accept as commands and that some carrier takes for itself: must be empty."""
    ours = {form for forms in FORMS.values() for form in chain.from_iterable(forms.values())}
    taken = {bare(word) for word in chain(SWALLOWED, LOCAL_STOP)}
    return frozenset(form for form in ours | set(SHOWN_INSTEAD.values()) if bare(form) in taken)


def is_reserved(text: str) -> bool:
    """Whether a desk may not use these words as its own: they are a command, an answer, or stop texts."""
    said = bare(text)
    return any(said in table for table in (_BARE, _YES_NO, _CARRIER, _all_typings(SWALLOWED)))


def _bare_commands() -> dict[str, Heard]:
    found: dict[str, Heard] = {}
    for command, forms in FORMS.items():
        for language, words in forms.items():
            for typed in _all_typings(words):
                common = typed in found and found[typed].language != language
                found[typed] = Heard(command, None, None if common else language)
    for typed, named in _LANGUAGES.items():
        if typed in found:
            found[typed] = Heard(found[typed].command, named, found[typed].language)
    return found | {typed: Heard(Command.HELP) for typed in _all_typings(ARRIVES_AS_HELP)}


@lru_cache(maxsize=512)
def _typings_of(words: tuple[str, ...]) -> frozenset[str]:
    return _all_typings(words)


def _all_typings(words: Iterable[str]) -> frozenset[str]:
    return frozenset(chain.from_iterable(typings(word) for word in words)) - TWO_MEANINGS


_ASKS = re.compile(
    "(?:hva|hvor|hvorfor|når|nar|hvem|hvordan|hvilke[nt]?|kan dere|kan du|har dere|kommer dere|"
    "kva|kor|kvar|kvifor|kven|korleis|ka|koss|kossen|korsn|kan de|kjem de|"
    "vad|va e|va betyr|var är|var står|var sitter|varför|vem|hur|vilke[nt]|kan ni|har ni|kommer ni|"
    "what|where|why|when|who|how|which|can you|could you|do you|have you|are you|is there) "
)
_POLITELY = re.compile(r" (?:takk|tack|please|thanks|thank you)$")
_KNOWS_NOT = re.compile(
    r"\b(?:ve[ti]t? (?:jeg |eg |jag |vi )?(?:ikke|ikkje|inte)|aner ikke|ingen aning|ingen anelse|usikker|osäker|"
    r"husker ikke|hugsar ikkje|kommer inte ihåg|"
    r"minns inte|don't know|dont know|no idea|not sure|can't remember)\b"
    r"|\b(?:finner|finn|hittar|can't find|cant find) (?:ikke|ikkje|inte|ingen|inget|ingenting|it|any|the)"
    r"(?: (?:noe|noen|noko|något|någon|det|den|nummer|nummeret|numret|number|lapp|lappen|etiketten|label))?$"
)
_CORRECTS = re.compile(
    "(?:nei|nej|nä|no|neida|jeg mente|eg meinte|jag menade|jag mente|i meant|i mean|rettelse|feil|fel|wrong|"
    "vent|vänta|wait|sorry|beklager|unnskyld|ursäkta|oi|ups|oops|egentlig|egentligen|actually|ikke|inte|not) "
)
_GOES_ON = re.compile(
    r"\b(?:fortsatt|fremdeles|framleis|ennå|enno|ennu|ännu|fortfarande|still|yet)\b"
    r"|\b(?:ikke|ikkje|inte|itj|ingen)\b.* (?:enda|än)\b"
)
# «Ikke langt fra kirka» is a place.
_DENIED = re.compile(
    r"(?<!\w)(?:ikke|ikkje|itj|inte|not|isn['’]t)(?! (?:langt|långt|far))"
    r"(?: +(?!(?:men|but|utan|det|den|it|it['’]s)\b)[^\s,.;:!]+)+",
    re.IGNORECASE,
)
_TAKES_BACK = re.compile(
    "(?:(?:nei|nej|nä|no|neida|oi|ups|oops|sorry|beklager|unnskyld|ursäkta) "
    "(?:vent|vänta|wait|forresten|förresten|egentlig|egentligen|actually|make it|make that)|"
    "(?:(?:nei|nej|nä|no|sorry|beklager|unnskyld|ursäkta) )?"
    "(?:jeg mente|eg meinte|jag menade|jag mente|i meant|rettelse|rättelse|correction)) "
)
_ARGUMENTS: Mapping[Command, Callable[[str], str | None]] = {
    Command.STATUS: _status_argument,
    Command.SEARCH: _search_argument,
    Command.LANGUAGE: _language_argument,
    Command.CODE: _code_argument,
    Command.EDIT: _edit_argument,
    Command.RESUME: _draft_argument,
}
_LANGUAGES = {typed: language for language, names in LANGUAGE_NAMES.items() for typed in _all_typings(names)}
_CLOSED = _all_typings(CLOSED)
_BARE: Mapping[str, Heard] = _bare_commands()
_HARMLESS = tuple(
    bare(forms[language][0])
    for command, forms in FORMS.items()
    if command not in (Command.SEND, Command.DROP, Command.SIGN_OUT, Command.ERASE_ME, Command.CODE)
    for language in forms
    if len(forms[language][0]) >= SHORTEST_MISSPELLED
)
_YES_NO: Mapping[str, bool] = {
    typed: answer
    for answer, forms in ((True, YES), (False, NO))
    for words in forms.values()
    for typed in _all_typings(words)
}
_NONE_OF_THEM = frozenset(chain.from_iterable(map(_all_typings, NONE_OF_THEM.values())))
_NOTHING = frozenset(chain.from_iterable(map(_all_typings, NOTHING.values())))
_CARRIER: Mapping[str, CarrierWord] = {
    typed: word
    for word, words in (
        (CarrierWord("stop", "carrier"), CARRIER_STOP),
        (CarrierWord("start", "carrier"), CARRIER_START),
        (CarrierWord("stop", "local"), LOCAL_STOP),
    )
    for typed in _all_typings(words)
}
