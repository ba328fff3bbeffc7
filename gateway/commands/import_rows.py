"""`gateway import`: a register's rows into the store, from a CSV file that may be given again at any time."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import typer

from conversations.desk.model import Desk
from conversations.desk.tree import Fault
from gateway.config import Faults, load
from gateway.desks import DeskFaults
from gateway.desks import load as load_desks
from gateway.register_files import Judge, NotCsv, Row, read_rows
from gateway.stored import opened_store
from storage.facts.registers import register_name
from storage.registers import ROWS_A_TIME, drop_rows_but, put_rows
from storage.tables import Tenant
from storage.work import Store


def run(register: str, place: Path, desk: str | None, whole: bool) -> bool:
    """Take the rows in, and say what was refused; whether nothing was. Raises Faults where no row can be taken."""
    found = _desk(register, desk)
    with opened_store() as store:
        with store.read() as session:
            if session.get(Tenant, found.tenant) is None:
                _refuse(f"the desk {found.desk} is not in the store yet: it comes there when `gateway serve` starts")
        into = _Import(store, found, register, place)
        faults = into.take()
        removed = into.remove_others() if whole and not faults else 0
    for fault in faults:
        print(fault)
    print(
        f"{register} of {found.desk}: {into.good} rows taken in, {into.written} of them new or changed, "
        f"{len(faults)} refused, {removed} removed."
    )
    if whole and faults:
        print("Nothing was removed, because rows were refused.")
    return not faults


class _Import:
    """One file on its way in. ``good`` rows were read, ``written`` those that the store had otherwise or not."""

    def __init__(self, store: Store, desk: Desk, register: str, place: Path) -> None:
        self._store, self._desk, self._name, self._place = store, desk, register, place
        self._kept: set[str] = set()
        self.written = 0

    @property
    def good(self) -> int:
        return len(self._kept)

    def take(self) -> list[Fault]:
        """Write the good rows, a hundred at a time; what is wrong with the others."""
        faults: list[Fault] = []
        batch: dict[str, Row] = {}
        with typer.progressbar(length=self._place.stat().st_size, label=self._name, file=sys.stderr) as bar:
            try:
                rows = read_rows(self._place, bar.update)
                judge = Judge(self._desk.registers[self._name], tuple(next(rows, (1, []))[1]), str(self._place))
                if fault := judge.header_fault():
                    return [fault]
                for line, cells in rows:
                    if fault := judge.fault(line, cells):
                        faults.append(fault)
                        continue
                    batch[judge.key(cells)] = judge.row(cells)
                    if len(batch) == ROWS_A_TIME:
                        self._write(batch)
                        batch = {}
            except NotCsv as error:
                faults.append(error.fault)
            self._write(batch)
        return faults

    def remove_others(self) -> int:
        """Remove the rows that the file does not have; how many."""
        return drop_rows_but(self._store, self._desk.tenant, self._stored, self._kept)

    @property
    def _stored(self) -> str:
        return register_name(self._desk.desk, self._name)

    def _write(self, batch: Mapping[str, Row]) -> None:
        self.written += put_rows(self._store, self._desk.tenant, self._stored, batch)
        self._kept |= batch.keys()


def _desk(register: str, named: str | None) -> Desk:
    """The desk whose register it is. Raises Faults."""
    try:
        desks = [loaded.desk for loaded in load_desks(load().desks)]
    except DeskFaults as faults:
        raise Faults(str(faults).splitlines()) from None
    found = [desk for desk in desks if register in desk.registers and named in (None, desk.desk)]
    if not found:
        there = ", ".join(f"{name} of {desk.desk}" for desk in desks for name in desk.registers)
        _refuse(f"there is no register {register}{f' of {named}' if named else ''}; there is {there or 'none'}")
    if len(found) > 1:
        _refuse(f"several desks have a register {register}: say --desk {' or --desk '.join(one.desk for one in found)}")
    if file := found[0].registers[register].file:
        _refuse(
            f"{register} of {found[0].desk} has its rows in {file} beside the desk: change them there, or take `file` "
            "out of the desk and start `gateway serve` anew"
        )
    return found[0]


def _refuse(why: str) -> NoReturn:
    raise Faults([why])
