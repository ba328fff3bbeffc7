"""Tokens of the HTTP API: made once, shown once, kept as a keyed hash that a copy of the database cannot use.

A token is ``caseline_<key id>_<43 letters>``: 256 random bits, so it cannot be guessed, and a keyed hash of
it need not be slow. The key's id is in it: it stays good while its key is kept beside a newer one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe
from typing import Final

from sqlmodel import Session, col, select

from conversations.dice import Dice
from conversations.inputs import Actor
from storage.keys import CannotOpen, Keys
from storage.scope import Scope
from storage.tables import ApiToken, Caseworker, DeskVersion, Tenant
from storage.work import Work

PREFIX: Final = "caseline"
RANDOM_BYTES: Final = 32
PURPOSE: Final = "api token 1"
NAME_AT_MOST: Final = 100


class NoTenant(LookupError):
    """There is no tenant of this id."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a new token allows, and whose it is. ``desks`` empty: all of the tenant's."""

    tenant: str
    name: str
    desks: frozenset[str] = frozenset()
    full_numbers: bool = False


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A token as an operator sees it: everything but itself."""

    id: str
    tenant: str
    name: str
    desks: str
    full_numbers: bool
    created_at: datetime
    revoked_at: datetime | None


def new_token(keys: Keys) -> str:
    """A fresh token under the newest key. It is kept nowhere."""
    return f"{PREFIX}_{keys.newest}_{token_urlsafe(RANDOM_BYTES)}"


def digest(keys: Keys, token: str) -> str | None:
    """The keyed hash by which a token is found; None for what is none of ours, or whose key is gone."""
    prefix, _, rest = token.partition("_")
    key, _, secret = rest.partition("_")
    if prefix != PREFIX or not secret:
        return None
    try:
        return keys.mac(key, PURPOSE, token)
    except (CannotOpen, UnicodeEncodeError):
        return None


def create(work: Work, dice: Dice, token: str, grant: Grant) -> str:
    """Keep the token's hash for this grant; the token's row id. Raises NoTenant.

    A caseworker is known by the name within the tenant: a second token of a name is the same person's.
    """
    with work.session() as session:
        if session.get(Tenant, grant.tenant) is None:
            raise NoTenant(grant.tenant)
        row = ApiToken(
            id=dice.new_id(),
            tenant=grant.tenant,
            caseworker=_caseworker(session, dice, grant),
            digest=digest(work.keys, token) or "",
            desks=" ".join(sorted(grant.desks)),
            full_numbers=grant.full_numbers,
            created_at=work.now,
        )
        session.add(row)
        return row.id


def revoke(work: Work, token_id: str) -> bool:
    """The token of this row id is good no more; False where there is no such, or it was revoked before."""
    with work.session() as session:
        row = session.get(ApiToken, token_id)
        if row is None or row.revoked_at is not None:
            return False
        row.revoked_at = work.now
        session.add(row)
        return True


def revoke_all(work: Work, tenant: str, name: str) -> None:
    """The tokens of this name are good no more."""
    with work.session() as session:
        named = select(Caseworker.id).where(Caseworker.tenant == tenant, Caseworker.name == name)
        good = select(ApiToken).where(col(ApiToken.caseworker).in_(named), col(ApiToken.revoked_at).is_(None))
        for row in session.exec(good).all():
            row.revoked_at = work.now
            session.add(row)


def known_desks(session: Session, tenant: str) -> frozenset[str]:
    """The desks of the tenant that were ever loaded."""
    return frozenset(session.exec(select(DeskVersion.desk).where(DeskVersion.tenant == tenant)))


def listed(session: Session, tenant: str | None = None) -> list[TokenLine]:
    """All tokens, or a tenant's, oldest first, the revoked ones too. For operators: no scope limits it."""
    query = select(ApiToken, Caseworker.name).join(Caseworker, col(ApiToken.caseworker) == Caseworker.id)
    if tenant is not None:
        query = query.where(ApiToken.tenant == tenant)
    return [
        TokenLine(row.id, row.tenant, name, row.desks, row.full_numbers, row.created_at, row.revoked_at)
        for row, name in session.exec(query.order_by(ApiToken.id))
    ]


def live(session: Session) -> Mapping[str, Scope]:
    """The keyed hash of each token that is good now, and its scope."""
    query = (
        select(ApiToken, Caseworker)
        .join(Caseworker, col(ApiToken.caseworker) == Caseworker.id)
        .where(col(ApiToken.revoked_at).is_(None))
    )
    return {
        row.digest: Scope(
            tenant=row.tenant,
            desks=frozenset(row.desks.split()),
            actor=Actor("caseworker", caseworker.id, "token"),
            actor_name=caseworker.name,
            full_numbers=row.full_numbers,
        )
        for row, caseworker in session.exec(query)
    }


def _caseworker(session: Session, dice: Dice, grant: Grant) -> str:
    query = select(Caseworker).where(Caseworker.tenant == grant.tenant, Caseworker.name == grant.name)
    known = session.exec(query.order_by(Caseworker.id)).first()
    if known is not None:
        return known.id
    caseworker = Caseworker(id=dice.new_id(), tenant=grant.tenant, name=grant.name)
    session.add(caseworker)
    session.flush()
    return caseworker.id
