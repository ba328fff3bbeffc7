"""The shared case store: one relational schema, the same on SQLite and PostgreSQL.

Every row carries its tenant; ids are UUIDv7 texts from the turn's dice; times are aware UTC. Each table
declares its purpose, how long it is kept and what erasure does to it (`rule`), and a test demands that.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, Index, MetaData, String, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import UtcDateTime, one_of, partial_index, rule

metadata: MetaData = SQLModel.metadata
metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
UTC = UtcDateTime
ID = 36
NUMBER_SHOWN = 40
LONG = Text


class Tenant(SQLModel, table=True):
    """A data controller; each desk belongs to one."""

    __table_args__ = rule("who answers for the data", "for ever", "none: no person")
    id: str = Field(primary_key=True, max_length=40)
    name: str = Field(max_length=100)


class Front(SQLModel, table=True):
    """A number or mailbox that a desk answers on."""

    __table_args__ = (
        UniqueConstraint("channel", "address"),
        rule("where messages come in", "for ever", "none: no person"),
    )
    id: str = Field(primary_key=True, max_length=ID)
    tenant: str = Field(foreign_key="tenant.id", max_length=40)
    desk: str = Field(max_length=40)
    channel: str = Field(sa_type=one_of("channel", "sms", "mail"))
    address: str = Field(max_length=320)


class DeskVersion(SQLModel, table=True):
    """A desk's text as it stood: drafts and cases are pinned to the version they began on."""

    __tablename__ = "desk_version"
    __table_args__ = (
        UniqueConstraint("tenant", "desk", "version"),
        rule("what a form asked at the time", "for ever", "none: no person"),
    )
    id: str = Field(primary_key=True, max_length=ID)
    tenant: str = Field(foreign_key="tenant.id", max_length=40)
    desk: str = Field(max_length=40)
    version: int
    digest: str = Field(max_length=64)
    content: str = Field(sa_type=LONG)
    loaded_at: datetime = Field(sa_type=UTC)


class Contact(SQLModel, table=True):
    """A person, as far as known; never a number (numbers are addresses, held by contacts)."""

    __table_args__ = rule("who reported and who is answered", "as long as a case of theirs", "row emptied, id kept")
    id: str = Field(primary_key=True, max_length=ID)
    tenant: str = Field(foreign_key="tenant.id", max_length=40, index=True)
    name: str | None = Field(default=None, max_length=200)
    language: str | None = Field(default=None, max_length=2)
    created_at: datetime = Field(sa_type=UTC)


class Address(SQLModel, table=True):
    """A number or mail address that wrote. A new epoch begins when another person may hold it."""

    __table_args__ = (
        UniqueConstraint("tenant", "channel", "value"),
        rule(
            "to answer, and to know again",
            "12 months after the last message",
            "value replaced by a keyed hash",
        ),
    )
    id: str = Field(primary_key=True, max_length=ID)
    tenant: str = Field(foreign_key="tenant.id", max_length=40)
    channel: str = Field(sa_type=one_of("channel", "sms", "mail"))
    value: str = Field(max_length=320)
    epoch: int = 1
    first_heard_at: datetime = Field(sa_type=UTC)


class AddressHolder(SQLModel, table=True):
    """A contact holds an address in an epoch of it, proved by a challenge, trusted until a time."""

    __tablename__ = "address_holder"
    __table_args__ = (
        UniqueConstraint("address", "contact", "epoch"),
        rule("who may read what", "as long as the contact", "deleted"),
    )
    id: str = Field(primary_key=True, max_length=ID)
    tenant: str = Field(foreign_key="tenant.id", max_length=40)
    address: str = Field(foreign_key="address.id", max_length=ID)
    contact: str = Field(foreign_key="contact.id", max_length=ID)
    epoch: int
    challenge: str | None = Field(default=None, max_length=ID)
    proved_at: datetime | None = Field(default=None, sa_type=UTC)
    trusted_until: datetime | None = Field(default=None, sa_type=UTC)


class OptedOut(SQLModel, table=True):
    """An address that wants no texts, from when to when; the row without an end stands."""

    __tablename__ = "opt_out"
    __table_args__ = (
        partial_index("uq_opt_out_standing", "address", where="ended_at IS NULL", unique=True),
        rule("to honour the wish, and to prove it", "3 years after it ended", "kept, address hashed"),
    )
    id: str = Field(primary_key=True, max_length=ID)
    tenant: str = Field(foreign_key="tenant.id", max_length=40)
    address: str = Field(foreign_key="address.id", max_length=ID, index=True)
    opted_by: str = Field(sa_type=one_of("opted_by", "local", "carrier"))
    at: datetime = Field(sa_type=UTC)
    ended_at: datetime | None = Field(default=None, sa_type=UTC)


class Conversation(SQLModel, table=True):
    """One front and one address of theirs (by mail also the thread's root): the key. Holds the state.

    ``sequence`` counts inbound messages without gaps; ``revision`` counts turns. A code may be answered
    in the conversations whose ``challenge`` names it. ``asked_delivery`` carries the newest question.
    ``heard_at``: when they last wrote.
    """

    __table_args__ = (
        UniqueConstraint("front", "their_address", "thread_root"),
        rule("to go on where we were", "12 months after the last message", "state emptied"),
    )
    id: str = Field(primary_key=True, max_length=ID)
    tenant: str = Field(foreign_key="tenant.id", max_length=40)
    front: str = Field(foreign_key="front.id", max_length=ID)
    address: str = Field(foreign_key="address.id", max_length=ID, index=True)
    their_address: str = Field(max_length=320)
    thread_root: str = Field(default="", max_length=ID)
    sequence: int = 0
    revision: int = 0
    state: str = Field(sa_type=LONG)
    draft: str | None = Field(default=None, max_length=ID)
    challenge: str | None = Field(default=None, max_length=ID)
    asked_delivery: str | None = Field(default=None, max_length=ID)
    heard_at: datetime = Field(sa_type=UTC)


class DraftRow(SQLModel, table=True):
    """A form being filled: owned by the conversation's address until proved, then by the contact."""

    __tablename__ = "draft"
    __table_args__ = (
        UniqueConstraint("tenant", "desk", "code"),
        rule("answers not yet sent", "30 days after the last answer", "deleted"),
    )
    id: str = Field(primary_key=True, max_length=ID)
    tenant: str = Field(foreign_key="tenant.id", max_length=40)
    desk: str = Field(max_length=40)
    desk_version: int
    form: str = Field(max_length=40)
    conversation: str = Field(foreign_key="conversation.id", max_length=ID, index=True)
    contact: str | None = Field(default=None, foreign_key="contact.id", max_length=ID)
    code: str | None = Field(default=None, max_length=8)
    standing: str = Field(sa_type=one_of("standing", "active", "parked", "sent", "dropped"))
    revision: int = 1
    content: str = Field(sa_type=LONG)
    updated_at: datetime = Field(sa_type=UTC)


class Challenge(SQLModel, table=True):
    """A one-time code asked for: a keyed MAC of it, never the code. At most two codes are live at once,
    on one counter of tries; ``subject`` is the address that must prove itself."""

    __table_args__ = rule("to prove who holds an address", "MACs 24 h; the counts 13 months", "deleted")
    id: str = Field(primary_key=True, max_length=ID)
    tenant: str = Field(foreign_key="tenant.id", max_length=40)
    purpose: str = Field(max_length=40)
    subject: str = Field(foreign_key="address.id", max_length=ID, index=True)
    destination: str = Field(max_length=320, index=True)
    about: str | None = Field(default=None, max_length=ID)
    digits: int
    key_id: str = Field(max_length=16)
    mac: str | None = Field(default=None, max_length=64)
    expires_at: datetime = Field(sa_type=UTC)
    previous_mac: str | None = Field(default=None, max_length=64)
    previous_expires_at: datetime | None = Field(default=None, sa_type=UTC)
    tries: int = 0
    sent: int = 1
    created_at: datetime = Field(sa_type=UTC)
    used_at: datetime | None = Field(default=None, sa_type=UTC)
    ended_at: datetime | None = Field(default=None, sa_type=UTC)


class CodeSent(SQLModel, table=True):
    """A code went out to a destination: what the limits of TRUST 3 count."""

    __tablename__ = "code_sent"
    __table_args__ = (
        Index("ix_code_sent_destination_at", "destination", "at"),
        Index("ix_code_sent_block_at", "block", "at"),
        Index("ix_code_sent_tenant_at", "tenant", "at", "desk"),
        rule("limits on codes", "13 months", "destination hashed"),
    )
    id: str = Field(primary_key=True, max_length=ID)
    tenant: str = Field(foreign_key="tenant.id", max_length=40)
    desk: str = Field(max_length=40)
    challenge: str = Field(foreign_key="challenge.id", max_length=ID, index=True)
    destination: str = Field(max_length=320)
    block: str = Field(max_length=20)
    at: datetime = Field(sa_type=UTC)


class WrongTry(SQLModel, table=True):
    """A wrong code of a challenge, or wrong facts without one; ``subject`` is the address that tried."""

    __tablename__ = "wrong_try"
    __table_args__ = (
        Index("ix_wrong_try_subject_at", "subject", "at"),
        Index("ix_wrong_try_at", "at"),
        rule("limits on guessing", "13 months", "deleted"),
    )
    id: str = Field(primary_key=True, max_length=ID)
    tenant: str = Field(foreign_key="tenant.id", max_length=40)
    challenge: str | None = Field(default=None, foreign_key="challenge.id", max_length=ID)
    subject: str = Field(foreign_key="address.id", max_length=ID)
    at: datetime = Field(sa_type=UTC)


class PendingInput(SQLModel, table=True):
    """Something a conversation is to be told at ``due_at``: timers, and what happened elsewhere."""

    __tablename__ = "pending_input"
    __table_args__ = (
        partial_index("ix_pending_input_waiting", "due_at", where="taken_at IS NULL"),
        rule("timers, and one conversation telling another", "30 days after it was taken", "deleted"),
    )
    id: str = Field(primary_key=True, max_length=ID)
    tenant: str = Field(foreign_key="tenant.id", max_length=40)
    conversation: str = Field(foreign_key="conversation.id", max_length=ID, index=True)
    kind: str = Field(max_length=40)
    payload: str = Field(sa_type=LONG)
    due_at: datetime = Field(sa_type=UTC)
    about: str | None = Field(default=None, max_length=ID)
    taken_at: datetime | None = Field(default=None, sa_type=UTC)
    outcome: str | None = Field(default=None, max_length=40)


class MessageRow(SQLModel, table=True):
    """A message in or out. An inbound one is unique on (account, provider_id) and has one disposition.

    ``text`` is as received, or as sent (a code is masked in both); ``parts`` is an outgoing text with its
    marks, dropped when it is sent. ``moved`` is false on an answer to a turn that moved nothing. ``met`` is what an
    inbound one met, in words of ours: ``form:outage asked:field:where person``.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("account", "provider_id"),
        UniqueConstraint("conversation", "sequence"),
        partial_index(
            "ix_message_to_person",
            "tenant",
            "at",
            where="disposition IN ('to_person', 'failed', 'waiting') AND handled_at IS NULL",
        ),
        partial_index("ix_message_code_refused", "tenant", "at", where="reason = 'code_refused'"),
        partial_index("ix_message_braked", "tenant", "at", where="reason = 'brake'"),
        rule("what was said", "as long as its case, else 12 months", "text and addresses emptied, row kept"),
    )
    id: str = Field(primary_key=True, max_length=ID)
    tenant: str = Field(foreign_key="tenant.id", max_length=40)
    conversation: str | None = Field(default=None, foreign_key="conversation.id", max_length=ID)
    sequence: int | None = None
    direction: str = Field(sa_type=one_of("direction", "in", "out"))
    channel: str = Field(sa_type=one_of("channel", "sms", "mail"))
    account: str | None = Field(default=None, max_length=40)
    provider_id: str | None = Field(default=None, max_length=200)
    their_address: str = Field(max_length=320)
    text: str = Field(sa_type=LONG)
    hidden_text: str | None = Field(default=None, sa_type=LONG)
    parts: str | None = Field(default=None, sa_type=LONG)
    raw: str | None = Field(default=None, max_length=64)
    disposition: str | None = Field(
        default=None,
        sa_type=one_of(
            "disposition",
            "waiting",
            "turn",
            "automatic",
            "quarantined",
            "opt_out",
            "to_person",
            "late",
            "failed",
        ),
    )
    reason: str | None = Field(default=None, max_length=60)
    met: str | None = Field(default=None, max_length=120)
    moved: bool = True
    at: datetime = Field(sa_type=UTC)
    handled_at: datetime | None = Field(default=None, sa_type=UTC)


class Sender(SQLModel, table=True):
    """One of our numbers as a bucket: the moment it is free next, for all and for what is not urgent."""

    __table_args__ = rule("how fast a number may send", "for ever", "none: no person")
    id: str = Field(primary_key=True, max_length=ID)
    tenant: str = Field(foreign_key="tenant.id", max_length=40)
    channel: str = Field(sa_type=one_of("channel", "sms", "mail"))
    account: str = Field(max_length=40)
    address: str = Field(max_length=320)
    per_second: float
    free_at: datetime = Field(sa_type=UTC)
    bulk_free_at: datetime = Field(sa_type=UTC)
    served_at: datetime = Field(sa_type=UTC)
    held_until: datetime | None = Field(default=None, sa_type=UTC)
    held_because: str | None = Field(default=None, max_length=60)


class Delivery(SQLModel, table=True):
    """A message to be sent once: due → sending → sent → delivered │ failed, or unknown, replaced,
    expired, withheld. States only move forward. ``sender`` and ``recipient`` are its lane."""

    __table_args__ = (
        # Of what waits or is on its way: rows that are settled, by far the most, stand in none of these.
        partial_index("ix_delivery_due", "sender", "delivery_class", "id", where="state = 'due'"),
        partial_index("ix_delivery_again", "recipient", "sender", where="state = 'due' AND attempt > 0"),
        partial_index("ix_delivery_sending", "recipient", "sender", where="state = 'sending'"),
        partial_index("ix_delivery_unknown", "recipient", "sender", where="state = 'unknown'"),
        partial_index("ix_delivery_provider_id", "provider_id", where="provider_id IS NOT NULL"),
        partial_index("ix_delivery_about", "about", where="about IS NOT NULL"),
        rule("what is to be sent, and what became of it", "as long as its message", "recipient emptied"),
    )
    id: str = Field(primary_key=True, max_length=ID)
    tenant: str = Field(foreign_key="tenant.id", max_length=40)
    sender: str = Field(foreign_key="sender.id", max_length=ID)
    recipient: str = Field(max_length=320)
    message: str = Field(foreign_key="message.id", max_length=ID, index=True)
    conversation: str | None = Field(default=None, foreign_key="conversation.id", max_length=ID)
    delivery_class: int
    state: str = Field(
        sa_type=one_of(
            "state",
            "due",
            "sending",
            "sent",
            "delivered",
            "failed",
            "unknown",
            "replaced",
            "expired",
            "withheld",
        )
    )
    due_at: datetime = Field(sa_type=UTC)
    last_moment: datetime | None = Field(default=None, sa_type=UTC)
    replaceable: bool = False
    attempt: int = 0
    lease_until: datetime | None = Field(default=None, sa_type=UTC)
    check_at: datetime | None = Field(default=None, sa_type=UTC)
    claimed_at: datetime | None = Field(default=None, sa_type=UTC)
    settled_at: datetime | None = Field(default=None, sa_type=UTC)
    provider_id: str | None = Field(default=None, max_length=200)
    failure: str | None = Field(default=None, max_length=40)
    about: str | None = Field(default=None, max_length=ID)
    sealed: str | None = Field(default=None, sa_type=LONG)
    created_at: datetime = Field(sa_type=UTC)


class UnknownReceipt(SQLModel, table=True):
    """A status callback for a message we do not know (yet): joined within a day, or dropped."""

    __tablename__ = "unknown_receipt"
    __table_args__ = rule("receipts before our own commit", "24 hours", "none: no person")
    id: str = Field(primary_key=True, max_length=ID)
    account: str = Field(max_length=40)
    provider_id: str = Field(max_length=200, index=True)
    receipt_state: str = Field(max_length=20)
    failure: str | None = Field(default=None, max_length=40)
    opts_out: bool = False
    ends_epoch: bool = False
    at: datetime = Field(sa_type=UTC)


class Alert(SQLModel, table=True):
    """A danger that somebody on call must acknowledge: to the numbers in order, then round again.

    ``thing``, ``street``, ``lat``, ``lon``: what is known of its place. ``merged_into``: the alert of the same place
    that goes on in its stead, and is acknowledged with it.
    """

    __table_args__ = (
        partial_index("ix_alert_standing", "next_at", where="acknowledged_at IS NULL"),
        rule("that danger is seen by a person", "as long as its case", "text and place emptied"),
    )
    id: str = Field(primary_key=True, max_length=ID)
    tenant: str = Field(foreign_key="tenant.id", max_length=40)
    desk: str = Field(max_length=40)
    front: str = Field(foreign_key="front.id", max_length=ID)
    conversation: str = Field(foreign_key="conversation.id", max_length=ID)
    case_id: str = Field(foreign_key="cases.id", max_length=ID, index=True)
    word: str = Field(max_length=8)
    parts: str = Field(sa_type=LONG)
    numbers: str = Field(sa_type=LONG)
    step: int = 0
    escalate_after_s: int
    next_at: datetime = Field(sa_type=UTC)
    raised_at: datetime = Field(sa_type=UTC)
    acknowledged_at: datetime | None = Field(default=None, sa_type=UTC)
    acknowledged_by: str | None = Field(default=None, max_length=60)
    thing: str | None = Field(default=None, max_length=120)
    street: str | None = Field(default=None, max_length=120)
    lat: float | None = None
    lon: float | None = None
    merged_into: str | None = Field(default=None, foreign_key="alert.id", max_length=ID, index=True)


class AlertSent(SQLModel, table=True):
    """An on-call number was alerted: its owner may acknowledge with the word."""

    __tablename__ = "alert_sent"
    __table_args__ = rule("who may acknowledge", "as long as its alert", "none: our own staff's numbers")
    alert: str = Field(primary_key=True, foreign_key="alert.id", max_length=ID)
    number: str = Field(primary_key=True, max_length=20, index=True)
    at: datetime = Field(sa_type=UTC)


class Case(SQLModel, table=True):
    """A case. ``attention`` says why a person should look at it now, None when nobody need."""

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("tenant", "desk", "number"),
        Index("ix_cases_address", "address", "epoch"),
        Index("ix_cases_list", "tenant", "desk", "open", "opened_at"),
        Index("ix_cases_newest", "tenant", "id"),
        partial_index("ix_cases_attention", "tenant", "attention_at", where="attention IS NOT NULL"),
        rule(
            "what was reported and done",
            "as the desk's law says; 10 years at most",
            "parties and values emptied",
        ),
    )
    id: str = Field(primary_key=True, max_length=ID)
    tenant: str = Field(foreign_key="tenant.id", max_length=40)
    desk: str = Field(max_length=40)
    series: str = Field(max_length=4)
    number: str = Field(max_length=NUMBER_SHOWN)
    outside_reference: str | None = Field(default=None, max_length=100)
    revision: int = 1
    parent: str | None = Field(default=None, foreign_key="cases.id", max_length=ID)
    merged_into: str | None = Field(default=None, foreign_key="cases.id", max_length=ID)
    assignee: str | None = Field(default=None, max_length=ID)
    form: str = Field(max_length=40)
    desk_version: int
    status: str = Field(max_length=40)
    open: bool = True
    urgency: str = Field(sa_type=one_of("urgency", "danger", "high", "normal", "low"))
    conversation: str = Field(foreign_key="conversation.id", max_length=ID, index=True)
    address: str = Field(foreign_key="address.id", max_length=ID)
    epoch: int
    organisation: str | None = Field(default=None, max_length=ID)
    attention: str | None = Field(default=None, max_length=60)
    attention_at: datetime | None = Field(default=None, sa_type=UTC)
    opened_at: datetime = Field(sa_type=UTC)
    sent_at: datetime | None = Field(default=None, sa_type=UTC)
    closed_at: datetime | None = Field(default=None, sa_type=UTC)


class CaseValue(SQLModel, table=True):
    """One answer on a case: what search and figures read. The field «notes» has what found no field."""

    __tablename__ = "case_value"
    __table_args__ = rule("the case's content", "as its case", "value and words emptied")
    case_id: str = Field(primary_key=True, foreign_key="cases.id", max_length=ID)
    field: str = Field(primary_key=True, max_length=40)
    tenant: str = Field(foreign_key="tenant.id", max_length=40)
    value: str = Field(sa_type=LONG)
    shown: str = Field(sa_type=LONG)
    words: str = Field(sa_type=LONG)
    source: str = Field(sa_type=one_of("source", "said", "prefilled", "default", "person"))
    confirmed: bool = False
    sealed: bool = False
    message: str | None = Field(default=None, max_length=ID)
    at: datetime = Field(sa_type=UTC)


class Consent(SQLModel, table=True):
    """What somebody agreed to or refused: the version of the desk's text, the words, on which evidence."""

    __table_args__ = rule("to prove what was agreed to", "3 years after its case is closed", "kept, words emptied")
    id: str = Field(primary_key=True, max_length=ID)
    tenant: str = Field(foreign_key="tenant.id", max_length=40)
    case_id: str | None = Field(default=None, foreign_key="cases.id", max_length=ID, index=True)
    purpose: str = Field(max_length=81)
    text_version: str | None = Field(default=None, max_length=40)
    given: bool
    words: str = Field(sa_type=LONG)
    actor_id: str = Field(max_length=60)
    evidence: str = Field(max_length=20)
    at: datetime = Field(sa_type=UTC)
    ends: str | None = Field(default=None, max_length=20)
    ended_at: datetime | None = Field(default=None, sa_type=UTC)


class SealedValue(SQLModel, table=True):
    """A secret answer, sealed for its own id: a draft's answer or a case's value has that id in its place."""

    __tablename__ = "sealed_value"
    __table_args__ = rule("what only who does the work may read", "until its case is closed", "deleted")
    id: str = Field(primary_key=True, max_length=ID)
    tenant: str = Field(foreign_key="tenant.id", max_length=40)
    sealed: str = Field(sa_type=LONG)
    at: datetime = Field(sa_type=UTC)


class CaseParty(SQLModel, table=True):
    """Somebody's part in a case: a contact, an organisation, or a plain name and numbers."""

    __tablename__ = "case_party"
    __table_args__ = (
        CheckConstraint("contact IS NOT NULL OR organisation IS NOT NULL OR name IS NOT NULL", name="somebody"),
        rule("who is concerned", "as its case", "name and numbers emptied"),
    )
    id: str = Field(primary_key=True, max_length=ID)
    tenant: str = Field(foreign_key="tenant.id", max_length=40)
    case_id: str = Field(foreign_key="cases.id", max_length=ID, index=True)
    role: str = Field(sa_type=one_of("role", "reporter", "on_site", "agent", "customer", "approver"))
    contact: str | None = Field(default=None, foreign_key="contact.id", max_length=ID)
    organisation: str | None = Field(default=None, max_length=ID)
    name: str | None = Field(default=None, max_length=200)
    numbers: str | None = Field(default=None, max_length=200)


class Comment(SQLModel, table=True):
    """A comment on a case. An inbound one has no text of its own: it refers to its message.

    ``once``: a hash of the author and the key that an API call brought, so that the call can be repeated.
    """

    __table_args__ = (
        CheckConstraint("(message IS NULL) <> (text IS NULL)", name="one_text"),
        Index("ix_comment_case", "case_id", "id"),
        partial_index("uq_comment_once", "once", where="once IS NOT NULL", unique=True),
        rule("the talk about a case", "as its case", "text emptied"),
    )
    id: str = Field(primary_key=True, max_length=ID)
    tenant: str = Field(foreign_key="tenant.id", max_length=40)
    case_id: str = Field(foreign_key="cases.id", max_length=ID)
    author_kind: str = Field(sa_type=one_of("author_kind", "customer", "caseworker", "on_call", "system"))
    author_id: str = Field(max_length=60)
    author_name: str | None = Field(default=None, max_length=100)
    evidence: str = Field(max_length=20)
    public: bool
    message: str | None = Field(default=None, foreign_key="message.id", max_length=ID)
    text: str | None = Field(default=None, sa_type=LONG)
    at: datetime = Field(sa_type=UTC)
    read_at: datetime | None = Field(default=None, sa_type=UTC)
    once: str | None = Field(default=None, max_length=64)


class Counter(SQLModel, table=True):
    """The last number drawn of a desk's series: taken as the last lock, so it rises without gaps."""

    __table_args__ = rule("case numbers", "for ever", "none: no person")
    tenant: str = Field(primary_key=True, foreign_key="tenant.id", max_length=40)
    desk: str = Field(primary_key=True, max_length=40)
    series: str = Field(primary_key=True, max_length=4)
    last: int


class JobLease(SQLModel, table=True):
    """Which process does a job that only one may do at a time, and until when."""

    __tablename__ = "job_lease"
    __table_args__ = rule("one sweeper at a time", "for ever", "none: no person")
    name: str = Field(primary_key=True, max_length=40)
    holder: str = Field(max_length=60)
    until: datetime = Field(sa_type=UTC)


class ClockFloor(SQLModel, table=True):
    """A time that store time never runs below, whatever the host's clock says. One row."""

    __tablename__ = "clock_floor"
    __table_args__ = rule("no code revived by a clock set back", "for ever", "none: no person")
    id: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UTC)


class StoreKey(SQLModel, table=True):
    """A key that the store was used with: its id, and a keyed fingerprint that tells nothing of it."""

    __tablename__ = "store_key"
    __table_args__ = rule("that a wrong secret is noticed", "for ever", "none: no person")
    id: str = Field(primary_key=True, max_length=16)
    fingerprint: str = Field(max_length=64)
    at: datetime = Field(sa_type=UTC)


class Audit(SQLModel, table=True):
    """Who did what to what, on which evidence. Append-only; sealed afterwards; detail beside the hash."""

    __table_args__ = (
        partial_index("ix_audit_unsealed", "id", where="seal IS NULL"),
        rule("to show what happened", "10 years", "detail emptied; the hash stands"),
    )
    id: str = Field(primary_key=True, max_length=ID)
    tenant: str = Field(foreign_key="tenant.id", max_length=40)
    at: datetime = Field(sa_type=UTC)
    actor_kind: str = Field(max_length=20)
    actor_id: str = Field(max_length=60)
    evidence: str = Field(max_length=20)
    act: str = Field(max_length=40)
    about: str = Field(max_length=ID, index=True)
    detail: str | None = Field(default=None, sa_type=LONG)
    salt: str = Field(max_length=32)
    seal: int | None = None


class RegisterRow(SQLModel, table=True):
    """A row of a desk's register: masts, objects, contracts, facilities. ``lat``, ``lon``: where it stands, if told."""

    __tablename__ = "register_row"
    __table_args__ = (
        Index("ix_register_row_place", "tenant", "register_name", "lat"),
        rule("to look up what people name", "until the next import", "none, or by its register"),
    )
    tenant: str = Field(primary_key=True, foreign_key="tenant.id", max_length=40)
    register_name: str = Field(primary_key=True, max_length=81)
    key: str = Field(primary_key=True, max_length=60)
    data: str = Field(sa_type=LONG)
    lat: float | None = None
    lon: float | None = None


class Caseworker(SQLModel, table=True):
    """A person of the tenant's own who answers cases."""

    __table_args__ = rule("who answered", "as long as employed, then as the cases", "name emptied")
    id: str = Field(primary_key=True, max_length=ID)
    tenant: str = Field(foreign_key="tenant.id", max_length=40)
    name: str = Field(max_length=100)


class ApiToken(SQLModel, table=True):
    """A token of the HTTP API: only its keyed hash is kept. ``desks`` empty means all of the tenant's.

    ``full_numbers``: whether its holder sees phone numbers and mail addresses whole.
    """

    __tablename__ = "api_token"
    __table_args__ = rule("who may call the API", "13 months after it was revoked", "none: staff")
    id: str = Field(primary_key=True, max_length=ID)
    tenant: str = Field(foreign_key="tenant.id", max_length=40)
    caseworker: str = Field(foreign_key="caseworker.id", max_length=ID)
    digest: str = Field(sa_column=Column(String(64), unique=True, nullable=False))
    desks: str = Field(default="", max_length=400)
    full_numbers: bool = False
    created_at: datetime = Field(sa_type=UTC)
    revoked_at: datetime | None = Field(default=None, sa_type=UTC)
