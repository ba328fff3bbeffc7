"""E-mail addresses: "Eva@Nett.no.", "eva @ nett.no", "eva krøllalfa nett punktum no".

email-validator judges them, without asking DNS. The value is the address, its domain in lower case; where the field
takes several (``most``), a list of them.
"""

import re

from email_validator import EmailNotValidError, validate_email

from conversations.desk.model import FormField
from conversations.fields.contract import Context, Refused, Taken, no_options, shortened
from conversations.fields.figures import LONGEST, without
from conversations.state import Json
from conversations.typed import bare, one_line

options = no_options

EXAMPLE = "eva@post.example"
_WORDS = "e-post epost e-posten eposten e-mail email mail mejl mailen mejlen adresse adressen adress address mailto"


def read(field: FormField, text: str, context: Context) -> Taken | Refused:
    """The addresses of the text; one that is begun and not right is refused."""
    return _read(field, _with_signs(one_line(text)))


def find(field: FormField, text: str, context: Context) -> Taken | None:
    """What is written as an address is one in any text, unless there are more than the field takes."""
    taken = _read(field, one_line(text)) if "@" in text else None
    return taken if isinstance(taken, Taken) else None


def show(field: FormField, value: Json, context: Context) -> str:
    """As it is."""
    addresses = value if isinstance(value, list) else [value]
    return shortened(", ".join(addresses), field.max_shown) if all(isinstance(one, str) for one in addresses) else ""


def _read(field: FormField, line: str) -> Taken | Refused:
    spans = [match.span() for match in _TYPED.finditer(line[:LONGEST])]
    found = [_address(line[start:end]) for start, end in spans]
    if not found or not all(found):
        return Refused("field.email.unclear", {"example": EXAMPLE})
    addresses, most = list(dict.fromkeys(found)), field.most or 1
    if len(addresses) > most:
        return Refused("field.email.many", {"count": str(len(addresses)), "most": str(most)})
    return Taken(addresses if most > 1 else addresses[0], without(line, spans, _GO_WITH_AN_ADDRESS))


def _with_signs(line: str) -> str:
    """The line with signs where they are said in words, and without blanks around them."""
    if "@" not in line:
        line = _STOP_IN_WORDS.sub(".", _AT_SIGN.sub("@", line))
    if "@" not in line:
        line = _ONLY_AT.sub(r"\1@\2", line)
    return _SPACED_STOP.sub(r"\1.", _SPACED_AT.sub("@", line))


def _address(typed: str) -> str:
    """The address as it is kept; nothing where it is none. Capitals are kept only where they are a person's choice."""
    try:
        address = validate_email(typed, check_deliverability=False).normalized
    except EmailNotValidError:
        return ""
    name, _, domain = address.rpartition("@")
    is_typed_by_itself = name[1:] in (name[1:].lower(), name[1:].upper())
    return f"{name.lower() if is_typed_by_itself else name}@{domain}"


_BREAK = r"\s@<>()\[\],;:/\""
_TYPED = re.compile(rf"(?<![^{_BREAK}])[^{_BREAK}]+@[\w.-]*\w")
_AT_SIGN = re.compile(
    r" ?(?:(?<!\w)(?:kr[øo]ll-? ?alfa|alfa-? ?kr[øo]ll|snabel-? ?a)(?!\w)|\(at\)|\[at\]) ?", re.IGNORECASE
)
_STOP_IN_WORDS = re.compile(r"(?<=\w) (?:punktum|punkt|dot|prikk) (?=\w)", re.IGNORECASE)
# «at» is a Norwegian word too, so nothing but "my address is" may stand before.
_ONLY_AT = re.compile(
    r"^((?:[^.]{0,60}(?:\b(?:er|är|is)|:) )?\S{1,64}) at ((?:[\w-]{1,63}(?:\.| dot | punktum )){1,4}\w{2,24})"
    r"(?=[ .!]*$)",
    re.IGNORECASE,
)
_SPACED_AT = re.compile(r" ?@ ?")
_SPACED_STOP = re.compile(r"(@[\w-]{1,63}) ?\. ?(?=(?:no|se|com|net|org|dk|fi|eu|nu|info)\b)", re.IGNORECASE)
_GO_WITH_AN_ADDRESS = frozenset(map(bare, _WORDS.split()))
