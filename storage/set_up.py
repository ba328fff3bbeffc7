"""Desks into the store at start: tenants, fronts and senders, versions, number series, and registers."""

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import Protocol

from sqlmodel import Session, col, select

from conversations.desk.model import Desk
from conversations.desk.ready import ReadyDesk
from conversations.dice import Dice
from conversations.inputs import Channel
from storage.facts.registers import register_name
from storage.fronts import Fronts, ReadyFront
from storage.registers import drop_rows_but, put_rows
from storage.tables import Counter, DeskVersion, Front, Sender, Tenant
from storage.work import Store, Work

MakeReady = Callable[[Desk, int], ReadyDesk]
AccountOf = Callable[[Channel, str], str | None]
"""The provider's account that carries an address of ours; None: nobody does."""


class Source(Protocol):
    """A checked desk: its model, its text as it stands in the file, and the rows of its registers by name."""

    @property
    def desk(self) -> Desk: ...

    @property
    def text(self) -> str: ...

    @property
    def registers(self) -> Mapping[str, Iterable[Mapping[str, str]]]: ...


class TakenByAnother(ValueError):
    """A number or mailbox belongs to another tenant already, whose conversations stand on it."""


def set_up(
    store: Store,
    sources: Iterable[Source],
    account_of: AccountOf,
    make_ready: MakeReady,
    dice: Dice,
) -> Fronts:
    """Write what the desks say, where it differs, and give back our fronts by channel and address.

    The fronts of addresses that no account carries are left out. Raises TakenByAnother.
    """
    fronts: dict[tuple[Channel, str], ReadyFront] = {}
    for source in sources:
        ready = make_ready(source.desk, store.write(_version(source, dice), bulk=True).result())
        made = store.write(_fronts(ready, account_of, dice), bulk=True).result()
        fronts |= {(front.channel, front.address): front for front in made}
        _write_registers(store, source)
    return fronts


def _version(source: Source, dice: Dice) -> Callable[[Work], int]:
    """A job: the tenant, its desk's counters, and the version of the desk's text; the version's number."""
    desk, digest = source.desk, sha256(source.text.encode()).hexdigest()

    def job(work: Work) -> int:
        with work.session() as session:
            if session.get(Tenant, desk.tenant) is None:
                session.add(Tenant(id=desk.tenant, name=desk.name))
                session.flush()
            _count_from(session, desk)
            return _version_of(session, work, source, digest, dice)

    return job


def _count_from(session: Session, desk: Desk) -> None:
    for name, series in desk.series.items():
        counter = session.get(Counter, (desk.tenant, desk.desk, name))
        if counter is None:
            counter = Counter(tenant=desk.tenant, desk=desk.desk, series=name, last=series.first - 1)
        counter.last = max(counter.last, series.first - 1)
        session.add(counter)


def _version_of(session: Session, work: Work, source: Source, digest: str, dice: Dice) -> int:
    desk = source.desk
    known = session.exec(
        select(DeskVersion)
        .where(DeskVersion.tenant == desk.tenant, DeskVersion.desk == desk.desk)
        .order_by(col(DeskVersion.version).desc())
    ).all()
    same = next((version for version in known if version.digest == digest), None)
    if same is not None:
        return same.version
    number = known[0].version + 1 if known else 1
    session.add(
        DeskVersion(
            id=dice.new_id(),
            tenant=desk.tenant,
            desk=desk.desk,
            version=number,
            digest=digest,
            content=source.text,
            loaded_at=work.now,
        )
    )
    return number


def _fronts(ready: ReadyDesk, account_of: AccountOf, dice: Dice) -> Callable[[Work], list[ReadyFront]]:
    """A job: the desk's fronts and their senders."""
    addresses: Mapping[Channel, tuple[str, ...]] = {
        "sms": ready.desk.answers_on.sms,
        "mail": ready.desk.answers_on.mail,
    }

    def job(work: Work) -> list[ReadyFront]:
        with work.session() as session:
            return [
                _front(session, work, ready, channel, address, account, dice)
                for channel, several in addresses.items()
                for address in several
                if (account := account_of(channel, address)) is not None
            ]

    return job


def _front(
    session: Session,
    work: Work,
    ready: ReadyDesk,
    channel: Channel,
    address: str,
    account: str,
    dice: Dice,
) -> ReadyFront:
    desk = ready.desk
    front = session.exec(select(Front).where(Front.channel == channel, Front.address == address)).first()
    front = front or Front(id=dice.new_id(), tenant=desk.tenant, desk=desk.desk, channel=channel, address=address)
    if front.tenant != desk.tenant:
        raise TakenByAnother(f"desk {desk.desk}: a {channel} address is another tenant's in this store")
    front.desk = desk.desk
    session.add(front)
    sender = session.exec(select(Sender).where(Sender.channel == channel, Sender.address == address)).first()
    sender = sender or Sender(
        id=dice.new_id(),
        tenant=desk.tenant,
        channel=channel,
        account=account,
        address=address,
        per_second=desk.sending.texts_per_second,
        free_at=work.now,
        bulk_free_at=work.now,
        served_at=work.now,
    )
    sender.account, sender.per_second = account, desk.sending.texts_per_second
    session.add(sender)
    session.flush()
    return ReadyFront(front.id, desk.tenant, channel, address, account, sender.id, ready)


def _write_registers(store: Store, source: Source) -> None:
    """The rows as they stand in the files: those that differ are written, those that are gone dropped."""
    desk = source.desk
    for name, rows in source.registers.items():
        stored, key = register_name(desk.desk, name), desk.registers[name].key
        wanted = {row[key]: row for row in rows}
        put_rows(store, desk.tenant, stored, wanted)
        drop_rows_but(store, desk.tenant, stored, wanted)
