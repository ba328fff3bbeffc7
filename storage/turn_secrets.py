"""What a turn does with secrets: seals them, and keeps the message that brought them with stars in their place."""

from sqlalchemy import bindparam, insert, update

from conversations.effects import MaskMessage, Seal
from storage.scene import Scene
from storage.statements import Statement
from storage.tables import metadata


def seal(scene: Scene, effect: Seal) -> None:
    """Keep the secret for who may open it by its id."""
    sealed = scene.work.keys.seal(effect.clear, effect.secret)
    _SEAL.run(scene.work, id=effect.secret, tenant=scene.front.tenant, sealed=sealed, at=scene.work.now)


def mask_message(scene: Scene, effect: MaskMessage) -> None:
    """The message's text without its secrets: in the transaction that recorded it."""
    _MASK.run(scene.work, key=effect.message, of=scene.front.tenant, kept=effect.text)


_V = metadata.tables["sealed_value"]
_M = metadata.tables["message"]
_SEAL = Statement(insert(_V).inline(), "id", "tenant", "sealed", "at")
_MASK = Statement(
    update(_M).where(_M.c.id == bindparam("key"), _M.c.tenant == bindparam("of")).values(text=bindparam("kept"))
)
