"""What a turn does to trust: codes sent and accepted, who holds an address, signing out, and who wants no texts."""

import json

from sqlalchemy import and_, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from conversations.effects import (
    AcceptCode,
    CountWrongFacts,
    DeliveryClass,
    EndCode,
    EndTrust,
    NameHolder,
    OptIn,
    OptOut,
    SendCode,
)
from conversations.inputs import Actor
from storage import codes
from storage.outgoing import put_out, withhold_due
from storage.scene import Scene
from storage.statements import Statement
from storage.tables import metadata
from storage.turn_cases import comments_not_delivered, name_reporter_of_all
from storage.turn_says import lane


def send_code(scene: Scene, effect: SendCode) -> None:
    """A fresh code, on its way to the conversation's address."""
    held = scene.held
    subject = codes.Subject(scene.front.tenant, scene.desk, held.address, held.their_address)
    code = codes.draw(scene.work, scene.dice, subject, effect)
    put_out(
        scene.work,
        scene.dice,
        lane(scene),
        scene.filled(effect.text),
        DeliveryClass.CODE,
        effect.expires_at,
        message=effect.message,
        about=effect.challenge,
        code=code,
    )
    scene.is_to_ring = True


def accept_code(scene: Scene, effect: AcceptCode) -> None:
    """The challenge is used up, and the contact holds the address: proved, and trusted until then.

    So is whoever else holds it: the code came back from the phone that they share.
    """
    held, work, tenant = scene.held, scene.work, scene.front.tenant
    codes.use_up(work, effect.challenge)
    _CONTACT.run(work, id=effect.contact, tenant=tenant, created_at=work.now)
    proved = {"challenge": effect.challenge, "proved_at": work.now, "trusted_until": effect.trusted_until}
    _PROVED_AGAIN.run(work, held=held.address, since=held.epoch, **proved)
    _HOLDS.run(
        work,
        id=scene.dice.new_id(),
        tenant=tenant,
        address=held.address,
        contact=effect.contact,
        epoch=held.epoch,
        **proved,
    )
    scene.note("code_accepted", effect.challenge, actor=Actor("customer", held.address, "fresh_code"))
    name_reporter_of_all(scene)


def name_holder(scene: Scene, effect: NameHolder) -> None:
    """The contact's name; a new one holds the address from now on, as the one beside it does."""
    held, work, tenant = scene.held, scene.work, scene.front.tenant
    if effect.beside:
        _CONTACT.run(work, id=effect.contact, tenant=tenant, created_at=work.now)
        given = {"id": scene.dice.new_id(), "new": effect.contact, "beside": effect.beside}
        _HOLDS_TOO.run(work, **given, held=held.address, since=held.epoch)
        scene.note("holder_added", effect.contact, json.dumps({"address": held.address}))
    _NAME.run(work, key=effect.contact, of=tenant, name=effect.name)


def end_trust(scene: Scene, effect: EndTrust) -> None:
    """Signed out: nobody who holds the address is trusted any more, and the open challenge is void."""
    held, work = scene.held, scene.work
    _END_TRUST.run(work, held=held.address, since=held.epoch, now=work.now)
    if held.challenge:
        codes.end(work, held.challenge)
    scene.note("trust_ended", held.address)


def end_code(scene: Scene, effect: EndCode) -> None:
    """The open challenge is void."""
    if scene.held.challenge:
        codes.end(scene.work, scene.held.challenge)


def count_wrong_facts(scene: Scene, effect: CountWrongFacts) -> None:
    """What was given as facts was not so."""
    codes.count_wrong(scene.work, scene.dice, scene.front.tenant, scene.held.address)
    scene.note("facts_wrong", scene.held.address)


def opt_out(scene: Scene, effect: OptOut) -> None:
    """They want no texts: what waits is taken back, but for danger. The carrier's word stands above ours."""
    held, work = scene.held, scene.work
    _OPT_OUT.run(
        work,
        id=scene.dice.new_id(),
        tenant=scene.front.tenant,
        address=held.address,
        opted_by=effect.by,
        at=work.now,
    )
    comments_not_delivered(work, scene.front.tenant, withhold_due(work, held.address, "opted_out"))
    scene.note("opted_out", held.address, f'{{"by": "{effect.by}"}}')


def opt_in(scene: Scene, effect: OptIn) -> None:
    """They want texts again."""
    if _OPT_IN.run(scene.work, held=scene.held.address, now=scene.work.now):
        scene.note("opted_in", scene.held.address)


_K = metadata.tables["contact"]
_H = metadata.tables["address_holder"]
_O = metadata.tables["opt_out"]

_HELD = and_(_H.c.address == bindparam("held"), _H.c.epoch == bindparam("since"))
_CONTACT = Statement(insert(_K).on_conflict_do_nothing(index_elements=["id"]).inline(), "id", "tenant", "created_at")
_NAME = Statement(update(_K).where(_K.c.id == bindparam("key"), _K.c.tenant == bindparam("of")), "name")
_HOLDING = ("id", "tenant", "address", "contact", "epoch", "challenge", "proved_at", "trusted_until")
_PROVED_AGAIN = Statement(update(_H).where(_HELD), "challenge", "proved_at", "trusted_until")
_HOLDS = Statement(
    insert(_H).on_conflict_do_nothing(index_elements=["address", "contact", "epoch"]).inline(), *_HOLDING
)
_HOLDS_TOO = Statement(
    insert(_H)
    .from_select(
        _HOLDING,
        select(
            bindparam("id", type_=_H.c.id.type),
            _H.c.tenant,
            _H.c.address,
            bindparam("new", type_=_H.c.contact.type),
            *(_H.c[name] for name in ("epoch", "challenge", "proved_at", "trusted_until")),
        ).where(_HELD, _H.c.contact == bindparam("beside")),
        include_defaults=False,
    )
    .inline()
)
_END_TRUST = Statement(
    update(_H).where(_HELD, _H.c.trusted_until > bindparam("now")).values(trusted_until=bindparam("now"))
)
_NEW = insert(_O)
_OPT_OUT = Statement(
    _NEW.on_conflict_do_update(
        index_elements=["address"],
        index_where=_O.c.ended_at.is_(None),
        set_={"opted_by": _NEW.excluded.opted_by},
        where=_NEW.excluded.opted_by == "carrier",
    ).inline(),
    *("id", "tenant", "address", "opted_by", "at"),
)
_OPT_IN = Statement(
    update(_O).where(_O.c.address == bindparam("held"), _O.c.ended_at.is_(None)).values(ended_at=bindparam("now"))
)
