"""What a desk is: one organisation's front, as data. The YAML of a desk has exactly these keys.

Texts are per language of the desk. Patterns are a closed syntax (``conversations.patterns``), never regular
expressions. A key marked ``NOT_YET`` is accepted and checked, and nothing executes it in this release.
"""

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

    sms: tuple[PhoneNumber, ...] = ()
    mail: tuple[MailAddress, ...] = later((), description="mailboxes")


class Sending(Part):
    """How fast one of the desk's numbers may send."""

    texts_per_second: float = Field(default=1.0, gt=0, le=1000)


class Series(Part):
    """A number series: ``IN-########`` counts up from ``first``, zeros in front to as many places as ``#``."""

    pattern: Annotated[str, Field(pattern=NUMBER_FORM)]
    first: int = Field(default=1, ge=0)


class OnCall(Part):
    """Who is alerted, in this order, each after so many minutes without an answer; then round again."""

    phone: str = Field(description="the number that customers are told to ring")
    numbers: tuple[PhoneNumber, ...] = Field(min_length=1)
    escalate_after_minutes: int = Field(default=5, ge=1, le=120)


class Danger(Part):
    """What sets off the danger form, besides the general phrases that every desk has.

    How phrases are written: ``conversations.danger_syntax``. They hold for all languages together.
    """

    form: Id
    strong: LocalizedList = Field(default={}, description="opens the case")
    weak: LocalizedList = Field(default={}, description="asks whether there is danger now")
    calm: LocalizedList = Field(default={}, description="counts for nothing: a street, a fire alarm that works")
    aside: LocalizedList = Field(default={}, description="said near it: another time, or only supposed")
    doubt: LocalizedList = Field(default={}, description="said near it: perhaps another time")
    now: LocalizedList = Field(default={}, description="said near it: now after all")
    words: LocalizedList = Field(default={}, description="lists that phrases refer to as <line>: «line: linj*, *kabel*»")
    safety: Localized = Field(description="what to do now; it opens the first answer")


class Fact(Part):
    """Something a customer must know before a code is sent: register columns that must match together."""

    field: Id
    register_: Id = Field(alias="register")
    column: str


class Identity(Part):
    """How a person proves who they are, and for how long."""

    trust_days: int = Field(default=90, ge=1, le=400)
    countries: tuple[Annotated[str, Field(pattern=COUNTRY_FORM)], ...] = ("+47", "+46")
    code_minutes: int = Field(default=10, ge=1, le=10)
    codes_per_day: int = Field(default=2000, ge=1, description="the money cap: codes a day for the whole desk")
    facts: tuple[Fact, ...] = later(())
    facts_form: Id | None = later(None, description="the form whose fields ask for the facts")
    terms: Localized | None = later(None, description="what must be accepted before anything is shown")
    terms_in_full: Terms | None = later(None, description="the whole text, sent on request")
    terms_version: str | None = later(None)


class Role(Part):
    """A role that a person has in an organisation, given by whom, and what it may do."""

    name: Localized
    side: Literal["customer", "agent", "desk"] = "customer"
    granted_by: tuple[Id, ...] = ()
    may: tuple[Literal["order", "approve", "administer", "read_company", "act_for", "name_deputy"], ...] = ()


class Register(Part):
    """A table beside the desk (CSV, UTF-8, a header row): masts, objects, contracts, facilities."""

    file: str | None = None
    key: str
    words: LocalizedList = Field(default={}, description="what people call a row: «mast 1042»")
    shown: Localized | None = Field(default=None, description="how a row is read back, columns in braces")
    columns: tuple[str, ...] = ()
    search: tuple[str, ...] = later((), description="columns in which a row is looked for when its key is unknown")
    owned: bool = later(False, description="a row is a customer relation: shown to whoever proved it, and to no other")


class Condition(Part):
    """Asked only when another field of the form was answered so."""

    field: Id
    is_: tuple[str, ...] = Field(alias="is", min_length=1)


class Prefill(Part):
    """Where a field's value may come from without asking."""

    contact: str | None = later(None, description="a column of the contact: name, phone, email, postal_address")
    organisation: str | None = later(None, description="a column of the organisation that is acted for")
    register_: Id | None = later(None, alias="register")
    column: str | None = later(None)
    by: Id | None = later(None, description="the field whose value is the register's key")
    constant: str | None = later(None)


class Choice(Part):
    """One option: its id is the value; ``words`` are phrases that mean it in free text."""

    id: Id
    label: Localized
    words: LocalizedList = {}
    takes: Id | None = later(None, description="a field whose answer may follow in the same message")
    says: Localized | None = later(None, description="said once, when it is chosen")


class FormField(Part):
    """One thing to know. What the customer wrote already fills what it can; only what is missing is asked."""

    id: Id
    kind: FieldKind
    label: Localized
    ask: Localized | None = Field(default=None, description="the question; a read_only field has none")
    choices: tuple[Choice, ...] = ()
    register_: Id | None = Field(default=None, alias="register")
    when: tuple[Condition, ...] = ()
    optional: bool = False
    confirm: bool = Field(default=False, description="read the answer back and ask whether it is right")
    takes_opening: bool = Field(default=False, description="the opening message, whole, is the answer")
    max_shown: int = Field(default=60, ge=1, le=400, description="characters shown in a read-back")
    asked_with: Id | None = later(None, description="an earlier field whose question asks for this one too")
    takes_subject: bool = later(False, description="the subject of the opening mail is the answer")
    search: LocalizedList = later({}, description="words that narrow a search by this field: SÖK GATA Storgatan")
    word: LocalizedList = later({}, description="words before an answer given on its own: PERSON JA")
    after_send: bool = later(False, description="open until after SEND: asked for with the receipt")
    recorded: bool = later(False, description="who answered what and when is kept, the caseworker's answer too")
    party: Literal["reporter", "on_site", "agent", "customer", "approver"] | None = later(
        None, description="the answer names a party of the case"
    )
    shapes: tuple[Literal["point", "line", "polygon"], ...] = later((), description="what may be drawn on the page")
    looked_up_in: Literal["brreg", "bolagsverket"] | None = later(None, description="a public register that knows it")
    kept_until: Literal["case_closed"] | None = later(None, description="the answer is removed then")
    prefill: tuple[Prefill, ...] = later(())
    secret: bool = later(False)
    read_only: bool = later(False)
    remember: Literal["contact", "organisation", "object"] | None = later(None)
    pattern: str | None = later(None)
    unit: Localized | None = later(None)
    minimum: float | None = later(None)
    maximum: float | None = later(None)
    most: int | None = later(None, description="how many at the most: attachments, numbers, choices")
    consent_text: Localized | None = later(None)
    consent_version: str | None = later(None)
    consent_ends: Literal["case_closed", "withdrawn"] | None = later(None)


class Step(Part):
    """One link of an approval chain: who, from which side, within how many days; the order cannot skip."""

    id: Id
    role: Id | None = None
    side: Literal["customer", "agent", "desk"] = "customer"
    does: Literal["orders", "approves", "signs", "starts"] = "approves"
    name: Localized
    within_days: int | None = Field(default=None, ge=1)
    by_link: bool = Field(default=False, description="signing by a service elsewhere: the step carries a link")
    when: tuple[Condition, ...] = Field(default=(), description="the step is there only if the case was answered so")


class Approval(Part):
    """A chain of steps; with ``four_eyes`` nobody acts twice in it."""

    steps: tuple[Step, ...] = Field(min_length=1)
    four_eyes: bool = True
    reason_when_refused: bool = True
    grants: Id | None = Field(default=None, description="the role that the applicant has when it is done")
    grants_first: Id | None = Field(default=None, description="the role that an organisation's first applicant has")
    nobody: Literal["desk", "refuse"] = Field(default="desk", description="who acts where no one has a step's role")


class Word(Part):
    """A word of the desk's own that starts the form, with an argument in a closed pattern."""

    word: LocalizedList
    argument: str | None = later(None, description="a closed pattern, such as A-##### or {month}")
    fills: Id | None = later(None, description="the field whose answer the argument is")


class Reply(Part):
    """What a look-up answers: what it reads, which rows, and how a row is said."""

    reads: Literal["register", "cases", "work", "readings", "figures"] = "register"
    register_: Id | None = Field(default=None, alias="register")
    by: dict[str, Id] = Field(default={}, description="column to field: only rows that have the field's value there")
    head: Localized | None = Field(default=None, description="said once before the rows")
    text: Localized = Field(description="one row, columns in braces")
    none: Localized
    most: int = Field(default=3, ge=1, le=10)
    by_mail: Literal["csv", "pdf", "table"] | None = None
    page: Literal["chart", "files", "case", "map"] | None = None


class Drafts(Part):
    """When a draft that lies still is spoken of, and when it is dropped."""

    remind_after_hours: int = Field(default=48, ge=1)
    drop_after_days: int = Field(default=30, ge=1, le=400)


class Status(Part):
    """A state of a case, told to the customer when it is reached if ``tell``."""

    id: Id
    name: Localized
    open: bool = True
    tell: bool = False


class Deadline(Part):
    """What must have happened within so many hours of a status, and who is told otherwise."""

    status: Id
    hours: int = Field(ge=1)
    then: Literal["remind_customer", "tell_caseworker", "escalate"]


class Form(Part):
    """Something a customer can do: a form that becomes a case, or a look-up that is answered."""

    id: Id
    name: Localized
    kind: Literal["form", "lookup"] = "form"
    words: LocalizedList = Field(default={}, description="phrases in free text that mean this form")
    commands: tuple[Word, ...] = later(())
    offered: bool = Field(default=True, description="the menu lists it; its words start it all the same")
    series: SeriesId | None = None
    opens: Literal["at_once", "at_send"] = "at_send"
    urgency: Literal["danger", "high", "normal", "low"] = "normal"
    identity: Literal["before", "after", "none"] = "after"
    alerts: bool = later(False, description="opening it alerts the on-call numbers, danger or not")
    guidance: Localized | None = later(None, description="shown once, before the first question")
    title: Localized | None = Field(default=None, description="how the case is read back, fields in braces")
    for_roles: tuple[Id, ...] = later(())
    acts_for: Literal["self", "organisation", "either"] = later("self")
    fields: tuple[FormField, ...] = ()
    approval: Id | None = later(None, description="one of the desk's approvals: the chain begins at SEND")
    statuses: tuple[Id, ...] = later((), description="those of the desk's statuses that its cases have; none: all")
    review: Literal["always", "by_sms", "never"] = later(
        "always", description="whether all is read back before SEND; never: confirmed fields alone are enough"
    )
    reply: Reply | None = later(None)
    deadlines: tuple[Deadline, ...] = later(())
    sent: Localized | None = Field(default=None, description="said after SEND, after the case number")


class Desk(Part):
    """One organisation's front."""

    desk: Id
    tenant: Id
    name: Annotated[str, Field(max_length=40)]
    languages: tuple[Language, ...] = Field(min_length=1)
    time_zone: str = "Europe/Oslo"
    answers_on: Front = Front()
    sending: Sending = Sending()
    series: dict[SeriesId, Series] = {}
    outside_reference: Localized | None = later(None, description="the case's number in the desk's own system")
    identity: Identity = Identity()
    roles: dict[Id, Role] = later({})
    approvals: dict[Id, Approval] = later({})
    drafts: Drafts = later(Drafts())
    on_call: OnCall | None = None
    danger: Danger | None = None
    registers: dict[Id, Register] = {}
    forms: tuple[Form, ...] = Field(min_length=1)
    general_form: Id = Field(description="the form of a case that a hand-over opens")
    statuses: tuple[Status, ...] = Field(
        min_length=2, description="the first: opened and not yet sent by the customer; the second: sent"
    )
    greeting: Localized | None = None
    mail_questions_together: bool = later(True)
    shown_words: dict[str, Localized] = later({}, description="which form of an engine word is shown: agent: HUMAN")
    texts: dict[str, Localized] = later({}, description="the desk's own wording of an engine text, by its id")
