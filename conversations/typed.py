"""How people type: one spelling for what differs only in case, blanks, encoding of accents or marks around.

For comparing only: what a customer wrote is stored as it came.
"""

import re
import unicodedata
from itertools import product

from conversations.remembered import remembered

_UNSEEN = frozenset({"Cc", "Cf"})
_SPACES = re.compile(r"\s+")
_MARKS = str.maketrans("’‘`´ʼ–—‐‑", "'''''----")
_NEIGHBOURS = str.maketrans({"æ": "ä", "ø": "ö"})
_MARK = re.compile(r"[^\w\s'-]|_")
_AROUND = " .,:;!?'\"«»“”„()*-"
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f]")
_ASCII = {"ä": ("a", "ae"), "ö": ("o", "oe"), "å": ("a", "aa"), "é": ("e",), "è": ("e",)}


def composed(text: str) -> str:
    """NFC, without control and other unseen characters; line breaks stay, half a surrogate becomes U+FFFD."""
    normal = unicodedata.normalize("NFC", text)
    if normal.isprintable():
        return normal
    return "".join(map(_kept, normal.replace("\r\n", "\n").replace("\r", "\n")))


def _kept(letter: str) -> str:
    category = unicodedata.category(letter)
    if category == "Cs":
        return "\ufffd"
    return letter if category not in _UNSEEN or letter in "\n\t\u200d" else ""


@remembered
def one_line(text: str) -> str:
    """The text with every run of blanks and line breaks made one blank, none at the ends."""
    return _SPACES.sub(" ", composed(text)).strip()


def lowered(text: str) -> str:
    """One line in lower case, typewriter quotes and dashes, æ and ø written as their neighbours ä and ö."""
    return one_line(text).translate(_MARKS).lower().translate(_NEIGHBOURS)


@remembered
def bare(text: str) -> str:
    """``lowered`` with no marks but ``'`` and ``-`` inside words: «Nei, takk!» is «nei takk».

    Of a message without a letter or digit only the marks around it go: «👍!» is «👍», "??" is «?».
    """
    line = lowered(text)
    stripped = _SPACES.sub(" ", _MARK.sub(" ", line)).strip(" '-")
    if stripped:
        return stripped
    sign = _SKIN.sub("", line).strip(_AROUND)
    return "?" if not sign and "?" in line else sign


def typings(form: str) -> frozenset[str]:
    """Every way that ``bare`` can come out for a word of ours: its letters, or å ä ö typed as a aa ae o oe.

    >>> sorted(typings("RÄTT"))
    ['raett', 'ratt', 'rätt']
    """
    exact = bare(form)
    spelled = product(*((letter, *_ASCII.get(letter, ())) for letter in exact))
    plain = {"".join(letters) for letters in spelled}
    return frozenset({exact, exact.replace("'", ""), *plain})
