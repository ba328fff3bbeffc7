"""What a desk is: one organisation's front, as data. The YAML of a desk has exactly these keys.

Texts are per language of the desk. Patterns are a closed syntax (``conversations.patterns``), never regular
expressions. A key marked ``NOT_YET`` is accepted and checked, and nothing executes it in this release.
"""

from functools import cached_property
from itertools import chain
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from conversations.state import Language

NOT_YET = "not yet"


def later(default: Any = None, **more: Any) -> Any:
    """A key that the format carries and no code executes yet: ``desk check`` lists it where it is used."""
    return Field(default=default, json_schema_extra={NOT_YET: True}, **more)


ID_FORM = r"^[a-z][a-z0-9_]{0,39}$"
SERIES_FORM = r"^[A-Z]{1,4}$"
NUMBER_FORM = r"^[A-Z]{1,4}-#{1,10}$"
PHONE_FORM = r"^\+[1-9][0-9]{6,14}$"
RING_FORM = r"^\+?[0-9][0-9 -]{1,19}$"
COUNTRY_FORM = r"^\+[1-9][0-9]{0,3}$"
MAIL_FORM = r"^[^@\s]+@[^@\s]+$"

Id = Annotated[str, Field(pattern=ID_FORM)]
SeriesId = Annotated[str, Field(pattern=SERIES_FORM)]
PhoneNumber = Annotated[str, Field(pattern=PHONE_FORM)]
MailAddress = Annotated[str, Field(pattern=MAIL_FORM)]
Prompt = Annotated[str, Field(min_length=1, max_length=1000)]
Localized = dict[Language, Prompt]
LocalizedList = dict[Language, tuple[Prompt, ...]]
Terms = dict[Language, Annotated[str, Field(min_length=1, max_length=20_000)]]

FieldKind = Literal[
    "choice",
    "choices",
    "yes_no",
    "text",
    "long_text",
    "number",
    "date_time",
    "phone",
    "email",
    "person_name",
    "postal_address",
    "location",
    "org_number",
    "metering_point",
    "reference",
    "object",
    "secret",
    "consent",
    "attachments",
    "read_only",
]


class Part(BaseModel):
    """A block of a desk: unknown keys are faults, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Front(Part):
    """The numbers and mailboxes that the desk answers on; no other desk may have them."""

    sms: tuple[PhoneNumber, ...] = Field(default=(), description="phone numbers, with + and country code")
    mail: tuple[MailAddress, ...] = later((), description="mailboxes")


class Sending(Part):
    """How fast one of the desk's numbers may send."""

    texts_per_second: float = Field(
        default=1.0, gt=0, le=1000, description="what the carrier allows one number: 1 for a long code"
    )


class Series(Part):
    """A number series: ``IN-########`` counts up from ``first``, zeros in front to as many places as ``#``."""

    pattern: Annotated[str, Field(pattern=NUMBER_FORM)] = Field(
        description="how a number is written, such as IN-########"
    )
    first: int = Field(default=1, ge=0, description="the first number")


class OnCall(Part):
    """Who is alerted, in this order, each after so many minutes without an answer; then round again."""

    phone: str = Field(pattern=RING_FORM, description="the number that customers are told to ring")
    numbers: tuple[PhoneNumber, ...] = Field(min_length=1, description="phones that are alerted, in this order")
    escalate_after_minutes: int = Field(default=5, ge=1, le=120, description="how long each has to acknowledge")


class Danger(Part):
    """What sets off the danger form, besides the general phrases that every desk has.

    How phrases are written: ``conversations.danger_syntax``. They hold for all languages together.
    """

    form: Id = Field(description="the form that danger opens")
    strong: LocalizedList = Field(default={}, description="opens the case")
    weak: LocalizedList = Field(default={}, description="asks whether there is danger now")
    calm: LocalizedList = Field(default={}, description="counts for nothing: a street, a fire alarm that works")
    aside: LocalizedList = Field(default={}, description="said near it: another time, or only supposed")
    doubt: LocalizedList = Field(default={}, description="said near it: perhaps another time")
    now: LocalizedList = Field(default={}, description="said near it: now after all")
    words: LocalizedList = Field(
        default={}, description="lists that phrases refer to as <line>: «line: linj*, *kabel*»"
    )
    safety: Localized = Field(description="what to do now; it opens the first answer")


class Fact(Part):
    """Something a customer must know before a code is sent: register columns that must match together."""

    field: Id = Field(description="the field of facts_form that asks for it")
    register_: Id = Field(alias="register", description="the register that knows it")
    column: str = Field(description="the column that must hold it")


class Identity(Part):
    """How a person proves who they are, and for how long."""

    trust_days: int = Field(default=90, ge=1, le=400, description="how long an address stays trusted after a code")
    countries: tuple[Annotated[str, Field(pattern=COUNTRY_FORM)], ...] = Field(
        default=("+47", "+46"), description="country codes that one-time codes are sent to"
    )
    code_minutes: int = Field(default=10, ge=1, le=10, description="how long a code is good by SMS")
    codes_per_day: int = Field(default=2000, ge=1, description="the money cap: codes a day for the whole desk")
    facts: tuple[Fact, ...] = Field(default=(), description="what must be known before a code is sent")
    facts_form: Id | None = Field(default=None, description="the form whose fields ask for the facts")
    terms: Localized | None = Field(default=None, description="what must be accepted before anything is shown")
    terms_in_full: Terms | None = Field(default=None, description="the whole text, sent on request")
    terms_version: str | None = Field(default=None, description="which text was accepted")


class Role(Part):
    """A role that a person has in an organisation, given by whom, and what it may do."""

    name: Localized = Field(description="what the role is called")
    side: Literal["customer", "agent", "desk"] = Field(default="customer", description="whose people have it")
    granted_by: tuple[Id, ...] = Field(default=(), description="the roles that may give it")
    may: tuple[Literal["order", "approve", "administer", "read_company", "act_for", "name_deputy"], ...] = Field(
        default=(), description="what it allows"
    )


class Register(Part):
    """A table beside the desk (CSV, UTF-8, a header row): masts, objects, contracts, facilities."""

    file: str | None = Field(
        default=None, description="the CSV file beside the desk; without one its rows come by `gateway import`"
    )
    key: str = Field(description="the column that names a row")
    words: LocalizedList = Field(default={}, description="what people call a row: «mast 1042»")
    shown: Localized | None = Field(default=None, description="how a row is read back, columns in braces")
    columns: tuple[str, ...] = Field(default=(), description="all columns")
    search: tuple[str, ...] = later((), description="columns in which a row is looked for when its key is unknown")
    owned: bool = Field(default=False, description="a row is shown only to who proved it to be theirs")


class Condition(Part):
    """Asked only when another field of the form was answered so."""

    field: Id = Field(description="an earlier field of the form")
    is_: tuple[str, ...] = Field(alias="is", min_length=1, description="its answers: ids of choices, yes or no")


class Prefill(Part):
    """Where a field's value may come from without asking."""

    contact: str | None = Field(default=None, description="a column of the contact: name, phone, email, postal_address")
    organisation: str | None = later(None, description="a column of the organisation that is acted for")
    register_: Id | None = Field(
        default=None, alias="register", description="a register, whose row the field under by names"
    )
    column: str | None = Field(default=None, description="the column of that row")
    by: Id | None = Field(default=None, description="the field whose value is the register's key")
    constant: str | None = Field(default=None, description="this very value: the default")


class Choice(Part):
    """One option: its id is the value; ``words`` are phrases that mean it in free text."""

    id: Id = Field(description="the value")
    label: Localized = Field(description="the words shown")
    words: LocalizedList = Field(
        default={}, description="phrases that mean it; they may name the lists of danger: «<line> + <low>»"
    )
    takes: Id | None = Field(default=None, description="a field whose answer may follow in the same message")
    says: Localized | None = Field(
        default=None, description="said once, when it is chosen; with `takes`, when that is answered"
    )

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The words shown, in all languages."""
        return tuple(self.label.values())

    @cached_property
    def phrases(self) -> tuple[str, ...]:
        """The phrases of all languages that name no list."""
        return tuple(phrase for phrase in chain.from_iterable(self.words.values()) if "<" not in phrase)

    @cached_property
    def listed(self) -> tuple[str, ...]:
        """The phrases that name lists of words."""
        return tuple(phrase for phrase in chain.from_iterable(self.words.values()) if "<" in phrase)


class FormField(Part):
    """One thing to know. What the customer wrote already fills what it can; only what is missing is asked."""

    id: Id = Field(description="the name of the answer")
    kind: FieldKind = Field(description="what sort of answer it is")
    label: Localized = Field(description="what the answer is called in read-backs")
    ask: Localized | None = Field(default=None, description="the question; a read_only field has none")
    choices: tuple[Choice, ...] = Field(default=(), description="the options of a choice")
    register_: Id | None = Field(default=None, alias="register", description="the register whose rows people may name")
    when: tuple[Condition, ...] = Field(default=(), description="asked only if all of these hold")
    optional: bool = Field(default=False, description="may be skipped")
    confirm: bool = Field(default=False, description="read the answer back and ask whether it is right")
    takes_opening: bool = Field(default=False, description="the opening message, whole, is the answer")
    max_shown: int = Field(default=60, ge=1, le=400, description="characters shown in a read-back")
    asked_with: Id | None = Field(default=None, description="an earlier field whose question asks for this one too")
    takes_subject: bool = later(False, description="the subject of the opening mail is the answer")
    search: LocalizedList = later({}, description="words that narrow a search by this field: SÖK GATA Storgatan")
    word: LocalizedList = Field(
        default={}, description="words before an answer given at any time: PRIORITET HØY; without a question, only so"
    )
    after_send: bool = later(False, description="open until after SEND: asked for with the receipt")
    recorded: bool = later(False, description="who answered what and when is kept, the caseworker's answer too")
    party: Literal["reporter", "on_site", "agent", "customer", "approver"] | None = later(
        None, description="the answer names a party of the case"
    )
    shapes: tuple[Literal["point", "line", "polygon"], ...] = later((), description="what may be drawn on the page")
    looked_up_in: Literal["brreg", "bolagsverket"] | None = later(None, description="a public register that knows it")
    kept_until: Literal["case_closed"] | None = later(None, description="the answer is removed then")
    prefill: tuple[Prefill, ...] = Field(default=(), description="where the value may come from: the first")
    secret: bool = Field(default=False, description="sealed, and masked wherever it is shown")
    read_only: bool = later(False, description="shown, never asked")
    remember: Literal["contact", "organisation", "object"] | None = Field(
        default=None,
        description="the answer is offered next time to the same person whose number is proved; object: where the case "
        "is about the same object; organisation: as contact, until people belong to organisations",
    )
    pattern: str | None = Field(default=None, description="a closed pattern that a reference must fit, such as A-#####")
    unit: Localized | None = Field(default=None, description="said after the number")
    minimum: float | None = Field(default=None, allow_inf_nan=False, description="the smallest number")
    maximum: float | None = Field(default=None, allow_inf_nan=False, description="the largest number")
    tense: Literal["past", "future"] | None = Field(
        default=None, description="whether a date_time has been or is to come; else the past is likelier"
    )
    most: int | None = Field(
        default=None, ge=1, description="how many at the most: attachments, numbers, addresses, choices"
    )
    consent_text: Localized | None = Field(default=None, description="the whole text that is agreed to")
    consent_version: str | None = Field(default=None, description="which text it is")
    consent_ends: Literal["case_closed", "withdrawn"] | None = Field(default=None, description="when it ends by itself")


class Step(Part):
    """One link of an approval chain: who, from which side, within how many days; the order cannot skip."""

    id: Id = Field(description="the step")
    role: Id | None = Field(default=None, description="the role that acts; without one the side")
    side: Literal["customer", "agent", "desk"] = Field(default="customer", description="whose people act")
    does: Literal["orders", "approves", "signs", "starts"] = Field(default="approves", description="what they do")
    name: Localized = Field(description="what the step is called when the chain is shown")
    within_days: int | None = Field(default=None, ge=1, description="days until somebody is reminded")
    by_link: bool = Field(default=False, description="signing by a service elsewhere: the step carries a link")
    when: tuple[Condition, ...] = Field(default=(), description="the step is there only if the case was answered so")


class Approval(Part):
    """A chain of steps; with ``four_eyes`` nobody acts twice in it."""

    steps: tuple[Step, ...] = Field(min_length=1, description="in their order, none skipped")
    four_eyes: bool = Field(default=True, description="nobody acts twice")
    reason_when_refused: bool = Field(default=True, description="a refusal needs a reason")
    grants: Id | None = Field(default=None, description="the role that the applicant has when it is done")
    grants_first: Id | None = Field(default=None, description="the role that an organisation's first applicant has")
    nobody: Literal["desk", "refuse"] = Field(default="desk", description="who acts where no one has a step's role")


class Word(Part):
    """A word of the desk's own that starts the form, with an argument in a closed pattern."""

    word: LocalizedList = Field(description="the words")
    argument: str | None = Field(default=None, description="a closed pattern, such as A-##### or {month}")
    fills: Id | None = Field(default=None, description="the field whose answer the argument is")

    @cached_property
    def forms(self) -> tuple[str, ...]:
        """The words of all languages."""
        return tuple(chain.from_iterable(self.word.values()))


class Reply(Part):
    """What a look-up answers: what it reads, which rows, and how a row is said."""

    reads: Literal["register", "cases", "work", "readings", "figures"] = Field(
        default="register", description="where the rows are"
    )
    register_: Id | None = Field(default=None, alias="register", description="which register, where one is read")
    by: dict[str, Id] = Field(default={}, description="column to field: only rows that have the field's value there")
    head: Localized | None = Field(default=None, description="said once before the rows")
    text: Localized = Field(description="one row, columns in braces")
    none: Localized = Field(description="said where there is no row")
    most: int = Field(default=3, ge=1, le=10, description="rows shown in a text")
    by_mail: Literal["csv", "pdf", "table"] | None = later(None, description="what is mailed on request")
    page: Literal["chart", "files", "case", "map"] | None = later(
        None, description="the page that is linked on request"
    )


class Drafts(Part):
    """When a draft that lies still is spoken of, and when it is dropped."""

    remind_after_hours: int = Field(default=48, ge=1, description="hours of silence before a reminder")
    drop_after_days: int = Field(default=30, ge=1, le=400, description="days of silence before it is dropped")


class Status(Part):
    """A state of a case, told to the customer when it is reached if ``tell``."""

    id: Id = Field(description="the status")
    name: Localized = Field(description="what customers are told it is called")
    open: bool = Field(default=True, description="the case is still worked on")
    tell: bool = Field(default=False, description="the customer is told when it is reached")


class Deadline(Part):
    """What must have happened within so many hours of a status, and who is told otherwise."""

    status: Id = Field(description="since when")
    hours: int = Field(ge=1, description="how long it may stay so")
    then: Literal["remind_customer", "tell_caseworker", "escalate"] = Field(description="what happens then")


class Form(Part):
    """Something a customer can do: a form that becomes a case, or a look-up that is answered.

    A profile is a form of what is known of the person: a case tells the desk what was changed.
    """

    id: Id = Field(description="the form")
    name: Localized = Field(description="what it is called in menus and lists")
    kind: Literal["form", "lookup", "profile"] = Field(
        default="form", description="a form becomes a case, a look-up is answered, a profile is a case where it changed"
    )
    words: LocalizedList = Field(default={}, description="phrases in free text that mean this form")
    commands: tuple[Word, ...] = Field(default=(), description="words of the desk's own that start it")
    offered: bool = Field(default=True, description="the menu lists it; its words start it all the same")
    series: SeriesId | None = Field(default=None, description="the number series of its cases")
    opens: Literal["at_once", "at_send"] = Field(
        default="at_send", description="when the case is opened: in the first turn, or at SEND"
    )
    urgency: Literal["danger", "high", "normal", "low"] = Field(
        default="normal", description="how urgent its cases are"
    )
    identity: Literal["before", "after", "none"] = Field(
        default="after", description="when the sender must be proved by a code"
    )
    alerts: bool = later(False, description="opening it alerts the on-call numbers, danger or not")
    guidance: Localized | None = Field(default=None, description="shown once, before the first question")
    title: Localized | None = Field(default=None, description="how the case is read back, fields in braces")
    for_roles: tuple[Id, ...] = later((), description="who may use it; none: everybody")
    acts_for: Literal["self", "organisation", "either"] = later("self", description="on whose behalf")
    fields: tuple[FormField, ...] = Field(default=(), description="what is asked, in this order")
    approval: Id | None = later(None, description="one of the desk's approvals: the chain begins at SEND")
    statuses: tuple[Id, ...] = later((), description="those of the desk's statuses that its cases have; none: all")
    review: Literal["always", "by_sms", "never"] = later(
        "always", description="whether all is read back before SEND; never: confirmed fields alone are enough"
    )
    reply: Reply | None = Field(default=None, description="what a look-up answers")
    deadlines: tuple[Deadline, ...] = later((), description="what must happen in time")
    sent: Localized | None = Field(default=None, description="said after SEND, after the case number")

    @cached_property
    def phrases(self) -> tuple[str, ...]:
        """The phrases of all languages."""
        return tuple(chain.from_iterable(self.words.values()))


class Desk(Part):
    """One organisation's front."""

    desk: Id = Field(description="the desk's id, its own among all desks")
    tenant: Id = Field(description="the data controller it belongs to")
    name: Annotated[str, Field(max_length=40)] = Field(description="how it names itself in texts")
    languages: tuple[Language, ...] = Field(
        min_length=1, description="the languages it answers in, the usual one first"
    )
    time_zone: str = Field(default="Europe/Oslo", description="such as Europe/Oslo")
    answers_on: Front = Field(default=Front(), description="its numbers and mailboxes")
    sending: Sending = Field(default=Sending(), description="how fast it may send")
    series: dict[SeriesId, Series] = Field(default={}, description="number series of cases")
    outside_reference: Localized | None = later(None, description="the case's number in the desk's own system")
    identity: Identity = Field(default=Identity(), description="how people prove who they are")
    roles: dict[Id, Role] = later({}, description="roles of people in organisations")
    approvals: dict[Id, Approval] = later({}, description="chains of approval")
    drafts: Drafts = Field(default=Drafts(), description="reminders of drafts, and their end")
    on_call: OnCall | None = Field(default=None, description="who is alerted")
    danger: Danger | None = Field(default=None, description="what sets off the danger form")
    registers: dict[Id, Register] = Field(default={}, description="tables to look things up in")
    forms: tuple[Form, ...] = Field(min_length=1, description="what customers can do, in the menu's order")
    general_form: Id = Field(description="the form of a case that a hand-over opens")
    statuses: tuple[Status, ...] = Field(
        min_length=2, description="the first: opened and not yet sent by the customer; the second: sent"
    )
    greeting: Localized | None = Field(default=None, description="said to whoever writes for the first time")
    mail_questions_together: bool = later(True, description="by mail all open questions at once, numbered")
    shown_words: dict[str, Localized] = later({}, description="which form of an engine word is shown: agent: HUMAN")
    texts: dict[str, Localized] = Field(default={}, description="the desk's own wording of an engine text, by its id")

    def answers(self, form: Form) -> bool:
        """Whether this release answers the look-up: with a register's rows, all of them or the one of a key.

        Rows that are a customer's own are shown to who has just proved the facts, so by the form that asks for them.
        """
        reply = form.reply
        register = self.registers.get(reply.register_ or "") if reply and reply.reads == "register" else None
        if reply is None or register is None or set(reply.by) - {register.key}:
            return False
        return not register.owned or form.id == self.identity.facts_form
