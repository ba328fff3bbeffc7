"""A desk's file as plain values with their places, and what is found in it.

The gateway reads the YAML; here are the values and the positions it hands in, and a cursor that asks nothing of
their shape: a check looks at whatever is there, however wrong the rest of the file may be.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

Path = tuple[str | int, ...]


class Position(NamedTuple):
    """A place in the file, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something wrong in a desk's file: what, and how to mend it, a sentence each."""

    path: str
    line: int
    column: int
    problem: str
    mend: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.problem} {self.mend}"


@dataclass(frozen=True, slots=True, order=True)
class NotYet:
    """A key or kind that is right, and that nothing executes in this release."""

    path: str
    line: int
    column: int
    key: str


@dataclass(frozen=True, slots=True)
class Tree:
    """A file: values of dict, list, str, int, float, bool and None; where each begins, and where its key does.

    ``faults`` are those of the YAML itself, such as a key written twice; with a syntax error ``values`` is None.
    """

    path: str
    values: object
    positions: Mapping[Path, Position] = field(default_factory=dict)
    keys: Mapping[Path, Position] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    @property
    def root(self) -> "Place":
        """The cursor on the whole file."""
        return Place(self, (), self.values)

    def fault(self, path: Path, problem: str, mend: str, *, at_key: bool = False) -> Fault:
        """A fault at the value of this path, or at its key; where neither is there, at the nearest block around."""
        return Fault(self.path, *self.position(path, at_key=at_key), problem, mend)

    def position(self, path: Path, *, at_key: bool = False) -> Position:
        """Where the value, or its key, begins; where it is not there, the nearest block around it."""
        if at_key and path in self.keys:
            return self.keys[path]
        while path and path not in self.positions:
            path = path[:-1]
        return self.positions.get(path, Position(1, 1))


@dataclass(frozen=True, slots=True)
class Place:
    """A cursor: the value at a path of the tree, None where there is nothing."""

    tree: Tree
    path: Path
    value: object

    def __getitem__(self, key: str) -> "Place":
        found = self.value.get(key) if isinstance(self.value, dict) else None
        return Place(self.tree, (*self.path, key), found)

    def __bool__(self) -> bool:
        return self.value is not None

    def __iter__(self) -> Iterator["Place"]:
        """The members of a list or the values of a block; of anything else none."""
        members: object = ()
        if isinstance(self.value, dict):
            members = self.value.items()
        elif isinstance(self.value, list):
            members = enumerate(self.value)
        for key, value in members:  # type: ignore[attr-defined]
            yield Place(self.tree, (*self.path, key), value)

    @property
    def key(self) -> str:
        """The key under which it stands."""
        return str(self.path[-1])

    @property
    def text(self) -> str:
        """The value if it is a text, else an empty one."""
        return self.value if isinstance(self.value, str) else ""

    @property
    def texts(self) -> tuple[str, ...]:
        """The members of a list that are texts."""
        return tuple(each.text for each in self if each.text)

    def fault(self, problem: str, mend: str, *, at_key: bool = False) -> Fault:
        """A fault here."""
        return self.tree.fault(self.path, problem, mend, at_key=at_key)
