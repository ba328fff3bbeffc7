"""Registers from the CSV files beside a desk: UTF-8, commas, a header row; every row with a key of its own."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from conversations.desk.model import Desk, Register
from conversations.desk.tree import Fault, Tree

Row = Mapping[str, str]


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
            rows = list(_rows(place))
        except (csv.Error, UnicodeDecodeError):
            faults.append(Fault(str(place), 1, 1, "The file is no CSV in UTF-8.", "Save it as CSV, in UTF-8."))
            continue
        wrong = list(_faults(register, rows, str(place)))
        faults += wrong
        if not wrong:
            header = rows[0][1]
            registers[name] = tuple(dict(zip(header, cells, strict=True)) for _, cells in rows[1:])
    return registers, faults


def _rows(place: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with the number of its last line."""
    with place.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        for row in reader:
            if row:
                yield reader.line_num, [cell.strip() for cell in row]


def _faults(register: Register, rows: list[tuple[int, list[str]]], path: str) -> Iterator[Fault]:
    header = rows[0][1] if rows else []
    missing = [column for column in (register.key, *register.columns) if column not in header]
    if missing:
        yield Fault(path, 1, 1, f'The header has no column "{missing[0]}".', "Add it, or take it out of the desk.")
        return
    keys: dict[str, int] = {}
    for line, cells in rows[1:]:
        if len(cells) != len(header):
            problem = f"The row has {len(cells)} cells, the header {len(header)}."
            yield Fault(path, line, 1, problem, "Put a cell that holds a comma in double quotes.")
            continue
        key = cells[header.index(register.key)]
        if not key:
            yield Fault(path, line, 1, "The row has no key.", f'Fill its column "{register.key}".')
        elif key in keys:
            yield Fault(path, line, 1, f'The key "{key}" stands in line {keys[key]} already.', "Give each row its own.")
        keys.setdefault(key, line)
