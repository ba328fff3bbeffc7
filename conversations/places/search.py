"""All that a line says about a place: a point, a number on a thing, an address, a name; and what it says besides.

The three words of what3words are kept as a name, ///word.word.word: nobody but their owner can tell where that is.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from conversations.changed import changed
from conversations.places.coordinates import LINK, find_point
from conversations.places.geodesy import Point
from conversations.places.lexicon import EMERGENCY_NUMBERS, PREPOSITIONS_IN, PREPOSITIONS_NEAR, either
from conversations.places.named import Named, find_name
from conversations.places.numbered import ObjectNumber, find_marked, find_numbers, read_number
from conversations.places.street import Address, find_address, find_town, read_address, road_before
from conversations.typed import bare


@dataclass(frozen=True, slots=True)
class Things:
    """What has numbers: the words for it, and whether a key exists (it may raise ``facts.Missing``)."""

    words: tuple[str, ...]
    has: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Found:
    """What a line says about a place, and the parts of the line that say it.

    ``exact``: its point leads somebody there. ``elsewhere``: it has a point, but neither in Norway nor in Sweden.
    """

    spans: tuple[tuple[int, int], ...] = ()
    number: ObjectNumber | None = None
    address: Address | None = None
    place: str | None = None
    point: Point | None = None
    exact: bool = False
    elsewhere: bool = False
    three_words: str | None = None

    def on(self, start: int, end: int) -> "Found":
        """The same with one more part of the line."""
        return changed(self, spans=(*self.spans, (start, end)))


def search(line: str, things: Things | None, fewest_digits: int) -> Found:
    """Each part is looked for in what the others left."""
    found = _with_three_words(line, _with_point(line, Found()))
    number = _number(_left(line, found), things, fewest_digits) if things else None
    if number is not None:
        found = changed(found, number=number).on(_with_preposition(line, number.start), number.end)
    left = _left(line, found)
    address = find_address(left) or find_town(left)
    if address is not None:
        place = None if address.street else address.town
        found = changed(found, address=address, place=place).on(_with_preposition(line, address.start), address.end)
    left = _left(line, found)
    if address is not None and find_address(left):
        # A second address is of something else: «hos mor i Storgata 5, jeg bor i Kirkegata 2».
        return found
    named = find_name(left)
    return _with_name(line, found, named) if named else found


def search_answer(line: str, things: Things | None) -> Found:
    """The same in the answer to "where": a whole line may be a bare number, or an address in small letters."""
    whole = Found(((0, len(line)),))
    introduced = bool(things and find_numbers(line, things.words, 1))
    number = read_number(line) if things and not introduced else None
    address = None if introduced else read_address(line)
    # «ring 113» is none of ours, and «solbakken 14» may be either.
    doubted = address is not None or (number is not None and number.key.split("-")[-1] in EMERGENCY_NUMBERS)
    if number and things and (not doubted or things.has(number.key)):
        return changed(whole, number=number)
    if address:
        return changed(whole, address=address)
    return search(line, things, fewest_digits=1)


def typed(line: str, found: Found) -> str:
    """The customer's own words for the place."""
    pieces: list[tuple[int, int]] = []
    for start, end in sorted(found.spans):
        if pieces and start - pieces[-1][1] <= _GAP:
            pieces[-1] = (pieces[-1][0], end)
        else:
            pieces.append((start, end))
    return ", ".join(line[start:end].strip(" ,.;") for start, end in pieces)


def rest(line: str, found: Found) -> str:
    """The line without the place, and without clauses in which only small words are left."""
    left = line
    for start, end in sorted(found.spans, reverse=True):
        left = f"{left[:start].rstrip()} {left[end:].lstrip()}"
    clauses = re.split(r"(?<=[,.!?;:])(?= )", re.sub(r" +([,.!?;:])", r"\1", left))
    return "".join(filter(_says_something, clauses)).strip(" ,;:-")


def _with_point(line: str, found: Found) -> Found:
    typed = find_point(line)
    if typed is None or typed.point is None:
        return changed(found, elsewhere=typed is not None)
    return changed(found, point=typed.point, exact=typed.precise).on(typed.start, typed.end)


def _with_three_words(line: str, found: Found) -> Found:
    match = None if found.point else _THREE_WORDS.search(line)
    return changed(found, three_words=f"///{match[1].lower()}").on(*match.span()) if match else found


def _with_name(line: str, found: Found, named: Named) -> Found:
    road = road_before(line, named.start)
    if road is None or found.address is not None:
        return changed(found, place=named.name).on(named.start, named.end)
    street = line[road].upper() + line[road + 1 : named.end]
    address = Address(street, road, named.end)
    return changed(found, address=address).on(_with_preposition(line, road), named.end)


def _number(line: str, things: Things, fewest_digits: int) -> ObjectNumber | None:
    """The first number of a thing; one that no word introduces must exist."""
    numbers = find_numbers(line, things.words, fewest_digits)
    if numbers:
        return numbers[0]
    marked = find_marked(line)
    return marked if marked is not None and things.has(marked.key) else None


def _with_preposition(line: str, start: int) -> int:
    match = _LEADS.search(line, 0, start)
    return match.start() if match else start


def _left(line: str, found: Found) -> str:
    """The line with what is found already blotted out, and links, every place in it kept."""
    for start, end in found.spans:
        line = f"{line[:start]}{';' * (end - start)}{line[end:]}"
    return LINK.sub(lambda link: ";" * len(link[0]), line)


def _says_something(clause: str) -> bool:
    return any(letter.isalnum() for letter in clause) and not _FILLERS.issuperset(bare(clause).split(" "))


_GAP = 2
_THREE_WORDS = re.compile(
    r"(?:(?:https?://)?(?:www\.)?(?:w3w\.co|what3words\.com)/|(?:what3words|w3w)[: ]+(?:///)?|(?<![:/\w])///) ?"
    r"([^\W\d_]{2,30}\.[^\W\d_]{2,30}\.[^\W\d_]{2,30})(?![^\W_])",
    re.IGNORECASE,
)
_LEADS = re.compile(
    rf"(?<![\w/])(?:(?:like|rett|tett|rätt|precis|just|right) )?"
    rf"(?:{either((*PREPOSITIONS_NEAR, *PREPOSITIONS_IN))}|til|till|to|of|fra|från|from|gjelder|gäller)"
    r"(?: (?:the|den|det))?[: ]*$",
    re.IGNORECASE,
)
_FILLERS = frozenset(
    bare(word)
    for word in (
        "det er ved i på her der og hei takk jeg eg står bor hos like rett like adressen adresse stedet sted et en ei "
        "är vid här hej tack jag adressen platsen den there it is it's at the near here by hi thanks i'm address "
        "nummer nr ja to eller koordinater koordinatene koordinaterna coordinates posisjon posisjonen position gps pos"
    ).split()
)
