"""YAML text to plain values and the place of each; what is wrong with the YAML itself is said in plain English.

Limits: 1 million characters, 100,000 values (an anchor's anew at each use), 30 levels.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import yaml

from conversations.desk.tree import Fault, Path, Position, Tree

LARGEST = 1_000_000
MOST_VALUES = 100_000
DEEPEST = 30
_TAG = "tag:yaml.org,2002:"


class _Loader(yaml.SafeLoader):
    """Reads plain words as YAML 1.2 does: "no" is a text, and so are a date and +4759440000."""

    # PyYAML copies its resolvers into a subclass at the first change; ours begin from none.
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


_Loader.add_implicit_resolver(_TAG + "null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
_Loader.add_implicit_resolver(_TAG + "bool", re.compile(r"^(?:true|false)$"), ["t", "f"])
_Loader.add_implicit_resolver(_TAG + "int", re.compile(r"^-?(?:0|[1-9][0-9]{0,17})$"), list("-0123456789"))
_Loader.add_implicit_resolver(_TAG + "float", re.compile(r"^-?[0-9]{1,18}\.[0-9]{1,17}$"), list("-0123456789"))

_SCALARS: Mapping[str, Callable[[str], object]] = {
    _TAG + "str": str,
    _TAG + "int": int,
    _TAG + "float": float,
    _TAG + "bool": lambda text: text == "true",
    _TAG + "null": lambda text: None,
}
# A sign in PyYAML's own words, the problem, the mend; «here» is where the trouble opened.
_MENDS = (
    ("mapping values are not allowed", "A colon stands where no key can be.", "Put a text with a colon in quotes."),
    ("could not find expected ':'", "A key has no colon after it.", 'Write "key: value".'),
    ("'\\t'", "The line is indented with a tab.", "Indent with blanks."),
    ("cannot start any token", "A text cannot begin with this character.", "Put the text in quotes."),
    ("undefined alias", "No value above has this name.", "Give one the name with &, or write the value out."),
    ("duplicate anchor", "Another value has this name already.", "Choose another name after &."),
    ("while scanning a quoted scalar", "A quote is opened here and never closed.", "Close it."),
    ("but got '?'", "A text in brackets or braces has a question mark.", "Put the text in quotes."),
    ("while parsing a flow", "A bracket or brace is opened here and not closed where it should be.", "Close it."),
    ("expected <block end>", "The line is not indented as those around it.", "Give it as many blanks as they have."),
    ("expected a single document", "A second desk begins here.", "Give each desk a file of its own."),
    ("unknown escape character", "There is no such \\ character.", "Use single quotes, or write the \\ twice."),
)


def read_tree(path: str, data: bytes) -> tuple[str, Tree]:
    """The file's text and its tree; with a fault that stops the reading the tree has no values."""
    if len(data) > LARGEST:
        return "", Tree(path, None, faults=(Fault(path, 1, 1, "The file is too large.", "At most 1 MB is read."),))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return "", Tree(path, None, faults=(Fault(path, line, 1, "The file is not UTF-8.", "Save it as UTF-8."),))
    reading = _Reading(path)
    try:
        node = yaml.compose(text, Loader=_Loader)
        values = None if node is None else reading.value(node, ())
    except yaml.MarkedYAMLError as error:
        problem, mend = _plain(f"{error.context or ''} {error.problem or ''}")
        mark = (error.context_mark if " here " in problem else None) or error.problem_mark or error.context_mark
        reading.fault(Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1), problem, mend)
        values = None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        reading.fault(Position(line, 1), "The line has a character that no text shows.", "Take it out.")
        values = None
    except (RecursionError, _OutOfBounds):
        problem = f"The file is more than {DEEPEST} levels deep, or holds more than {MOST_VALUES} values."
        reading.fault(Position(1, 1), problem, "Write the desk with fewer values, and fewer inside one another.")
        values = None
    return text, Tree(path, values, reading.positions, reading.keys, tuple(reading.faults))


class _OutOfBounds(Exception):
    """The file is too deep, or its anchors grow it too large."""


@dataclass
class _Reading:
    """A file as it is being read."""

    path: str
    positions: dict[Path, Position] = field(default_factory=dict)
    keys: dict[Path, Position] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, position: Position, problem: str, mend: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(self.path, *position, problem, mend))

    def value(self, node: yaml.Node, path: Path) -> object:
        """The plain value of a node; where it and its parts stand is noted. Raises _OutOfBounds."""
        if len(path) > DEEPEST or len(self.positions) > MOST_VALUES:
            raise _OutOfBounds
        self.positions[path] = _position(node)
        if isinstance(node, yaml.MappingNode):
            return self._block(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(member, (*path, number)) for number, member in enumerate(node.value)]
        if node.tag not in _SCALARS:
            self.fault(_position(node), "A tag has no meaning here.", "Take the word after the ! out.")
            return node.value
        return _SCALARS[node.tag](node.value)

    def _block(self, node: yaml.MappingNode, path: Path) -> dict[str, object]:
        block: dict[str, object] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.fault(_position(key), "A key must be one word.", "Put braces that belong to a text in quotes.")
            elif key.value in block:
                first = self.keys[*path, key.value].line
                self.fault(_position(key), f'"{key.value}" stands in line {first} already.', "Take one of them out.")
            else:
                self.keys[*path, key.value] = _position(key)
                block[key.value] = self.value(value, (*path, key.value))
        return block


def _position(node: yaml.Node) -> Position:
    return Position(node.start_mark.line + 1, node.start_mark.column + 1)


def _plain(problem: str) -> tuple[str, str]:
    for sign, said, mend in _MENDS:
        if sign in problem:
            return said, mend
    return "The line cannot be read as YAML.", "Compare it with a desk that ships with the product."
