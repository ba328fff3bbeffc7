"""A stolen copy of the database: no code, no token, no key stands in it."""

import base64
import re
from datetime import timedelta
from itertools import count
from types import SimpleNamespace

import pytest
from sqlalchemy import String, select
from sqlalchemy.types import TypeDecorator

from channels.contract import Failure
from gateway.jobs import intake
from storage import tokens
from storage.engines import sqlite_file
from storage.tables import ApiToken, Challenge, Delivery, metadata
from tests.stored_stage import KEYS
from tests.trust.conftest import HOUR, wrong

KEY = bytes(range(32))
"""The secret behind `KEYS`."""
DRAWN = count(539_201, 4_577)
COOL_DOWN = timedelta(seconds=61)
RANDOM = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,}")


@pytest.fixture
def drawn(monkeypatch):
    """The codes that are drawn: none of them stands by chance in a number or a time."""
    codes = []

    def draw(most):
        codes.append(str(next(DRAWN)))
        return int(codes[-1])

    monkeypatch.setattr("storage.codes.secrets", SimpleNamespace(randbelow=draw))
    return codes


def fail(*given):
    raise RuntimeError


TYPED = {
    "alone": "{code}",
    "in a sentence": "koden er {code}, takk",
    "in two parts": "{first} {last}",
    "with the last one": "fikk først {before} og så {code}, hvilken er det?",
    "within a word": "kode{code}",
    "before a word": "{code}-koden fra dere",
    "in a link": "nett.no/?k={code}&x=1",
    "with danger": "det brenner i trafoen! {code}",
    "with danger, twice": "det brenner i trafoen! {before} {code}",
    "in full width": "{wide}",
    "in a report": "strømmen er borte i Storgata 4, 6700 Måløy {code} {before}",
}


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
def test_t68_a_code_that_is_awaited_is_kept_nowhere_however_it_is_typed(gate, typed, drawn):
    phone = gate.phone()
    before = gate.ask_code(phone)
    gate.clock.now += COOL_DOWN
    code = gate.ask_code(phone)
    wide = code.translate({ord("0") + n: 0xFF10 + n for n in range(10)})
    said = typed.format(code=code, before=before, wide=wide, first=code[:3], last=code[3:])
    gate.put(phone, said)
    gate.put(phone, "meny")
    gate.put(phone, "send")
    gate.settle()
    forms = [before, code, wide, f"{code[:3]} {code[3:]}"]
    assert found_in_cells(gate, forms) == []
    assert found_in_file(gate, forms) == []


def test_t68_no_code_no_token_and_no_key_is_in_a_copy_of_the_database(fresh, drawn):
    token = tokens.new_token(KEYS)
    fresh.do(lambda work: tokens.create(work, fresh.dice, token, tokens.Grant("nordlys", "Kari")))
    phones = dict(zip(LIVES, iter(fresh.phone, None), strict=False))
    for life, phone in phones.items():
        LIVES[life](fresh, phone)
    fresh.put(phones["due"], "kode")
    secrets = [*drawn, token, token.rpartition("_")[2]]
    secrets += [base64.b64encode(KEY).decode(), KEY.hex(), repr(KEY)]
    assert len(drawn) == len(LIVES)
    assert found_in_cells(fresh, secrets) == found_in_file(fresh, secrets) == []
    assert len(fresh.rows(ApiToken)) == 1
    assert [row.recipient for row in fresh.rows(Delivery) if row.sealed] == [phones["due"]]
    assert {row.mac for row in fresh.rows(Challenge) if row.used_at} == {None}
    # The search itself finds what is there.
    assert found_in_cells(fresh, [phones["due"]])
    assert found_in_file(fresh, ["kode"]) or fresh.store.dialect != "sqlite"


def used(gate, phone):
    gate.say(phone, "kode")
    gate.say(phone, wrong(gate.code(phone)))
    gate.say(phone, gate.code(phone))


def expired(gate, phone):
    gate.say(phone, "kode")
    gate.clock.now += HOUR
    gate.say(phone, gate.code(phone))


def refused(gate, phone):
    gate.refuses[phone] = Failure.INVALID_NUMBER
    gate.say(phone, "kode")


def opted_out(gate, phone):
    gate.put(phone, "kode")
    gate.say(phone, "STOPP")


def signed_out(gate, phone):
    gate.say(phone, "kode")
    gate.say(phone, "logg ut")


def raised(gate, phone):
    gate.say(phone, "kode")
    gate.say(phone, gate.code(phone), core=intake.Core(take=fail))


def raised_twice(gate, phone):
    gate.say(phone, "kode")
    gate.say(phone, gate.code(phone), core=intake.Core(fail, fail))


def late(gate, phone):
    gate.say(phone, "kode")
    gate.say(phone, gate.code(phone), sent_at=gate.clock.now - HOUR)


LIVES = {
    "used": used,
    "expired": expired,
    "refused": refused,
    "opted out": opted_out,
    "signed out": signed_out,
    "raised": raised,
    "raised twice": raised_twice,
    "late": late,
    "due": lambda gate, phone: None,
}


def found_in_cells(gate, secrets):
    """Where any of them stands, as table and column."""
    return [
        (table, column, secret)
        for table, column, cell in cells(gate)
        for secret in secrets
        if secret.encode() in RANDOM.sub(b"", cell.encode())
    ]


def cells(gate):
    with gate.store.read() as session:
        for table in metadata.sorted_tables:
            texts = [column for column in table.columns if is_text(column.type)]
            for row in session.connection().execute(select(*texts)) if texts else ():
                yield from (
                    (table.name, column.name, cell) for column, cell in zip(texts, row, strict=True) if cell is not None
                )


def is_text(kind):
    return isinstance(kind.impl if isinstance(kind, TypeDecorator) else kind, String)


def found_in_file(gate, secrets):
    """Which stand in the database's file or its log, what was deleted included; nothing to see on a server."""
    if gate.store.dialect != "sqlite":
        return []
    file = sqlite_file(gate.url)
    files = [path for path in (file, file.with_name(f"{file.name}-wal")) if path.exists()]
    content = RANDOM.sub(b"", b"\n".join(path.read_bytes() for path in files))
    return [secret for secret in secrets if secret.encode() in content]
