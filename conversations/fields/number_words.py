"""Numbers in words, Norwegian, Swedish or English: "førti", "femogtyve", "to og en halv", "two hundred and ten"."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from conversations.typed import bare, typings

MOST_WORDS = 12
_LONGEST_WORD = 40
_ONES = (
    "en ett et ein eit én one",
    "to två tvo two",
    "tre three",
    "fire fyra four",
    "fem five",
    "seks sex six",
    "sju syv seven",
    "åtte åtta eight",
    "ni nio nine",
)
_TEENS = (
    "ti tio ten",
    "elleve elva eleven",
    "tolv twelve",
    "tretten tretton thirteen",
    "fjorten fjorton fourteen",
    "femten femton fifteen",
    "seksten sexton sixteen",
    "sytten sjutton seventeen",
    "atten arton eighteen",
    "nitten nitton nineteen",
)
_TENS = (
    "tjue tyve tjugo twenty",
    "tretti tredve trettio thirty",
    "førti fyrtio forty",
    "femti femtio fifty",
    "seksti sextio sixty",
    "sytti sjuttio seventy",
    "åtti åttio eighty",
    "nitti nittio ninety",
)
_HUNDRED, _THOUSAND = "hundre hundra hundred", "tusen tusinn thousand"
_MILLION = "million millioner millionar mill miljon miljoner millions"
_OTHERS = {
    "&": "og och and",
    "a": "a",
    "h": "halv halvt half",
    "o": "halvannen halvannet halvanna",
    "p": "komma point",
    "z": "null noll zero ingen inga none",
}
_Part = tuple[str, int]


def read_number_words(words: Sequence[str]) -> Decimal | None:
    """The number that the words are, all of them; None where they are none."""
    if not 0 < len(words) <= MOST_WORDS:
        return None
    parts = [part for word in words for part in _parts(word)]
    classes = "".join(kind for kind, _ in parts)
    if classes in _ALONE:
        return _ALONE[classes]
    number = _NUMBER.fullmatch(classes)
    if number is None:
        return None
    whole = _sum(parts[: number.end("whole")])
    if number["decimals"]:
        decimals = parts[number.start("decimals") :]
        says_each = {kind for kind, _ in decimals} <= {"e", "u", "z"}
        return Decimal(f"{whole}.{''.join(str(figure) for _, figure in decimals) if says_each else _sum(decimals)}")
    return whole + (Decimal("0.5") if number["half"] else 0)


def number_words(words: Sequence[str]) -> list[tuple[int, int]]:
    """Where each row of number words begins and ends, without an "and" at its ends."""
    kinds = ["".join(kind for kind, _ in _parts(word)) for word in words]
    rows = [(0, 0)]
    for at, kind in enumerate(kinds):
        if kind == "?" or (kind == "&" and rows[-1][0] == at):
            rows.append((at + 1, at + 1))
        else:
            rows[-1] = (rows[-1][0], at + 1)
    return [(first, last - (kinds[last - 1] == "&")) for first, last in rows if last > first]


def times(word: str) -> int:
    """How many a word says after figures, as in "10 tusen"; 1 where it says nothing of the kind."""
    kind, number = _MEANS.get(bare(word), ("", 1))
    return number if kind in ("H", "K", "M") else 1


def _parts(word: str) -> list[_Part]:
    """A word as its number words, each a class and a number; ``?`` where it is none."""
    said = bare(word)
    if len(said) > _LONGEST_WORD or not _MADE_OF_NUMBERS.fullmatch(said):
        return [("?", 0)]
    return [_MEANS[part] for part in _NUMBER_WORD.findall(said)]


def _sum(parts: Sequence[_Part]) -> Decimal:
    total = group = 0
    for kind, number in parts:
        if kind in ("K", "M"):
            total, group = total + max(group, 1) * number, 0
        else:
            group = max(group, 1) * number if kind == "H" else group + number
    return Decimal(total + group)


def _spelled() -> Iterator[tuple[str, _Part]]:
    for first, step, kind, numbers in ((1, 1, "u", _ONES), (10, 1, "t", _TEENS), (20, 10, "T", _TENS)):
        for place, forms in enumerate(numbers):
            number = first + step * place
            yield from ((form, ("e" if number == 1 else kind, number)) for form in forms.split())
    for number, kind, forms in ((100, "H", _HUNDRED), (1_000, "K", _THOUSAND), (1_000_000, "M", _MILLION)):
        yield from ((form, (kind, number)) for form in forms.split())
    for kind, forms in _OTHERS.items():
        yield from ((form, (kind, 0)) for form in forms.split())


_MEANS: Mapping[str, _Part] = {typed: part for form, part in _spelled() for typed in typings(form)}
_NUMBER_WORD = re.compile("|".join(sorted(map(re.escape, _MEANS), key=len, reverse=True)))
_MADE_OF_NUMBERS = re.compile(f"(?:(?:{_NUMBER_WORD.pattern})-?)+")
_ALONE = {"z": Decimal(0), "o": Decimal("1.5"), **dict.fromkeys(("h", "eh", "ah"), Decimal("0.5"))}
# Ones, teens, tens, hundreds as they stand in a number: "femtitre" and "femogtyve", but not "to tre".
_BELOW = "(?:[euta]?H&?)?(?:T&?[eu]|[eu]&T|T|t|[eu])?"
_WHOLE = f"(?=[^&a])(?:{_BELOW}M&?|aM&?)?(?:{_BELOW}K&?|aK&?)?{_BELOW}(?<!&)|a[HKM]&?{_BELOW}(?<!&)"
_NUMBER = re.compile(f"(?P<whole>{_WHOLE})(?:(?P<half>&[ea]?h)|p(?P<decimals>[euz]+|T&?[eu]|[eu]&T|T|t))?")
