"""A taken turn becomes rows: its effects, each by one small function, then the draft and the state."""

from collections.abc import Callable, Mapping
from typing import Any

from conversations.dice import Dice
from conversations.effects import (
    AcceptCode,
    AcknowledgeAlert,
    AddComment,
    AddToAlert,
    ChangeStatus,
    CountWrongFacts,
    DropValues,
    EndCode,
    EndTrust,
    HandOver,
    LeaveDraft,
    MaskMessage,
    NameHolder,
    NameReporter,
    OpenCase,
    OptIn,
    OptOut,
    ParkDraft,
    PlaceAlert,
    RaiseAlert,
    ReadComments,
    RecordConsent,
    Say,
    Seal,
    SendCode,
    SetTimer,
    SetValues,
    Turn,
)
from conversations.inputs import Input, Message
from conversations.state import Draft
from storage import turn_alerts, turn_cases, turn_consent, turn_says, turn_secrets, turn_trust, turns
from storage.fronts import ReadyFront
from storage.scene import Held, Scene
from storage.work import Work


def apply(
    work: Work, front: ReadyFront, held: Held, told: Input, turn: Turn, dice: Dice, read: Draft | None = None
) -> bool:
    """Write all that the turn wants, in the transaction that holds its conversation; whether to ring the bell.

    `read` is the draft that the turn was given. Raises Again where that was changed by somebody else.
    """
    scene = Scene(work, front, held, told, turn, dice, asked_delivery=held.asked_delivery)
    turn_says.replace(scene)
    if work.dialect == "postgresql":
        turn_cases.lock(scene, turn.effects)
    opened = [effect for effect in turn.effects if type(effect) is OpenCase]
    if opened:
        turn_cases.draw_numbers(scene, opened)
    for effect in turn.effects:
        EFFECTS[type(effect)](scene, effect)
    if turn.draft and turn.draft is not read:
        turns.keep_draft(work, front, held, scene.desk, turn.draft)
    turns.keep(work, held, turn.state, turn.draft, scene.asked_delivery, counted=isinstance(told, Message))
    return scene.is_to_ring


def _park_draft(scene: Scene, effect: ParkDraft) -> None:
    turns.park_draft(scene.work, scene.front, scene.held, scene.desk, effect.draft)


def _leave_draft(scene: Scene, effect: LeaveDraft) -> None:
    turns.leave_draft(scene.work, effect.draft, effect.standing)


EFFECTS: Mapping[type, Callable[[Scene, Any], None]] = {
    Say: turn_says.say,
    SendCode: turn_trust.send_code,
    AcceptCode: turn_trust.accept_code,
    DropValues: turn_cases.drop_values,
    EndCode: turn_trust.end_code,
    EndTrust: turn_trust.end_trust,
    CountWrongFacts: turn_trust.count_wrong_facts,
    OpenCase: turn_cases.open_case,
    LeaveDraft: _leave_draft,
    MaskMessage: turn_secrets.mask_message,
    NameHolder: turn_trust.name_holder,
    NameReporter: turn_cases.name_reporter,
    RecordConsent: turn_consent.record_consent,
    Seal: turn_secrets.seal,
    ParkDraft: _park_draft,
    SetValues: turn_cases.set_values,
    ChangeStatus: turn_cases.change_status,
    AddComment: turn_cases.add_comment,
    ReadComments: turn_cases.read_comments,
    HandOver: turn_cases.hand_over,
    RaiseAlert: turn_alerts.raise_alert,
    PlaceAlert: turn_alerts.place_alert,
    AddToAlert: turn_alerts.add_to_alert,
    AcknowledgeAlert: turn_alerts.acknowledge_alert,
    SetTimer: turn_says.set_timer,
    OptOut: turn_trust.opt_out,
    OptIn: turn_trust.opt_in,
}
