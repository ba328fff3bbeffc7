"""What a turn says to the address that wrote, and what it will be told later."""

from conversations.effects import Say, SetTimer
from conversations.inputs import Commented
from storage.outgoing import Lane, last_moment, put_out, replace_unclaimed
from storage.pending import tell
from storage.scene import Scene
from storage.turn_cases import comments_not_delivered


def lane(scene: Scene) -> Lane:
    """From the front to the conversation's address."""
    front, held = scene.front, scene.held
    return Lane(front.tenant, front.channel, front.sender, held.their_address, held.id)


def replace(scene: Scene) -> None:
    """Take back the earlier reply that this turn's stands for, unless it is claimed or asks what still stands.

    Before the cases are locked: who settles a delivery has it before its cases.
    """
    says = (effect for effect in scene.turn.effects if isinstance(effect, Say))
    if any(say.replaces and not say.withheld for say in says) and _is_replaceable(scene):
        replace_unclaimed(scene.work, scene.held.asked_delivery or "")


def say(scene: Scene, effect: Say) -> None:
    """The reply to the address that wrote."""
    work = scene.work
    delivery = put_out(
        work,
        scene.dice,
        lane(scene),
        scene.filled(effect.text),
        effect.delivery_class,
        last_moment(effect.delivery_class, work.now, scene.front.desk.zone),
        message=effect.message,
        replaceable=effect.replaceable,
        moved=effect.moved,
        withheld=effect.withheld,
        about=scene.told.comment if isinstance(scene.told, Commented) else None,
    )
    if effect.withheld and isinstance(scene.told, Commented):
        comments_not_delivered(work, scene.front.tenant, [scene.told.comment])
    if _question(scene) in (None, effect.message):
        scene.asked_delivery = delivery
    scene.is_to_ring |= not effect.withheld


def set_timer(scene: Scene, effect: SetTimer) -> None:
    """Something that this conversation is to be told, unless it has moved on by then."""
    tell(scene.work, scene.dice, scene.front.tenant, scene.held.id, effect.input, effect.due)


def _is_replaceable(scene: Scene) -> bool:
    held = scene.held
    if held.asked_state != "due" or held.asked_claimed_at is not None or not held.asked_replaceable:
        return False
    return held.asked_message != _question(scene)


def _question(scene: Scene) -> str | None:
    """The message that carries what is asked after this turn."""
    asked = scene.turn.state.standing
    return asked.message if asked else None
