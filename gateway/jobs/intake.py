"""Intake: one message is one turn is one transaction. All that a conversation is told comes through here.

`receive` finds and locks the conversation, records the message, takes the turn and writes what it wants; who
brought the message is answered after the commit. A message that is there already changes nothing. A code that
is awaited is counted before the turn, so that the count stands whatever becomes of the turn.

A turn that raises is undone, and the message recorded for a person with what `rescue` makes of it: danger is
judged all the same, and the customer gets one honest sentence. A message that was in hand at two deaths of a
process is recorded with that sentence and without any turn.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from traceback import extract_tb
from typing import Final, Literal

import structlog

from channels.contract import Inbound
from conversations import codes, limits
from conversations import turn as core
from conversations.desk.ready import ReadyDesk
from conversations.dice import Dice
from conversations.effects import DeliveryClass, Disposition, LeaveDraft, Turn
from conversations.facts import CodeCheck, Facts, Needs, RecentAnswers
from conversations.inputs import Channel, Input, Message
from conversations.state import Draft, LiveChallenge, State, thaw, thaw_draft
from storage import facts, outgoing, pending, turn_cases, turns
from storage.apply import apply
from storage.codes import count_try
from storage.facts.asker import Asker
from storage.fronts import Fronts, ReadyFront
from storage.scene import Held
from storage.work import Again, Store, Work

ROUNDS: Final = 3
"""How often a turn is taken that says what it needs: here what it asks for is there, so once should do."""
DEATHS: Final = 2
RAISED: Final = "turn_raised"
KILLED: Final = "killed_twice"
_MAY_HOLD_A_CODE = re.compile(r"(?:\d[ \u00a0\u2009-]?){6}")

log = structlog.get_logger(__name__)

TakeTurn = Callable[[ReadyDesk, State, Draft | None, Input, Facts, datetime, Dice], Turn | Needs]
Ring = Callable[[], object]


class NotOurs(LookupError):
    """The message is addressed to no number or mailbox of ours."""


class AsksForEver(RuntimeError):
    """A turn went on asking the store: a fault of ours, so its message goes to a person."""


@dataclass(frozen=True, slots=True)
class Core:
    """The turn that is taken, and the one that is taken where it raised."""

    take: TakeTurn = core.take_turn
    rescue: TakeTurn = core.rescue


CORE: Final = Core()


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a message. `message` is None for one that was there already."""

    conversation: str
    message: str | None
    disposition: Disposition | Literal["duplicate"]


def receive(
    store: Store, fronts: Fronts, inbound: Inbound, dice: Dice, ring: Ring = bool, core: Core = CORE
) -> Received:
    """Take a message in; back when it is durable. `ring`: called after a commit that has something to send.

    Raises NotOurs; what the store raises means that nothing was kept, and whoever brought it must try again.
    """
    job = _Intake(_front(fronts, inbound), inbound, dice, ring, core)
    return store.write(job.take, before=job.before(), instead=job.rescue, key=job.key).result()


async def receive_async(
    store: Store, fronts: Fronts, inbound: Inbound, dice: Dice, ring: Ring = bool, core: Core = CORE
) -> Received:
    """As `receive`, for an event loop. Where the caller is cancelled, the message is taken in all the same."""
    job = _Intake(_front(fronts, inbound), inbound, dice, ring, core)
    return await store.write_async(job.take, before=job.before(), instead=job.rescue, key=job.key)


def take_pending(store: Store, fronts: Fronts, row: str, dice: Dice, ring: Ring = bool, core: Core = CORE) -> bool:
    """Tell a conversation what waited for it; whether a turn was taken.

    Nothing is done where it was taken already or has moved on, or where its front is not served here.
    """
    job = _Pending({front.id: front for front in fronts.values()}, row, dice, ring, core)
    return store.write(job.take, instead=job.give_up, key=f"pending:{row}").result()


def _front(fronts: Fronts, inbound: Inbound) -> ReadyFront:
    channel: Channel = "mail" if inbound.channel == "mail" else "sms"
    front = fronts.get((channel, inbound.recipient))
    if front is None:
        raise NotOurs
    return front


class _Intake:
    """One message on its way in: the job, what runs before it, and what runs where it raises."""

    def __init__(self, front: ReadyFront, inbound: Inbound, dice: Dice, ring: Ring, core: Core) -> None:
        self.front, self.inbound, self.dice, self.ring, self.core = front, inbound, dice, ring, core
        self.code = CodeCheck()

    @property
    def key(self) -> str:
        """By which the message is known when it comes again."""
        return f"{self.inbound.account}:{self.inbound.provider_id}"

    def before(self) -> Callable[[Work], object] | None:
        """What is to run ahead of the turn: counting a code, where the text may hold one."""
        return self._count_code if _MAY_HOLD_A_CODE.search(self.inbound.text) else None

    def take(self, work: Work) -> Received:
        """Record the message and take its turn."""
        held = self._held(work)
        if work.suspect >= DEATHS:
            return self._leave_to_person(work, held, KILLED)
        state = thaw(held.state)
        draft = thaw_draft(held.draft_content) if held.draft_content else None
        message = self._record(work, held, state, draft)
        if message is None:
            return Received(held.id, None, "duplicate")
        told = self._told(work, message, state)
        turn = _taken(work, self.core.take, self.front, held, state, draft, told, self.dice, self.code)
        if apply(work, self.front, held, told, turn, self.dice, draft):
            work.after_commit(self.ring)
        if turn.disposition != "turn" or turn.reason:
            turns.judge(work, message, turn.disposition, turn.reason)
        return Received(held.id, message, turn.disposition)

    def rescue(self, work: Work, error: Exception) -> Received:
        """The turn raised and was undone: a person takes the message."""
        _log_fault("a turn raised", error)
        try:
            with work.savepoint():
                return self._rescued(work)
        except Again:
            raise
        except Exception as second:
            if work.is_lost(second):
                raise
            _log_fault("its rescue raised as well", second)
            return self._leave_to_person(work, self._held(work), RAISED)

    def _count_code(self, work: Work) -> None:
        self.code = CodeCheck()
        held = turns.hold(work, self.front, self.inbound.sender)
        if held is None or held.challenge is None:
            return
        live = codes.awaited(thaw(held.state).challenge, work.now)
        if live is None or turns.is_recorded(work, self.inbound.account, self.inbound.provider_id):
            return
        code = codes.find_code(self.inbound.text, live.digits)
        if code:
            self.code = count_try(work, self.dice, live.challenge, code)

    def _held(self, work: Work) -> Held:
        held = turns.hold(work, self.front, self.inbound.sender)
        if held is None:
            return turns.make(work, self.front, self.inbound.sender, self.dice)
        is_silent = work.now - held.heard_at > limits.SILENT
        is_new = is_silent and not turns.is_recorded(work, self.inbound.account, self.inbound.provider_id)
        return turns.forget(work, held) if is_new else held

    def _record(
        self,
        work: Work,
        held: Held,
        state: State,
        draft: Draft | None,
        disposition: Disposition = "turn",
        reason: str | None = None,
    ) -> str | None:
        """The message's id; None where it is there already. A code that is awaited is kept as stars."""
        message, live = self.dice.new_id(), self._live(work, state)
        is_new = turns.record(
            work,
            self.front,
            held,
            message=message,
            account=self.inbound.account,
            provider_id=self.inbound.provider_id,
            text=codes.mask_code(self.inbound.text, live.digits) if live else self.inbound.text,
            at=self._at(work),
            disposition=disposition,
            reason=reason,
            met=_met(state, draft),
        )
        return message if is_new else None

    def _told(self, work: Work, message: str, state: State) -> Message:
        inbound, asked = self.inbound, state.standing
        text, live = inbound.text, self._live(work, state)
        if live:
            # What the turn keeps (notes, a draft, an alert) must not hold a code either: two of them, one in a word.
            text = codes.mask_code(text, live.digits, mistyped=False)
        return Message(
            id=message,
            channel=self.front.channel,
            sender=inbound.sender,
            text=text,
            at=self._at(work),
            keyword=inbound.keyword,
            media_count=inbound.media_count,
            late=inbound.sent_at is not None and asked is not None and inbound.sent_at < asked.at,
        )

    def _live(self, work: Work, state: State) -> LiveChallenge | None:
        """The code that the text may bring: not where it is no code and says so, as a customer's number does."""
        is_other_number = self.code.outcome == "wrong" and not codes.names_code(self.inbound.text)
        return None if is_other_number else codes.awaited(state.challenge, work.now)

    def _at(self, work: Work) -> datetime:
        return work.now if self.inbound.sent_at is None else min(self.inbound.sent_at, work.now)

    def _rescued(self, work: Work) -> Received:
        held = self._held(work)
        state, draft = _readable(held)
        message = self._record(work, held, state, draft, "to_person", RAISED)
        if message is None:
            return Received(held.id, None, "duplicate")
        told = self._told(work, message, state)
        turn = _taken(work, self.core.rescue, self.front, held, state, draft, told, self.dice, self.code)
        if apply(work, self.front, held, told, turn, self.dice, draft):
            work.after_commit(self.ring)
        if held.draft and turn.draft is None and not any(isinstance(one, LeaveDraft) for one in turn.effects):
            turns.leave_draft(work, held.draft, "parked")
        return Received(held.id, message, "to_person")

    def _leave_to_person(self, work: Work, held: Held, reason: str) -> Received:
        """Record the message and say so, without asking the core anything."""
        message = self._record(work, held, *_readable(held), "to_person", reason)
        if message is None:
            return Received(held.id, None, "duplicate")
        turns.count(work, held)
        desk, channel = self.front.desk, self.front.channel
        answers = facts.answer(Asker(work, self.front, held), RecentAnswers())
        is_braked = limits.brake(answers, moved=False)
        theirs = held.their_address
        if not (is_braked or held.opted_by or theirs == self.front.address) and limits.can_be_answered(theirs, channel):
            outgoing.put_out(
                work,
                self.dice,
                outgoing.Lane(self.front.tenant, channel, self.front.sender, theirs, held.id),
                desk.wording.say(desk.desk.languages[0], "sorry.recorded"),
                DeliveryClass.ANSWER,
                work.now + outgoing.ANSWER_USEFUL,
                moved=False,
            )
            work.after_commit(self.ring)
        return Received(held.id, message, "to_person")


class _Pending:
    """One row of what a conversation is to be told: the job, and what runs where it raises."""

    def __init__(self, fronts: dict[str, ReadyFront], row: str, dice: Dice, ring: Ring, core: Core) -> None:
        self.fronts, self.row, self.dice, self.ring, self.core = fronts, row, dice, ring, core

    def take(self, work: Work) -> bool:
        """Take the turn, once."""
        waiting = pending.find_pending(work, self.row)
        if waiting is None or waiting.taken_at is not None:
            return False
        held = turns.hold_by_id(work, waiting.conversation)
        front = self.fronts.get(held.front) if held else None
        if held is None or front is None:
            return False
        if work.suspect >= DEATHS:
            return self._left_to_person(work, waiting, KILLED)
        told = pending.thaw_told(waiting)
        draft = thaw_draft(held.draft_content) if held.draft_content else None
        turn = _taken(work, self.core.take, front, held, thaw(held.state), draft, told, self.dice)
        if not pending.take(work, waiting.id, turn.reason or "turn"):
            return False
        if apply(work, front, held, told, turn, self.dice, draft):
            work.after_commit(self.ring)
        return True

    def give_up(self, work: Work, error: Exception) -> bool:
        """The turn raised and was undone: it is not tried again, and a person sees it on the case."""
        _log_fault("a turn raised", error)
        waiting = pending.find_pending(work, self.row)
        return self._left_to_person(work, waiting, RAISED) if waiting else False

    def _left_to_person(self, work: Work, waiting: pending.Pending, reason: str) -> bool:
        if pending.take(work, waiting.id, reason):
            turn_cases.attend_to_conversation(work, waiting.tenant, waiting.conversation, reason)
        return False


def _taken(
    work: Work,
    take: TakeTurn,
    front: ReadyFront,
    held: Held,
    state: State,
    draft: Draft | None,
    told: Input,
    dice: Dice,
    code: CodeCheck = CodeCheck(),  # noqa: B008 - frozen
) -> Turn:
    """Take the turn; what it wants to know of the store is read when it asks. Raises AsksForEver."""
    known = Facts(
        address=held.their_address,
        channel=front.channel,
        opted_out=_opted_out(held),
        asked_claimed=held.asked_delivery is None or held.asked_claimed_at is not None,
        code=code,
        turns=held.sequence,
        found=facts.Answers(Asker(work, front, held)),
    )
    for _ in range(ROUNDS):
        made = take(front.desk, state, draft, told, known, work.now, dice)
        if isinstance(made, Turn):
            return made
    raise AsksForEver


def _met(state: State, draft: Draft | None) -> str | None:
    """What a message meets, for `gateway explain`: the form under way, the question that stands, who has the word."""
    asked = state.standing
    met = (
        f"form:{draft.form}" if draft else "",
        f"asked:{asked.what}" if asked else "",
        "code" if state.challenge else "",
        "person" if state.handed_over else "",
    )
    return " ".join(filter(None, met)) or None


def _opted_out(held: Held) -> Literal["", "local", "carrier"]:
    if held.opted_by == "carrier":
        return "carrier"
    return "local" if held.opted_by else ""


def _readable(held: Held) -> tuple[State, Draft | None]:
    """The state and draft; fresh ones where what is kept cannot be read: that may be why the turn raised."""
    try:
        return thaw(held.state), thaw_draft(held.draft_content) if held.draft_content else None
    except ValueError:
        return State(), None


def _log_fault(what: str, error: Exception) -> None:
    """Where it was raised and its kind; never its words, which may be a customer's."""
    place = extract_tb(error.__traceback__)[-1]
    log.error(what, error=type(error).__name__, file=place.filename.rpartition("/")[2], line=place.lineno)
