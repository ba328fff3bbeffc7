"""Every key of a desk's file beside what the model says of it: the walk that the checks share."""

from collections.abc import Iterator
from dataclasses import dataclass
from inspect import isclass
from types import UnionType
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from conversations.desk.model import NOT_YET, Desk, Localized, LocalizedList, Part, Terms
from conversations.desk.tree import Place, Tree


@dataclass(frozen=True, slots=True)
class Entry:
    """A key that the model knows: the block it stands in, the kind of block, its name in the file, and its type.

    A text of the desk's own choice of key (``texts``, ``shown_words``) is an entry too, its owner the kind around.
    """

    block: Place
    owner: type[Part]
    name: str
    annotation: Any
    is_later: bool = False

    @property
    def place(self) -> Place:
        """Its value."""
        return self.block[self.name]

    @property
    def is_text(self) -> bool:
        """A text per language."""
        return self._is_one_of(Localized, Terms)

    @property
    def is_phrases(self) -> bool:
        """A list of phrases per language."""
        return self._is_one_of(LocalizedList)

    def _is_one_of(self, *types: Any) -> bool:
        either = get_args(self.annotation) if get_origin(self.annotation) is UnionType else ()
        return any(each in types for each in (self.annotation, *either))


def blocks(tree: Tree) -> list[tuple[Place, type[Part]]]:
    """All blocks of the file that the model knows, the file itself first."""
    return list(_inside(Desk, tree.root))


def entries(tree: Tree) -> list[Entry]:
    """All keys of the file that the model knows."""
    found = []
    for place, owner in blocks(tree):
        for name, info in keys_of(owner).items():
            if isinstance(place.value, dict) and name in place.value:
                found.append(Entry(place, owner, name, info.annotation, is_later(info)))
                found += [Entry(place[name], owner, each.key, Localized) for each in _own_texts(info, place[name])]
    return found


def is_later(info: FieldInfo) -> bool:
    """Nothing executes the key in this release."""
    return isinstance(info.json_schema_extra, dict) and NOT_YET in info.json_schema_extra


def keys_of(owner: type[Part]) -> dict[str, FieldInfo]:
    """The keys of a block as they are written in the file."""
    return {info.alias or name: info for name, info in owner.model_fields.items()}


def _own_texts(info: FieldInfo, place: Place) -> Iterator[Place]:
    if info.annotation == dict[str, Localized]:
        yield from place


def _inside(annotation: Any, place: Place) -> Iterator[tuple[Place, type[Part]]]:
    if isclass(annotation) and get_origin(annotation) is None and issubclass(annotation, Part):
        yield place, annotation
        for name, info in keys_of(annotation).items():
            yield from _inside(info.annotation, place[name])
    elif get_origin(annotation) in (tuple, dict):
        member = get_args(annotation)[0 if get_origin(annotation) is tuple else 1]
        for each in place:
            yield from _inside(member, each)
    else:
        for one in get_args(annotation):
            yield from _inside(one, place)
