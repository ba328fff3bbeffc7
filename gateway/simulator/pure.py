"""A stage without a database: the pure core with a store of dictionaries, for transcripts and desk tests.

State and draft are written to JSON and read back before every input, so each transcript tests a restart in
mid-dialogue. Sending, limits over rows and concurrency are not here: those are the real store's.
"""

import itertools
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from conversations import limits
from conversations.codes import TRIES, find_code
from conversations.desk.numbers import written_number
from conversations.desk.ready import ReadyDesk
from conversations.effects import (
    AcceptCode,
    AcknowledgeAlert,
    AddComment,
    AddToAlert,
    ChangeStatus,
    CountWrongFacts,
    DropValues,
    Effect,
    EndCode,
    EndTrust,
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
    Say,
    SendCode,
    SetTimer,
    SetValues,
    Turn,
)
from conversations.facts import (
    AlertAt,
    AlertSent,
    AlertsSent,
    AnswerCounts,
    CaseAnswers,
    CaseLine,
    CaseWords,
    CodeCheck,
    CodeCounts,
    CodesSent,
    CommentLine,
    Facts,
    Holder,
    Holders,
    LastAnswer,
    LastComment,
    NearestEntry,
    Needs,
    ParkedDraft,
    Query,
    RecentAnswers,
    RegisterEntry,
    RegisterRows,
    ReportedCase,
    ReportedCases,
    StandingAlert,
    WrongWords,
)
from conversations.inputs import AlertAcknowledged, Commented, Happened, Input, Message, StatusChanged, TakenOver
from conversations.places.geodesy import metres_between
from conversations.places.record import point_of
from conversations.places.spot import Spot, is_same
from conversations.state import Answer, Draft, Json, State, freeze, freeze_draft, thaw, thaw_draft
from conversations.text import Mark, Text, plain
from conversations.turn import take_turn
from gateway.desks import Loaded
from gateway.simulator.transcript import CaseSeen

BEGINS = datetime(2026, 1, 14, 13, 0, tzinfo=UTC)
ROUNDS = 8


class CountingDice:
    """Ids and words that count up: the same transcript, the same ids."""

    def __init__(self) -> None:
        self._next = itertools.count(1)
        self._words = itertools.count(4711)
        self._drafts = itertools.cycle("2345679")

    def new_id(self) -> str:
        """An id in the form of a UUIDv7, by count."""
        return f"00000000-0000-7000-8000-{next(self._next):012d}"

    def word(self) -> str:
        """4711, 4712 …"""
        return f"{next(self._words):04d}"

    def draft_code(self) -> str:
        """5QF2M, 5QF3M …"""
        return f"5QF{next(self._drafts)}M"


@dataclass
class Case:
    """A case of the dictionary store."""

    id: str
    number: str
    form: str
    status: str
    reporter: str
    epoch: int
    opened_at: datetime
    values: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    comments: list[tuple[str, str, str]] = field(default_factory=list)
    unread: int = 0
    contact: str | None = None


@dataclass
class Alert:
    """An alert of the dictionary store."""

    id: str
    case: str
    word: str
    reporter: str
    alerted: list[str]
    spot: Spot | None
    into: str | None
    seen: bool = False


@dataclass
class Talking:
    """A conversation of the dictionary store: frozen between inputs."""

    state: str = "{}"
    draft: str | None = None
    turns: int = 0
    opted_out: Any = ""
    trusted_until: datetime | None = None
    holders: dict[str, str | None] = field(default_factory=dict)
    code: tuple[str, str, int] | None = None
    wrong_tries: int = 0
    parked: dict[str, str] = field(default_factory=dict)
    epoch: int = 1
    heard_at: datetime = BEGINS


class PureStage:
    """The core and dictionaries. ``registers``: rows by register and key."""

    def __init__(self, desk: ReadyDesk, registers: Mapping[str, Mapping[str, Mapping[str, str]]] | None = None) -> None:
        self.desk = desk
        self.registers = registers or {}
        self.now = BEGINS
        self.dice = CountingDice()
        self.turns: list[Turn] = []
        self._talking: dict[str, Talking] = defaultdict(Talking)
        self._cases: dict[str, Case] = {}
        self._alerts: dict[str, Alert] = {}
        self._sent: dict[str, deque[str]] = defaultdict(deque)
        self._words: dict[str, str] = {}
        self._pending: list[tuple[datetime, str, Happened]] = []
        self._codes = itertools.count(481206, 7)

    @classmethod
    def of(cls, loaded: Loaded, ready: ReadyDesk) -> "PureStage":
        """With the registers that were loaded beside the desk."""
        registers = loaded.desk.registers
        return cls(
            ready, {name: {row[registers[name].key]: row for row in rows} for name, rows in loaded.registers.items()}
        )

    def text(self, sender: str, body: str, *, media_count: int = 0, late: bool = False) -> None:
        """A phone texts the desk."""
        message = Message(self.dice.new_id(), "sms", sender, body, self.now, media_count=media_count, late=late)
        self._words[message.id] = body
        self.tell(sender, message)
        self.move_clock(timedelta())

    def heard(self, number: str) -> str | None:
        """The next text to a phone."""
        return self._sent[number].popleft() if self._sent[number] else None

    def comment(self, author: str, case_number: str, words: str) -> None:
        """A caseworker comments."""
        case = self._numbered(case_number)
        if case is None:
            raise KeyError(case_number)
        comment = self.dice.new_id()
        case.comments.append((comment, author, words))
        case.unread += 1
        self.tell(case.reporter, Commented(comment, case.id, case.number, author, words))

    def take_over(self, case_number: str) -> None:
        """A caseworker takes the conversation that a case was reported in."""
        case = self._numbered(case_number)
        if case is None:
            raise KeyError(case_number)
        self.tell(case.reporter, TakenOver(case.id, case.number))

    def change_status(self, case_number: str, status: str) -> None:
        """A caseworker moves a case on."""
        case = self._numbered(case_number)
        if case is None:
            raise KeyError(case_number)
        case.status = status
        self.tell(case.reporter, StatusChanged(case.id, case.number, status))

    def move_clock(self, by: timedelta) -> None:
        """The clock moves on; timers that are due are told."""
        self.now += by
        due = [one for one in self._pending if one[0] <= self.now]
        self._pending = [one for one in self._pending if one[0] > self.now]
        for _, number, told in due:
            self.tell(number, told)

    def case(self, number: str) -> CaseSeen | None:
        """A case as it stands."""
        case = self._numbered(number)
        if case is None:
            return None
        return CaseSeen(case.form, case.status, case.values, tuple(words for _, _, words in case.comments))

    def state(self, number: str) -> State:
        """A conversation's state, thawed."""
        return thaw(self._talking[number].state)

    def draft(self, number: str) -> Draft | None:
        """A conversation's active draft, thawed."""
        frozen = self._talking[number].draft
        return thaw_draft(frozen) if frozen else None

    def code(self, number: str) -> str | None:
        """The code that a phone was sent last and has not brought back."""
        code = self._talking[number].code
        return code[1] if code else None

    def tell(self, number: str, told: Input) -> Turn:
        """Tell a conversation something; returns the turn it took. Raises AssertionError past the rounds."""
        talking = self._talking[number]
        if isinstance(told, Message):
            talking = self._talking[number] = self._heard(talking)
        facts = Facts(number, opted_out=talking.opted_out, code=self._code(talking, told), turns=talking.turns)
        found: dict[Query[Any], Any] = {}
        for _ in range(ROUNDS):
            facts = Facts(facts.address, facts.channel, facts.opted_out, True, facts.code, facts.turns, found)
            turn = take_turn(self.desk, self.state(number), self.draft(number), told, facts, self.now, self.dice)
            if isinstance(turn, Turn):
                return self._taken(number, talking, turn)
            found = {**found, **self._answers(number, turn)}
        raise AssertionError("a turn asked for more, round after round")

    def _heard(self, talking: Talking) -> Talking:
        """The conversation as it goes on; after a long silence begun anew, perhaps by another person."""
        if talking.turns and self.now - talking.heard_at > limits.SILENT:
            talking = Talking(turns=talking.turns, opted_out=talking.opted_out, epoch=talking.epoch + 1)
        talking.heard_at = self.now
        return talking

    def _taken(self, number: str, talking: Talking, turn: Turn) -> Turn:
        talking.turns += 1
        talking.state = freeze(turn.state)
        talking.draft = freeze_draft(turn.draft) if turn.draft else None
        for effect in turn.effects:
            do = DONE.get(type(effect))
            if do:
                do(self, number, effect)
        self.turns.append(turn)
        return turn

    def _code(self, talking: Talking, told: Input) -> CodeCheck:
        if not talking.code or not isinstance(told, Message):
            return CodeCheck()
        challenge, code, tries = talking.code
        typed = find_code(told.text, len(code))
        if typed is None:
            return CodeCheck()
        if tries == TRIES:
            return CodeCheck("wrong", 0)
        if typed == code:
            talking.code = None
            return CodeCheck("right", TRIES - tries)
        talking.code = (challenge, code, tries + 1)
        return CodeCheck("wrong", TRIES - tries - 1)

    def _answers(self, number: str, needs: Needs) -> dict[Query[Any], Any]:
        return {query: ANSWERED[type(query)](self, number, query) for query in needs.queries}

    def _holders(self, number: str, query: Query[Any]) -> tuple[Holder, ...]:
        talking = self._talking[number]
        return tuple(Holder(contact, name, talking.trusted_until) for contact, name in talking.holders.items())

    def _reported(self, number: str, query: Any) -> tuple[CaseLine, ...]:
        cases = [case for case in self._cases.values() if self._is_theirs(number, case, query.reporter)]
        lines = [self._line(case) for case in cases if self._is_open(case) is not query.closed]
        return tuple(sorted(lines, key=lambda line: (line.opened_at, line.case), reverse=True))

    def _reported_case(self, number: str, query: Any) -> CaseLine | None:
        case = self._numbered(query.number)
        return self._line(case) if case and self._is_theirs(number, case, query.reporter) else None

    def _last_comment(self, number: str, query: Any) -> CommentLine | None:
        comments = [one for one in self._cases[query.case].comments if one[1]]
        return CommentLine(*comments[-1], at=self.now) if comments else None

    def _answers_of(self, number: str, query: Any) -> Mapping[str, str]:
        return {name: shown for name, shown in self._cases[query.case].values.items() if set(shown) != {"*"}}

    def _words_of_cases(self, number: str, query: Any) -> Mapping[str, tuple[str, ...]]:
        theirs = [case for case in self._cases.values() if self._is_theirs(number, case)]
        comments = {case.id: [words for _, _, words in case.comments] for case in theirs}
        return {
            case.id: (*self._answers_of(number, CaseAnswers(case.id)).values(), *comments[case.id]) for case in theirs
        }

    def _last_answer(self, number: str, query: Any) -> Json:
        theirs = [case for case in self._cases.values() if case.id != query.but and self._is_theirs(number, case)]
        found = None
        for case in theirs:
            known, thing = case.answers.get(query.field), case.answers.get(query.about[0]) if query.about else None
            is_about_it = query.about is None or (thing is not None and thing.value == query.about[1])
            if known and not known.sealed and is_about_it:
                found = known.value
        return found

    def _is_theirs(self, number: str, case: Case, contact: str | None = None) -> bool:
        is_of_contact = contact is None or case.contact in (None, contact)
        return is_of_contact and (case.reporter, case.epoch) == (number, self._talking[number].epoch)

    def _register(self, number: str, query: Any) -> Mapping[str, str] | None:
        return self.registers.get(query.register, {}).get(query.key)

    def _register_rows(self, number: str, query: Any) -> tuple[Mapping[str, str], ...]:
        rows = self.registers.get(query.register, {})
        return tuple(rows[key] for key in sorted(rows))[: query.most]

    def _codes_sent(self, number: str, query: Any) -> CodeCounts:
        return CodeCounts(subject_wrong_tries_day=self._talking[number].wrong_tries)

    def _nearest(self, number: str, query: Any) -> Mapping[str, str] | None:
        rows = self.registers.get(query.register, {}).values()
        standing = ((point, row) for row in rows if (point := point_of(row)))
        near = ((metres_between((query.lat, query.lon), point), row) for point, row in standing)
        found = min(near, key=lambda one: one[0], default=None)
        return found[1] if found and found[0] <= query.within_m else None

    def _alerts_sent(self, number: str, query: Query[Any]) -> tuple[AlertSent, ...]:
        sent = [one for one in self._alerts.values() if number in one.alerted]
        return tuple(AlertSent(one.id, one.case, self._cases[one.case].number, one.word, one.seen) for one in sent)

    def _alert_at(self, number: str, query: Any) -> StandingAlert | None:
        own = self._alerts.get(query.own)
        if own and not own.into and (own.seen or len(self._merged(own.id)) > 1):
            return None
        into = own.into if own else None
        standing = [one for one in self._alerts.values() if not one.into and not one.seen and one.id != query.own]
        candidates = [self._alerts[into], *standing] if into else standing
        found = next((one for one in candidates if one.spot and is_same(one.spot, query.spot)), None)
        return StandingAlert(found.id, found.case, found.word, len(self._merged(found.id))) if found else None

    def _parked(self, number: str, query: Any) -> Draft | None:
        parked = self._talking[number].parked.get(query.draft)
        return thaw_draft(parked) if parked else None

    def _line(self, case: Case) -> CaseLine:
        return CaseLine(case.id, case.number, case.form, case.status, case.opened_at, case.unread)

    def _is_open(self, case: Case) -> bool:
        return all(one.open for one in self.desk.desk.statuses if one.id == case.status)

    def _numbered(self, number: str) -> Case | None:
        series, _, digits = number.partition("-")
        return next((one for one in self._cases.values() if _same_number(one.number, series, digits)), None)

    def _send(self, number: str, text: Text) -> None:
        self._sent[number].append(plain(text, self._fill))

    def _fill(self, mark: Mark) -> str | None:
        return self._cases[mark.of].number if mark.mark == "case_number" else None

    def _say(self, number: str, effect: Say) -> None:
        if not effect.withheld:
            self._send(number, effect.text)

    def _send_code(self, number: str, effect: SendCode) -> None:
        code = str(next(self._codes)).zfill(effect.digits)[-effect.digits :]
        tries = self._talking[number].code[2] if effect.again and self._talking[number].code else 0  # type: ignore[index]
        self._talking[number].code = (effect.challenge, code, tries)
        text = tuple(code if isinstance(part, Mark) and part.mark == "code" else part for part in effect.text)
        self._send(number, text)

    def _accept(self, number: str, effect: AcceptCode) -> None:
        talking = self._talking[number]
        talking.trusted_until = effect.trusted_until
        talking.holders = talking.holders or {effect.contact: None}
        for case in self._cases.values():
            if case.contact is None and self._is_theirs(number, case):
                case.contact = self._one_holder(number)

    def _one_holder(self, number: str) -> str | None:
        """Who holds the number, where it is proved and one alone does."""
        talking = self._talking[number]
        is_trusted = talking.trusted_until and talking.trusted_until > self.now
        return next(iter(talking.holders)) if is_trusted and len(talking.holders) == 1 else None

    def _name_holder(self, number: str, effect: NameHolder) -> None:
        self._talking[number].holders[effect.contact] = effect.name

    def _name_reporter(self, number: str, effect: NameReporter) -> None:
        self._cases[effect.case].contact = effect.contact

    def _end_trust(self, number: str, effect: EndTrust) -> None:
        self._talking[number].trusted_until = None
        self._talking[number].code = None

    def _end_code(self, number: str, effect: EndCode) -> None:
        self._talking[number].code = None

    def _open_case(self, number: str, effect: OpenCase) -> None:
        series = self.desk.desk.series[effect.series]
        prefix = series.pattern.partition("#")[0]
        count = sum(case.number.startswith(prefix) for case in self._cases.values())
        shown = written_number(series, series.first + count)
        case = Case(effect.case, shown, effect.form, effect.status, number, self._talking[number].epoch, self.now)
        case.contact = self._one_holder(number)
        self._cases[effect.case] = case

    def _set_values(self, number: str, effect: SetValues) -> None:
        self._cases[effect.case].values.update(effect.shown)
        self._cases[effect.case].answers.update(effect.answers)

    def _drop_values(self, number: str, effect: DropValues) -> None:
        for field_id in effect.fields:
            self._cases[effect.case].values.pop(field_id, None)
            self._cases[effect.case].answers.pop(field_id, None)

    def _change_status(self, number: str, effect: ChangeStatus) -> None:
        self._cases[effect.case].status = effect.status

    def _add_comment(self, number: str, effect: AddComment) -> None:
        self._cases[effect.case].comments.append((effect.comment, "", self._words[effect.message]))

    def _read(self, number: str, effect: ReadComments) -> None:
        self._cases[effect.case].unread = 0

    def _raise_alert(self, number: str, effect: RaiseAlert) -> None:
        known = self._alerts.get(effect.alert)
        alert = Alert(effect.alert, effect.case, effect.word, number, [], effect.spot, effect.into)
        alert.alerted = known.alerted if known else []
        self._alerts[effect.alert] = alert
        if effect.into:
            self._tell_alerted(effect.alert, effect.text)
        else:
            alert.alerted = [effect.numbers[0]]
            self._send(effect.numbers[0], effect.text)

    def _place_alert(self, number: str, effect: PlaceAlert) -> None:
        if effect.alert in self._alerts:
            self._alerts[effect.alert].spot = effect.spot

    def _add_to_alert(self, number: str, effect: AddToAlert) -> None:
        self._tell_alerted(effect.alert, effect.text)

    def _tell_alerted(self, alert: str, text: Text) -> None:
        for number in dict.fromkeys(number for one in self._merged(alert) for number in one.alerted):
            self._send(number, text)

    def _merged(self, alert: str) -> list[Alert]:
        """The alert that goes on, and all that were merged into it."""
        target = self._alerts[alert].into or alert
        return [one for one in self._alerts.values() if target in (one.id, one.into)]

    def _acknowledge(self, number: str, effect: AcknowledgeAlert) -> None:
        for alert in self._merged(effect.alert):
            if not alert.seen:
                alert.seen = True
                told = AlertAcknowledged(alert.id, alert.case, self._cases[alert.case].number, effect.at)
                self._pending.append((self.now, alert.reporter, told))

    def _park(self, number: str, effect: ParkDraft) -> None:
        self._talking[number].parked[effect.draft.id] = freeze_draft(effect.draft)

    def _mask(self, number: str, effect: MaskMessage) -> None:
        self._words[effect.message] = effect.text

    def _count_wrong_facts(self, number: str, effect: CountWrongFacts) -> None:
        self._talking[number].wrong_tries += 1

    def _set_timer(self, number: str, effect: SetTimer) -> None:
        self._pending.append((effect.due, number, effect.input))

    def _opt_out(self, number: str, effect: OptOut) -> None:
        self._talking[number].opted_out = effect.by

    def _opt_in(self, number: str, effect: OptIn) -> None:
        self._talking[number].opted_out = ""


def _same_number(number: str, series: str, digits: str) -> bool:
    own, _, counted = number.partition("-")
    if not digits:
        own, series, digits = "", "", series
    return own == series and digits.isdecimal() and int(counted) == int(digits)


DONE: Mapping[type[Effect], Callable[[PureStage, str, Any], None]] = {
    Say: PureStage._say,
    SendCode: PureStage._send_code,
    AcceptCode: PureStage._accept,
    EndCode: PureStage._end_code,
    EndTrust: PureStage._end_trust,
    CountWrongFacts: PureStage._count_wrong_facts,
    OpenCase: PureStage._open_case,
    SetValues: PureStage._set_values,
    ChangeStatus: PureStage._change_status,
    DropValues: PureStage._drop_values,
    AddComment: PureStage._add_comment,
    ReadComments: PureStage._read,
    RaiseAlert: PureStage._raise_alert,
    PlaceAlert: PureStage._place_alert,
    AddToAlert: PureStage._add_to_alert,
    AcknowledgeAlert: PureStage._acknowledge,
    MaskMessage: PureStage._mask,
    NameHolder: PureStage._name_holder,
    NameReporter: PureStage._name_reporter,
    ParkDraft: PureStage._park,
    SetTimer: PureStage._set_timer,
    OptOut: PureStage._opt_out,
    OptIn: PureStage._opt_in,
}
ANSWERED: Mapping[type[Query[Any]], Callable[[PureStage, str, Any], Any]] = {
    Holders: PureStage._holders,
    ReportedCases: PureStage._reported,
    ReportedCase: PureStage._reported_case,
    LastComment: PureStage._last_comment,
    CaseAnswers: PureStage._answers_of,
    CaseWords: PureStage._words_of_cases,
    LastAnswer: PureStage._last_answer,
    RegisterEntry: PureStage._register,
    RegisterRows: PureStage._register_rows,
    NearestEntry: PureStage._nearest,
    AlertsSent: PureStage._alerts_sent,
    AlertAt: PureStage._alert_at,
    ParkedDraft: PureStage._parked,
    WrongWords: lambda stage, number, query: 0,
    CodesSent: PureStage._codes_sent,
    RecentAnswers: lambda stage, number, query: AnswerCounts(),
}
