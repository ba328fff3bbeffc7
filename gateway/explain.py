"""A message explained on a page: its disposition and why, what it met, and what followed, newest last.

Ids and states, never a code; numbers are masked, and texts are shown where they are asked for.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from channels.contract import Failure
from conversations.effects import DeliveryClass
from storage.explained import Explained, Sent
from storage.scope import masked
from storage.tables import Delivery, MessageRow

DISPOSITIONS: Final[Mapping[str | None, str]] = {
    "turn": "the dialogue took it",
    "waiting": "its turn is still to come",
    "automatic": "a machine wrote it: it is kept, and not answered",
    "quarantined": "its sender is not proved: it is kept aside",
    "opt_out": "it was read as the wish for no texts, or for texts again",
    "to_person": "it was left to a person",
    "late": "it came too late to be an answer: kept as a note",
    "failed": "it could not be taken in",
    None: "it is not decided yet",
}
REASONS: Final[Mapping[str, str]] = {
    # of a message, or of what a conversation was told
    "older_than_question": "it was written before the question that stands was put",
    "turn_raised": "a fault of ours: its turn raised, see the log at that time",
    "killed_twice": "it ended a process twice, so no turn was taken",
    "handed_over": "a person has the conversation, the machine is silent",
    "wrong_word": "a word that acknowledges no alert of theirs",
    "code_refused": "a limit stands against one more code, and they were told",
    "code_unanswered": "a limit stands against one more code, and so many were refused that none is told",
    "status_unknown": "it asked for a case that is none of theirs",
    "nothing_moved": "turn after turn moved nothing",
    "words_unplaced": "what they wrote found no place, and they said no more about it",
    "danger_unanswered": "the question whether there is danger got no answer",
    "asked_for_a_person": "they asked for a person",
    "address_changed_hands": "the number may be another person's now",
    "draft_dropped": "the draft had lain too long",
    "moved_on": "the conversation had moved on",
    "not_delivered": "a text to them did not arrive",
    # of an answer that was not sent
    "brake": "so many answers went to this conversation that a limit holds them back",
    "opted_out": "they want no texts",
    "no_return_address": "the sender is none that can be answered",
    # of a delivery: the provider's word, or ours
    Failure.UNREACHABLE: "the provider cannot be reached",
    Failure.AMBIGUOUS: "the provider did not say whether it took it",
    Failure.THROTTLED: "the provider wants us slower",
    Failure.CARRIER_TROUBLE: "the carrier has trouble",
    Failure.HANDSET_UNREACHABLE: "the phone is off or out of reach",
    Failure.EXPIRED: "the carrier gave up: the phone was out of reach for too long",
    Failure.INVALID_NUMBER: "the provider says that this is no number",
    Failure.UNALLOCATED: "the number belongs to nobody",
    Failure.LANDLINE: "the number takes no texts: it is a landline",
    Failure.BLOCKED: "the carrier or the phone blocks our texts",
    Failure.BLOCKED_COUNTRY: "our account may not send to that country",
    Failure.CONTENT_REFUSED: "the carrier refused what the text says",
    Failure.REFUSED: "the provider refused it",
    Failure.CREDENTIALS: "the provider refuses our account: see its settings",
    Failure.MISCONFIGURED: "the provider refuses how we send: see its settings",
    "lease_lost": "the process that sent it ended in the middle",
    "not_found": "the provider has no such text: it never went",
    "no_receipt": "nobody told within ten minutes what became of it",
    "listed_as_failed": "the provider's list says that it failed",
    "not_composed": "a fault of ours: the text could not be composed, see the log at that time",
    "stopping": "the process was told to stop before it was sent",
}
STATES: Final[Mapping[str, str]] = {
    "due": "waits to be sent",
    "sending": "is being sent",
    "sent": "the provider has it",
    "delivered": "delivered",
    "failed": "not delivered",
    "unknown": "nobody knows yet whether it went",
    "replaced": "not sent, a later answer took its place",
    "expired": "not sent, it waited until it was of no use",
    "withheld": "not sent",
}
KINDS: Final[Mapping[int, str]] = {
    DeliveryClass.DANGER: "safety text",
    DeliveryClass.CODE: "code",
    DeliveryClass.ANSWER: "answer",
    DeliveryClass.COMMENT: "comment",
    DeliveryClass.REMINDER: "reminder",
}
TOLD: Final[Mapping[str, str]] = {
    "alert_acknowledged": "that somebody on call has seen the alert",
    "code_not_sent": "that the code did not go",
    "danger_unanswered": "that nobody answered whether there is danger",
    "draft_left_idle": "that the draft still lies there",
    "words_unplaced": "that nobody said more about what was written",
}
MET: Final[Mapping[str, str]] = {
    "form": "form {}",
    "asked": "question {}",
    "code": "a code awaited",
    "person": "a person had the conversation",
}
_OWN_KIND: Final = re.compile(r"\b(field|confirm):")

Fact = tuple[datetime, str, str]


def page(found: Explained, with_text: bool) -> Iterator[str]:
    """The lines of the page."""
    message = found.message
    yield from _head(found)
    if with_text:
        yield f"text: {message.text}"
    if message.direction == "out":
        yield from (f"{_clock(at)}  {said}" for at, _, said in _texts(found.answers, False))
        if found.before:
            yield f"the message before it, which it may answer: gateway explain {found.before}"
        return
    yield f"disposition: {message.disposition}, {DISPOSITIONS[message.disposition]}"
    if message.reason:
        yield f"why: {_why(message.reason)}"
    yield f"met: {_met(message.met)}"
    if message.handled_at:
        yield f"a person marked it as handled: {_clock(message.handled_at)}"
    facts = sorted(_facts(found, with_text))
    yield "what followed:" if facts else "nothing followed"
    yield from (f"{_clock(at)}  {said}" for at, _, said in facts)


def _head(found: Explained) -> Iterator[str]:
    message, theirs = found.message, masked(found.message.their_address)
    ours = f"{found.front.address}, desk {found.front.desk}" if found.front else "no conversation"
    way = f"from {theirs} to {ours}" if message.direction == "in" else f"to {theirs}, {ours}"
    yield f"message {message.id} by {message.channel} {way}"
    named = f", {message.account} calls it {message.provider_id}" if message.provider_id else ""
    yield f"at {_clock(message.at)}{named}"


def _facts(found: Explained, with_text: bool) -> Iterator[Fact]:
    numbers = {case.id: f"case {case.number}" for case in found.cases}
    message = found.message
    for draft in found.drafts:
        held = [name for name, one in draft.answers.items() if one.message == message.id]
        held += ["a note"] if any(note.message == message.id for note in draft.notes) else []
        yield message.at, message.id, f"kept in a draft of {draft.form}: {', '.join(held)}"
    for case in found.cases:
        fields = [value.field for value in found.values if value.case_id == case.id]
        if case.id > message.id:
            yield case.opened_at, case.id, f"{numbers[case.id]} opened: form {case.form}; it is {case.status} now"
        if fields:
            yield message.at, max(case.id, message.id), f"on {numbers[case.id]}: {', '.join(fields)}"
    for comment in found.comments:
        yield comment.at, comment.id, f"a comment on {numbers[comment.case_id]}"
    yield from _texts(found.answers, with_text)
    for alert in found.alerts:
        seen = f"acknowledged {_clock(alert.acknowledged_at)}" if alert.acknowledged_at else "not acknowledged"
        yield alert.raised_at, alert.id, f"alert {alert.id} raised, {seen}"
    yield from _texts(found.alerted, with_text, "on call: alert")
    for one in found.pending:
        became = f"{_clock(one.taken_at)}: {_outcome(one.outcome)}" if one.taken_at else "not yet"
        yield one.due_at, one.id, f"to be told {TOLD.get(one.kind, one.kind)}; told {became}"
    for row in found.audit:
        about = numbers.get(row.about, row.about)
        yield (
            row.at,
            row.id,
            f"audit {row.act} by {row.actor_kind} ({row.evidence}), {about} {row.detail or ''}".rstrip(),
        )


def _texts(sent: Sequence[Sent], with_text: bool, kind: str | None = None) -> Iterator[Fact]:
    for message, delivery in sent:
        idle = "" if message.moved else " to a turn that moved nothing"
        said = f"{kind or KINDS[delivery.delivery_class]}{idle} to {masked(delivery.recipient)}: {_fate(delivery)}"
        yield delivery.created_at, delivery.id, said + (_quoted(message) if with_text else "")


def _fate(delivery: Delivery) -> str:
    said = STATES[delivery.state]
    if delivery.settled_at and delivery.state != "withheld":
        said += f" {_clock(delivery.settled_at)}"
    if delivery.attempt > 1:
        said += f", {delivery.attempt} times tried"
    return f"{said}; {_why(delivery.failure)}" if delivery.failure else said


def _quoted(message: MessageRow) -> str:
    return "\n    " + message.text.replace("\n", "\n    ")


def _met(met: str | None) -> str:
    if not met:
        return "no form, no question"
    parts = (part.partition(":") for part in met.split())
    return ", ".join(MET[name].format(_OWN_KIND.sub(r"\1 ", what)) for name, _, what in parts)


def _outcome(outcome: str | None) -> str:
    return "the dialogue took it" if outcome in ("turn", None) else _why(outcome)


def _why(reason: str | None) -> str:
    words = REASONS.get(reason or "")
    return f"{reason}: {words}" if words else str(reason)


def _clock(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}"
