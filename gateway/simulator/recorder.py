"""Writes down what was said on the phones as a transcript that passes when it is played again.

What differs from run to run becomes a mark: the time of day, an alert's word, a draft's name, and a code that was
typed in.
"""

import re
from dataclasses import dataclass, field

_TIME = re.compile(r"(?:[0-9]{2}\.[0-9]{2}\. )?\b[0-9]{2}:[0-9]{2}\b")
_DIGITS = re.compile(r"(?<![0-9-])(?:[0-9]{4}|[0-9]{6}|[0-9]{8})(?![0-9])")
# What engine texts have: an alert says which word to answer with, and a code begins its text.
_WORD = re.compile(r"(?:(?<=Svar )|(?<=Svara )|(?<=Reply ))[0-9]{4}\b")
_DRAFT = re.compile(r"\b[2-9][A-Z]{2}[2-9][A-Z]\b")
_CODE = re.compile(r"(?<=^< )[0-9]{6,8}\b")
_NAMES = {4: "word", 6: "code", 8: "code"}


@dataclass
class Recorder:
    """Lines in the order in which they were said, each with who was on the phone."""

    desk: str
    _lines: list[tuple[str, str]] = field(default_factory=list)

    def sent(self, speaker: str, text: str) -> None:
        """Somebody sent or wrote something; ``speaker`` as in ``sms +47…``."""
        self._lines.append((speaker, f"> {text}"))

    def received(self, number: str, text: str) -> None:
        """A phone received a text."""
        self._lines.append((f"sms {number}", f"< {text}"))

    def clock(self, by: str) -> None:
        """The clock moved on: ``+3d``."""
        self._lines.append(("", f"@ {by}"))

    def transcript(self) -> str:
        """The whole of it."""
        typed = {word for _, line in self._lines if line[0] == ">" for word in _typed(line[2:])}
        told = {word for _, line in self._lines if line[0] == "<" for word in _DIGITS.findall(line)}
        marked = typed & told
        written = [f"desk: {self.desk}"]
        speaking = ""
        for speaker, line in self._lines:
            if speaker and speaker != speaking:
                written.extend(("", f"[{speaker}]"))
                speaking = speaker
            written.append(_marked(line, marked))
        return "\n".join(written) + "\n"


def _typed(text: str) -> list[str]:
    """A code anywhere in what was typed; an alert's word only where it is all of it: 6700 is a postcode."""
    found = _DIGITS.findall(text)
    return [word for word in found if len(word) > 4 or word == text.strip()]


def _marked(line: str, marked: set[str]) -> str:
    def mark(found: re.Match[str]) -> str:
        word = found[0]
        return "{" + _NAMES[len(word)] + "}" if word in marked else word

    one = _DRAFT.sub("{draft}", _DIGITS.sub(mark, line.replace("\n", "\\n")))
    if not one.startswith("<"):
        return one
    return _TIME.sub("{time}", _WORD.sub("{word}", _CODE.sub("{code}", one)))
