"""Registers from the CSV files beside a desk: UTF-8, commas, a header row; every row with a key of its own."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from conversations.desk.model import Desk, Register
from conversations.desk.tree import Fault, Tree

Row = Mapping[str, str]
KEY_AT_MOST: Final = 60


def read_registers(desk: Desk, tree: Tree, folder: Path) -> tuple[dict[str, tuple[Row, ...]], list[Fault]]:
    """The rows of each register of the desk that has a file, and what is wrong with the files."""
    registers: dict[str, tuple[Row, ...]] = {}
    faults: list[Fault] = []
    for name, register in desk.registers.items():
        if register.file is None:
            continue
        place = folder / register.file
        if place.parent != folder or not place.is_file():
            problem = f'There is no file "{register.file}" beside the desk.'
            faults.append(tree.fault(("registers", name, "file"), problem, "Name a CSV file in the same folder."))
            continue
        try:
            [(_, header), *rows] = list(read_rows(place)) or [(1, [])]
        except NotCsv as error:
            faults.append(error.fault)
            continue
        judge = Judge(register, tuple(header), str(place))
        wrong = [judge.header_fault()] if judge.header_fault() else [judge.fault(line, cells) for line, cells in rows]
        faults += filter(None, wrong)
        if not any(wrong):
            registers[name] = tuple(judge.row(cells) for _, cells in rows)
    return registers, faults


class NotCsv(Exception):
    """The file cannot be read on; `fault` says where."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def read_rows(place: Path, consumed: Callable[[int], object] = bool) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with the number of its last line; the first is the header.

    `consumed` is told how many bytes each line had. Raises NotCsv.
    """
    with place.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(_counted(file, consumed), strict=True)
        try:
            for row in reader:
                if row:
                    yield reader.line_num, [cell.strip() for cell in row]
        except (csv.Error, UnicodeDecodeError):
            raise NotCsv(Fault(str(place), 1, 1, "The file is no CSV in UTF-8.", "Save it as CSV, in UTF-8.")) from None


@dataclass
class Judge:
    """Judges the rows of a register one by one: the keys that it has seen are known to it."""

    register: Register
    header: tuple[str, ...]
    path: str
    _lines: dict[str, int] = field(default_factory=dict)

    def header_fault(self) -> Fault | None:
        """What is wrong with the header: then no row can be read."""
        missing = [column for column in (self.register.key, *self.register.columns) if column not in self.header]
        if not missing:
            return None
        problem = f'The header has no column "{missing[0]}".'
        return Fault(self.path, 1, 1, problem, "Add it, or take it out of the desk.")

    def fault(self, line: int, cells: list[str]) -> Fault | None:
        """What is wrong with a row."""
        if len(cells) != len(self.header):
            problem = f"The row has {len(cells)} cells, the header {len(self.header)}."
            return Fault(self.path, line, 1, problem, "Put a cell that holds a comma in double quotes.")
        name, key = self.register.key, self.key(cells)
        if not key:
            return Fault(self.path, line, 1, "The row has no key.", f'Fill its column "{name}".')
        if len(key) > KEY_AT_MOST or not key.isprintable():
            problem = f'The key in column "{name}" is no plain text of at most {KEY_AT_MOST} characters.'
            return Fault(self.path, line, 1, problem, "Shorten it, or take out what no text shows.")
        first = self._lines.setdefault(key, line)
        if first != line:
            return Fault(
                self.path, line, 1, f'The key "{key}" stands in line {first} already.', "Give each row its own."
            )
        return None

    def key(self, cells: list[str]) -> str:
        """The key of a row."""
        return cells[self.header.index(self.register.key)]

    def row(self, cells: list[str]) -> Row:
        """A good row by its columns."""
        return dict(zip(self.header, cells, strict=True))


def _counted(lines: Iterable[str], consumed: Callable[[int], object]) -> Iterator[str]:
    for line in lines:
        consumed(len(line.encode()))
        yield line
