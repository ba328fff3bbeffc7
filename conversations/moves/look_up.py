"""A look-up: what must be known, accepted and proved first; then a register's rows answer it, and no case is opened."""

from datetime import timedelta
from typing import Final

from conversations import limits
from conversations.desk.model import Identity, Localized, Reply
from conversations.effects import CountWrongFacts, ParkDraft, RecordConsent
from conversations.facts import CodesSent, RegisterRows
from conversations.fields.contract import Row
from conversations.inputs import Message
from conversations.moves import collect, correction, drafts, hand_over, identify, options
from conversations.state import Answer, Note, Relation
from conversations.talk import Talk
from conversations.text import Mark, Text, plain
from conversations.typed import bare
from conversations.words import Command, shown

GUEST_FOR: Final = timedelta(hours=24)
"""How long what was proved is shown without being proved again, where the customer has not kept it."""
WRONG_FACTS: Final = 3
"""Wrong tries of an address within a day, facts and codes together, after which a person takes over."""
_WHOLE_TEXT: Final = frozenset(map(bare, ("vilkår", "vilkårene", "villkor", "villkoren", "terms", "the terms")))


def asks_facts_first(talk: Talk) -> bool:
    """Whether the form under way asks for the facts before a code: not of who has kept what they proved."""
    return _asks_facts(talk) and all(one.guest for one in _relations(talk))


def answer(talk: Talk) -> bool:
    """All of its fields are known: ask for what must be accepted or proved still, else answer. True: it is over."""
    identity, form, is_of_facts = talk.desk.desk.identity, talk.form, _asks_facts(talk)
    if form.identity == "before":
        if identity.terms and talk.state.terms != identity.terms_version:
            _ask_terms(talk, identity)
            return False
        if not talk.is_trusted:
            identify.demand(talk)
            return False
    if is_of_facts:
        proved = _proved(talk)
        if not proved:
            return _not_theirs(talk)
        for one in proved:
            talk.change(relations=_with(talk, one))
    _show(talk)
    _leave(talk)
    relation = next(iter(_relations(talk)), None)
    if is_of_facts and relation and relation.guest and not talk.draft:
        talk.say("lookup.keep", save=shown(Command.SAVE, talk.language))
    return True


def terms(talk: Talk) -> bool:
    """Read the answer to the terms: accepted, refused, or the whole text first."""
    asked = talk.state.asked
    if not talk.draft or not asked or asked.what != "terms":
        return False
    identity = talk.desk.desk.identity
    said = options.read(talk, asked)
    if bare(talk.message.text) in _WHOLE_TEXT and identity.terms_in_full:
        talk.said.append((talk.own_words(identity.terms_in_full),))
    elif (said is None or said.rest) and correction.correct(talk):
        # «Nei, målepunktet er …»: it is the number that is wrong.
        pass
    elif said is None:
        return False
    elif said.value == "yes":
        _accept_terms(talk, identity)
        _keep_rest(talk, said.rest)
    else:
        _record(talk, identity, given=False)
        talk.say("terms.refused")
        _keep_rest(talk, said.rest)
        _leave(talk)
    talk.moved = True
    return True


def _keep_rest(talk: Talk, rest: str) -> None:
    if rest:
        collect.fill(talk, (talk.note(rest),))


def keep(talk: Talk) -> bool:
    """LAGRE after a look-up: what was proved stays with this address, to be shown when it is proved anew."""
    guests = () if talk.draft else _relations(talk)
    if not guests or not guests[0].guest:
        return False
    kept = Relation(guests[0].register, guests[0].key)
    talk.change(relations=(kept, *guests[1:]))
    talk.moved = True
    talk.say("lookup.kept", what=_named(talk, kept))
    return True


def use_relation(talk: Talk) -> None:
    """Who has proved the facts before need not know them again."""
    if not _asks_facts(talk) or any(one.source == "said" for one in talk.active_draft.answers.values()):
        return
    known = _relations(talk)
    row = talk.register_row(known[0].register, known[0].key) if known and talk.is_trusted else None
    if row:
        facts = talk.desk.desk.identity.facts
        given = {one.field: row[one.column] for one in facts if one.register_ == known[0].register}
        filled = {key: Answer(text, text, talk.now, source="prefilled", confirmed=True) for key, text in given.items()}
        talk.redraft(answers={**talk.active_draft.answers, **filled})


def _asks_facts(talk: Talk) -> bool:
    return talk.form.id == talk.desk.desk.identity.facts_form


def _ask_terms(talk: Talk, identity: Identity) -> None:
    if identity.terms:
        talk.ask("terms", talk.own(identity.terms), options.yes_or_no(talk), about=identity.terms_version)


def _accept_terms(talk: Talk, identity: Identity) -> None:
    _record(talk, identity, given=True)
    talk.change(terms=identity.terms_version, asked=None)


def _record(talk: Talk, identity: Identity, *, given: bool) -> None:
    value = {"given": given, "version": identity.terms_version, "ends": "withdrawn"}
    words = Answer(value, talk.message.text, talk.now, talk.message.id)
    talk.do(RecordConsent(talk.dice.new_id(), None, "terms", words, talk.customer("wrote")))


def _proved(talk: Talk) -> tuple[Relation, ...]:
    """The rows in which the answers stand together, however they were typed; none where a register has no such row."""
    answers, facts = talk.active_draft.answers, talk.desk.desk.identity.facts
    if talk.facts.find(CodesSent(None)).subject_wrong_tries_day >= limits.WRONG_A_DAY:
        return ()
    proved: list[Relation] = []
    for name in dict.fromkeys(one.register_ for one in facts):
        wanted = {one.column: str(answers[one.field].value) for one in facts if one.register_ == name}
        key = wanted.get(talk.desk.desk.registers[name].key)
        row = talk.register_row(name, key) if key else None
        if key is None or row is None:
            return ()
        if any(bare(row.get(column, "")) != bare(value) for column, value in wanted.items()):
            return ()
        proved.append(Relation(name, key, guest=True, until=talk.now + GUEST_FOR))
    return tuple(proved)


def _with(talk: Talk, proved: Relation) -> tuple[Relation, ...]:
    known = _relations(talk)
    same = [one for one in known if (one.register, one.key) == (proved.register, proved.key)]
    kept = next((one for one in same if not one.guest), proved)
    return (kept, *(one for one in known if one not in same))


def _relations(talk: Talk) -> tuple[Relation, ...]:
    """What this person has proved to be theirs, and is not over."""
    return tuple(one for one in talk.state.relations if not one.until or one.until > talk.now)


def _not_theirs(talk: Talk) -> bool:
    """Nothing is told of why: the same sentence whether the row is missing or another's."""
    tries = talk.facts.find(CodesSent(None)).subject_wrong_tries_day + 1
    talk.do(CountWrongFacts())
    reply = talk.form.reply
    if reply:
        talk.said.append(talk.own(reply.none))
    if tries >= WRONG_FACTS:
        # A turn that no message began asks again what was wrong before.
        newest = (talk.note(),) if isinstance(talk.told, Message) else ()
        written = {note.message: note for note in (*_end(talk), *newest)}
        case = hand_over.to_person(talk, "wrong_facts", tuple(written.values()))
        talk.say("agent.weary", case=Mark("case_number", case), menu=shown(Command.MENU, talk.language))
        return True
    draft, asked = talk.active_draft, [one.field for one in talk.desk.desk.identity.facts]
    given = {draft.answers[one].message: draft.answers[one] for one in asked}
    # The numbers are forgotten, and nothing that was written beside them.
    beside = {note.message for note in collect.unplaced(talk, draft)}
    whole = [Note(one.words, message, one.at) for message, one in given.items() if message and message in beside]
    talk.redraft(notes=(*(note for note in draft.notes if note.message not in given), *whole))
    for field in asked:
        collect.forget(talk, field)
    return True


def _show(talk: Talk) -> None:
    reply = talk.form.reply
    if reply is None or reply.register_ is None:
        raise ValueError("a look-up that reads no register")
    rows = _rows(talk, reply, reply.register_)
    if not rows:
        talk.said.append(talk.own(reply.none))
        return
    if reply.head:
        talk.said.append(talk.own(reply.head))
    talk.said.extend(_said(talk, reply.register_, reply.text, row) for row in rows)


def _rows(talk: Talk, reply: Reply, register: str) -> tuple[Row, ...]:
    by = reply.by.get(talk.desk.desk.registers[register].key)
    if by is None:
        return talk.facts.find(RegisterRows(register, reply.most))
    known = talk.active_draft.answers.get(by)
    row = talk.register_row(register, str(known.value)) if known else None
    return (row,) if row else ()


def _named(talk: Talk, relation: Relation) -> str:
    register, row = talk.desk.desk.registers[relation.register], talk.register_row(relation.register, relation.key)
    if row is None or register.shown is None:
        return relation.key
    return plain(_said(talk, relation.register, register.shown, row))


def _said(talk: Talk, register: str, texts: Localized, row: Row) -> Text:
    columns = talk.desk.desk.registers[register].columns
    return talk.own(texts, **{**dict.fromkeys(columns, ""), **row})


def _end(talk: Talk) -> tuple[Note, ...]:
    """It is over; what was written beside it."""
    beside = collect.unplaced(talk, talk.active_draft)
    drafts.leave(talk, talk.active_draft, "dropped")
    talk.change(digression=None)
    return beside


def _leave(talk: Talk) -> None:
    """It is over, and a person reads what was written beside it; what it came in between is gone on with."""
    at_once = any(isinstance(one, ParkDraft) for one in talk.effects)
    beside = _end(talk)
    if beside:
        case = hand_over.give(talk, "words_unplaced", beside)
        talk.say("lookup.passed_on", case=Mark("case_number", case))
    if drafts.take_up_interrupted(talk) and not at_once:
        talk.say("draft.resumed", form=talk.own_words(talk.form.name))
