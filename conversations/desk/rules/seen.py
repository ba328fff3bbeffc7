"""What the rules are told: the file, what the model says of its keys, and the rest of the program."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from conversations.desk.entries import Entry
from conversations.desk.model import Desk
from conversations.desk.shape import LANGUAGES
from conversations.desk.tree import Path, Place, Tree


class Cost(NamedTuple):
    """What a text costs as SMS; ``foreign``: its characters outside GSM-7."""

    segments: int
    foreign: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the check is told of the rest of the program.

    ``kinds``: the field kinds that are executed; ``zones``: the names of time zones; ``lists``: the names that
    danger phrases may use besides the desk's own; ``texts``: the places of each engine text by its id; ``cost``:
    what a text costs, None leaves lengths unjudged; ``opens``: whether a text opens the danger case at a desk without
    faults, None leaves choices unjudged.
    """

    kinds: Collection[str]
    zones: Collection[str]
    lists: Collection[str] = ()
    texts: Mapping[str, Collection[str]] = field(default_factory=dict)
    cost: Callable[[str], Cost] | None = None
    opens: Callable[[Desk], Callable[[str], bool]] | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A file with what the rules ask of it again and again."""

    tree: Tree
    known: Known
    entries: tuple[Entry, ...]

    @property
    def desk(self) -> Place:
        """The whole desk."""
        return self.tree.root

    @property
    def languages(self) -> tuple[str, ...]:
        """The desk's languages, as far as they are languages of ours."""
        return tuple(each for each in self.desk["languages"].texts if each in LANGUAGES)

    def form_at(self, path: Path) -> Place:
        """The form that a path leads into."""
        forms = list(self.desk["forms"])
        number = path[1] if path[:1] == ("forms",) and len(path) > 1 else None
        return forms[number] if isinstance(number, int) else self.desk[""]

    def fields(self) -> Iterator[tuple[Place, Place]]:
        """Every form with every field of it."""
        for form in self.desk["forms"]:
            for each in form["fields"]:
                yield form, each


def same(place: Place, other: Place) -> bool:
    """Whether both hold the same text."""
    return bool(place.text) and place.text == other.text


def digits_of(text: str) -> str:
    """The digits alone: how phone numbers are compared."""
    return "".join(character for character in text if character.isdigit())
