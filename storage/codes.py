"""One-time codes (NIST SP 800-63B-4; TRUST 3). The rules of the game:

- A code is drawn here, sent sealed beside its delivery, and kept as a keyed MAC that binds the challenge, its
  purpose, who proves what, and where the code went: nothing in the database tells it or checks it.
- A challenge has one counter of tries for all its codes: five, not reset by a further code. At most two codes
  are live, the newest and the one before it, which may arrive later.
- A try is counted before it is compared, and stays counted where the turn is undone.
- A subject that guessed wrong ten times within a day is not compared any more that day.
- The first right one uses the challenge up: in the same transaction as what it is good for.
- Codes are sent one after the other, all processes together, so that what the limits count is never out of date.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import and_, bindparam, func, insert, literal_column, or_, select, update

from conversations.codes import TRIES
from conversations.dice import Dice
from conversations.effects import SendCode
from conversations.facts import CodeCheck
from conversations.limits import WRONG_A_DAY
from storage.keys import CannotOpen, Keys
from storage.statements import Statement
from storage.tables import metadata
from storage.work import Again, Work

DAY = timedelta(hours=24)
BLOCK_DIGITS = 3
# Any number that no other program takes, nor `storage.migrate`.
SENDING_LOCK = 0x_CA5E_0DE


@dataclass(frozen=True, slots=True)
class Subject:
    """Who must prove themselves: the address's row, and where its codes go."""

    tenant: str
    desk: str
    address: str
    destination: str


def draw(work: Work, dice: Dice, subject: Subject, wanted: SendCode) -> str:
    """Draw a code for the challenge and keep its MAC; the code, to be sealed at once (`put_out`).

    A further code of a challenge that is open takes the newest one's place, which stays good till it expires.
    Raises Again where the challenge is over meanwhile.
    """
    code = f"{secrets.randbelow(10**wanted.digits):0{wanted.digits}}"
    key = work.keys.newest
    if not wanted.again:
        _OPEN.run(
            work,
            id=wanted.challenge,
            tenant=subject.tenant,
            purpose=wanted.purpose,
            subject=subject.address,
            destination=subject.destination,
            about=wanted.about,
            digits=wanted.digits,
            key_id=key,
            mac=_mac(work.keys, key, wanted.challenge, wanted.purpose, subject, wanted.about, code),
            expires_at=wanted.expires_at,
            tries=0,
            sent=1,
            created_at=work.now,
        )
    else:
        _draw_again(work, subject, wanted, code)
    _SENT.run(
        work,
        id=dice.new_id(),
        tenant=subject.tenant,
        desk=subject.desk,
        challenge=wanted.challenge,
        destination=subject.destination,
        block=block(subject.destination),
        at=work.now,
    )
    return code


def open_code(keys: Keys, delivery: str, sealed: str) -> str:
    """The code that goes out with this delivery: for who sends it, and nobody else. Raises CannotOpen."""
    return keys.open(sealed, delivery)


def count_try(work: Work, dice: Dice, challenge: str, code: str) -> CodeCheck:
    """Count a try and compare it. To be called so that the count stands whatever becomes of the turn.

    `expired` stands for every challenge that is over, or was never there.
    """
    if work.dialect == "postgresql":
        _HOLD_TRIED.one(work, key=challenge)
    row = _COUNT.one(work, key=challenge, now=work.now, since=work.now - DAY)
    if row is None:
        return _over(work, challenge)
    tried = _Tried(*row)
    if _is_right(work, tried, challenge, code):
        return CodeCheck("right", TRIES - tried.tries)
    count_wrong(work, dice, tried.tenant, tried.subject, challenge)
    return CodeCheck("wrong", TRIES - tried.tries)


def count_wrong(work: Work, dice: Dice, tenant: str, address: str, challenge: str | None = None) -> None:
    """A wrong try of this address: of a code, or of the facts that stand beside one."""
    _WRONG.run(work, id=dice.new_id(), tenant=tenant, challenge=challenge, subject=address, at=work.now)


def hold_sending(work: Work) -> None:
    """Let whoever else is about to send a code wait until this transaction ends, and then count again.

    One lock for all numbers, blocks, desks and tenants, because a limit spans each of them; it is not held often,
    since the limits let few codes out. Taken after the conversation, its address and its challenge, before cases.
    """
    _HOLD_SENDING.one(work)


def use_up(work: Work, challenge: str) -> None:
    """The challenge has served. Raises Again where it had served before."""
    if not _USE.run(work, key=challenge, now=work.now):
        raise Again


def end(work: Work, challenge: str) -> None:
    """The challenge is void: no code of it is good any more."""
    _END.run(work, key=challenge, now=work.now)


def block(destination: str) -> str:
    """The thousand numbers that a number lies among: ``+4790012345`` is in ``+4790012``."""
    return destination[:-BLOCK_DIGITS][:20] if destination.startswith("+") else ""


class _Tried(NamedTuple):
    tries: int
    tenant: str
    purpose: str
    subject: str
    destination: str
    about: str | None
    key_id: str
    mac: str | None
    expires_at: datetime
    previous_mac: str | None
    previous_expires_at: datetime | None


def _draw_again(work: Work, subject: Subject, wanted: SendCode, code: str) -> None:
    row = _KEY.one(work, key=wanted.challenge)
    if row is None:
        raise Again
    newest = work.keys.newest
    mac = _mac(work.keys, newest, wanted.challenge, wanted.purpose, subject, wanted.about, code)
    # Under a new key the earlier code's MAC cannot be compared: that code is good no more.
    keeps = row[0] == newest
    given = {"key": wanted.challenge, "new": mac, "under": newest, "until": wanted.expires_at}
    if not (_NEXT if keeps else _NEXT_ALONE).run(work, **given):
        raise Again


def _is_right(work: Work, tried: _Tried, challenge: str, code: str) -> bool:
    """Whether the code is one of the two that are live. Every MAC is compared, in constant time."""
    subject = Subject(tried.tenant, "", tried.subject, tried.destination)
    try:
        mac = _mac(work.keys, tried.key_id, challenge, tried.purpose, subject, tried.about, code)
    except CannotOpen:
        return False
    live = ((tried.mac, tried.expires_at), (tried.previous_mac, tried.previous_expires_at))
    same = [hmac.compare_digest(kept, mac) for kept, until in live if kept and until and until > work.now]
    return any(same)


def _over(work: Work, challenge: str) -> CodeCheck:
    """Why nothing was counted: too many tries, which is said, or the challenge's end."""
    row = _STANDS.one(work, key=challenge, now=work.now)
    return CodeCheck("wrong", 0) if row is not None else CodeCheck("expired")


def _mac(keys: Keys, key: str, challenge: str, purpose: str, subject: Subject, about: str | None, code: str) -> str:
    return keys.mac(key, "otp1", challenge, purpose, subject.address, subject.destination, about or "", code)


_A = metadata.tables["address"]
_C = metadata.tables["challenge"]
_S = metadata.tables["code_sent"]
_W = metadata.tables["wrong_try"]

_IS_IT = _C.c.id == bindparam("key")
_OPEN_STILL = and_(_C.c.used_at.is_(None), _C.c.ended_at.is_(None))
_LIVE = or_(_C.c.expires_at > bindparam("now"), _C.c.previous_expires_at > bindparam("now"))
_WRONG_LATELY = (
    select(func.count())
    .select_from(_W)
    .where(_W.c.subject == _C.c.subject, _W.c.at > bindparam("since"))
    .scalar_subquery()
)
_OPEN = Statement(
    insert(_C).inline(),
    *("id", "tenant", "purpose", "subject", "destination", "about", "digits", "key_id", "mac"),
    *("expires_at", "tries", "sent", "created_at"),
)
_KEY = Statement(select(_C.c.key_id).where(_IS_IT, _OPEN_STILL).with_for_update(key_share=True))
_RENEW = (
    update(_C)
    .where(_IS_IT, _OPEN_STILL)
    .values(
        mac=bindparam("new"),
        key_id=bindparam("under"),
        expires_at=bindparam("until"),
        sent=_C.c.sent + 1,
    )
)
_NEXT = Statement(_RENEW.values(previous_mac=_C.c.mac, previous_expires_at=_C.c.expires_at))
_NEXT_ALONE = Statement(_RENEW.values(previous_mac=None, previous_expires_at=None))
_HOLD_SENDING = Statement(select(func.pg_advisory_xact_lock(literal_column(str(SENDING_LOCK)))))
# A statement of its own: one that waits counts as it was before. Rows that refer to the address may be inserted.
_HOLD_TRIED = Statement(
    select(_A.c.id)
    .where(_A.c.id == select(_C.c.subject).where(_IS_IT).scalar_subquery())
    .with_for_update(key_share=True)
)
_SENT = Statement(insert(_S).inline(), "id", "tenant", "desk", "challenge", "destination", "block", "at")
_WRONG = Statement(insert(_W).inline(), "id", "tenant", "challenge", "subject", "at")
_COUNT = Statement(
    update(_C)
    .where(_IS_IT, _OPEN_STILL, _C.c.tries < TRIES, _LIVE, _WRONG_LATELY < WRONG_A_DAY)
    .values(tries=_C.c.tries + 1)
    .returning(*(_C.c[name] for name in _Tried._fields))
)
_STANDS = Statement(select(_C.c.id).where(_IS_IT, _OPEN_STILL, _LIVE))
_USE = Statement(update(_C).where(_IS_IT, _OPEN_STILL).values(used_at=bindparam("now"), mac=None, previous_mac=None))
_END = Statement(update(_C).where(_IS_IT, _OPEN_STILL).values(ended_at=bindparam("now"), mac=None, previous_mac=None))
