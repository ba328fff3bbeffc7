"""The read-back, and what is said to it: SEND, RETT, TILBAKE, HOPP OVER, AVBRYT."""

from typing import Literal

from conversations.desk.model import FormField
from conversations.effects import ChangeStatus, HandOver, OpenCase, RecordConsent
from conversations.fields import KINDS, yes_no
from conversations.moves import collect, correction, drafts, hand_over, identify, status, who
from conversations.state import Draft, Option
from conversations.talk import Talk
from conversations.text import Mark, Text, compose
from conversations.typed import bare
from conversations.words import Command, is_correction, is_question, read_command, read_yes_no, shown

_OF_A_PERSON = ("name", "postal_address")
_AROUND_SEND = frozenset(
    map(bare, "takk tack thanks thank you please bare berre bara just inn in det den it gjerne gärna".split())
)


def ask(talk: Talk) -> None:
    """Read the draft back, with the case's number where it has one."""
    draft = talk.active_draft
    send, edit = shown(Command.SEND, talk.language), shown(Command.EDIT, talk.language)
    values = {"summary": summary(talk), "send": send, "edit": edit}
    if draft.case:
        text = talk.text("review.case", case=Mark("case_number", draft.case), **values)
    else:
        text = talk.text("review.draft", **values)
    talk.ask("review", text)


def summary(talk: Talk) -> Text:
    """The form's title filled with the answers, then those answers that were given and that it does not have."""
    draft = talk.active_draft
    answered = [
        one
        for one in talk.form.fields
        if one.id in draft.answers and one.kind in KINDS and collect.is_wanted(talk, one)
    ]
    values = {one.id: _read_back(talk, one) for one in answered}
    title, used = _title(talk, values)
    # What was known of a person already may be another's of the house, or be out of date.
    known = {one.id for one in answered if any(source.contact in _OF_A_PERSON for source in one.prefill)}
    said = {key for key, one in draft.answers.items() if one.is_given or key in known}
    rest = [value for key, value in values.items() if key in said and key not in used and value]
    line = ", ".join([title, *rest]).rstrip()
    return (line if line.endswith(("!", "?", "...")) else f"{line.rstrip('.')}.",)


def answer(talk: Talk) -> bool:
    """A plain yes to the read-back sends; a no asks what is wrong."""
    if talk.asked_kind != "review":
        return False
    text = talk.message.text
    said = yes_no.in_words(text)
    if said and not said.rest and talk.state.digression:
        # A yes to «what do you want to change?» sends nothing, a no changes nothing: it is read back again.
        talk.moved = True
    elif said and said.value == "yes" and (not said.rest or _says_send(said.rest)):
        send(talk)
    elif said and not said.rest:
        edit(talk, None)
    else:
        talk.moved = True
        if not correction.correct(talk):
            collect.fill(talk, (talk.note(),))
            if is_correction(text) and not is_question(text):
                # What is not right is not read back again as if nobody had said so.
                edit(talk, None)
            else:
                talk.say("question.noted" if is_question(text) else "review.noted")
    return True


def _says_send(text: str) -> bool:
    """«send», «takk send det inn»: the word, and nothing that says more."""
    heard = [read_command(word) for word in bare(text).split() if word not in _AROUND_SEND]
    return [one and one.command for one in heard] == [Command.SEND]


def send(talk: Talk) -> None:
    """SEND: the case is the desk's. What is still missing is asked for first, but never of a danger."""
    if not talk.draft or talk.form.kind == "lookup":
        if talk.state.cases and not talk.draft:
            talk.say("send.before", case=Mark("case_number", talk.state.cases[-1]))
        else:
            talk.say("send.nothing")
        return
    talk.moved = True
    draft = talk.draft
    if not _may_go_on(talk):
        return
    missing = [one for one in collect.applicable(talk) if _is_missing(talk, one.id)]
    if missing and not _is_danger(talk):
        again = draft.again
        passed = (again,) if again and again not in draft.answers and talk.field(again).optional else ()
        talk.redraft(again=None, skipped=(*draft.skipped, *passed))
        talk.say("send.missing", field=talk.own_words(missing[0].label))
        return
    if not _is_danger(talk) and talk.asked_kind != "review":
        # Nothing is sent that was not read back: it is now, and what need not be answered, or is already, is not asked.
        optional = [one.id for one in collect.applicable(talk) if one.optional and one.id not in draft.answers]
        talk.redraft(skipped=tuple(dict.fromkeys((*draft.skipped, *optional))), again=None)
        return
    if talk.form.kind == "profile" and not drafts.words_of(draft):
        talk.say("profile.unchanged")
        _leave(talk, "dropped")
    else:
        _sent(talk, _filed(talk))
    _resume(talk)


def open_early(talk: Talk) -> None:
    """A form whose case opens at once: as soon as it has an answer. What is answered after that stands on the case."""
    draft = talk.draft
    is_said = draft is not None and any(one.is_given for one in draft.answers.values())
    if draft and is_said and not draft.case and talk.form.opens == "at_once":
        talk.say("send.early", at=status.when(talk, talk.now), case=Mark("case_number", open_case(talk)))


def file_as_it_stands(talk: Talk) -> str | None:
    """Something else comes first: what was written becomes a case, unless its form is for proved numbers."""
    draft = talk.draft
    if not draft or not (draft.answers or draft.notes) or not may_be_filed(talk) or _is_danger(talk):
        return None
    case = _filed(talk)
    _leave(talk, "sent")
    return case


def open_case(talk: Talk) -> str:
    """The active draft's case, opened now if there is none: what is answered from here on stands on it too."""
    draft, form = talk.active_draft, talk.form
    if draft.case:
        return draft.case
    reported, received, *_ = talk.desk.desk.statuses
    case, opened = talk.dice.new_id(), reported if form.opens == "at_once" else received
    talk.do(OpenCase(case, form.id, form.series or "", opened.id, form.urgency, draft.id))
    who.reports(talk, case)
    talk.redraft(case=case)
    talk.change(cases=(*talk.state.cases, case))
    return case


def may_be_filed(talk: Talk) -> bool:
    """Whether the draft under way may become a case as it stands."""
    is_said = talk.form.kind != "profile" or bool(drafts.words_of(talk.active_draft))
    return talk.form.kind != "lookup" and is_said and _may_go_on(talk)


def leave_nothing(talk: Talk, reason: str) -> None:
    """Nobody can be asked any more: a person is shown all that was written and is no case yet, drafts put aside too."""
    talk.question = None
    talk.change(digression=None, danger_asked=None)
    asked, under_way = talk.state.asked, talk.draft if talk.draft and talk.draft.case else None
    if under_way:
        talk.draft = None
    while talk.draft or talk.state.parked:
        if talk.draft is None and not drafts.take_up(talk, talk.state.parked[-1]):
            continue
        case = file_as_it_stands(talk)
        if case:
            talk.do(HandOver(case, reason))
        elif talk.draft:
            if drafts.words_of(talk.draft):
                hand_over.give(talk, reason, ())
            if talk.draft is not None:
                _leave(talk, "dropped")
    if under_way:
        talk.draft = under_way
        talk.change(asked=asked)
    held = talk.take_held()
    if held:
        hand_over.give(talk, reason, held)


def drop(talk: Talk) -> None:
    """AVBRYT ends what was asked last: a code that was wanted, and its form, or the form. An open case stays open."""
    wanted = identify.asked_last(talk)
    if wanted:
        identify.end(talk)
        if not talk.draft or _may_go_on(talk) or wanted.purpose != identify.PURPOSE:
            talk.moved = True
            talk.say("code.dropped")
            return
    if not talk.draft:
        talk.say("drop.nothing")
        return
    talk.moved = True
    draft = talk.draft
    if draft.case:
        talk.say("drop.case_stays", case=Mark("case_number", draft.case))
        _tell_of_filed(talk, draft)
    else:
        talk.say("drop.done")
    _leave(talk, "sent" if draft.case else "dropped")
    _resume(talk)


def edit(talk: Talk, which: str | None) -> None:
    """RETT: ask what to correct, or go to the field that was named by number or label."""
    if not talk.draft:
        talk.say("edit.nothing")
        return
    talk.moved = True
    choices = _answered(talk)
    chosen = _named(which, choices) if which else None
    if chosen is None and len(choices) == 1:
        chosen = choices[0].key
    if chosen:
        collect.ask_again(talk, chosen)
        return
    if which and correction.correct(talk, which):
        return
    if which:
        talk.redraft(notes=(*talk.draft.notes, talk.note(which)))
    if choices:
        talk.ask("edit", talk.text("edit.which"), choices, digression=True)


def names_answer(talk: Talk, words: str, *, whole: bool) -> bool:
    """Whether the words are the label of something answered, or (not ``whole``) begin with one."""
    said = f"{bare(words)} "
    labels = [f"{bare(one.label)} " for one in _answered(talk)]
    return any(said == label or (not whole and said.startswith(label)) for label in labels)


def chosen(talk: Talk, field_id: str) -> None:
    """What to correct was chosen: it is asked again."""
    if talk.draft:
        collect.ask_again(talk, field_id)


def back(talk: Talk) -> None:
    """TILBAKE: the question before the one that stands is asked again."""
    if not talk.draft or not talk.state.asked:
        talk.say("back.nothing")
        return
    fields, standing = list(collect.applicable(talk)), talk.asked_field
    before = [one.id for one in (fields[: fields.index(standing)] if standing in fields else fields)]
    passed = [one for one in before if one in talk.draft.answers or one in talk.draft.skipped]
    if passed:
        collect.ask_again(talk, passed[-1])
    elif talk.draft.again:
        talk.redraft(again=None)
    else:
        talk.say("back.nothing")
        return
    talk.moved = True


def skip(talk: Talk) -> None:
    """HOPP OVER: an optional question is passed over; a vague place stands as it is."""
    field = talk.asked_field
    if not talk.draft or not field:
        talk.say("skip.nothing")
        return
    if field.id in talk.draft.answers and field.id != talk.draft.again:
        collect.settle(talk, field)
        talk.moved = True
    elif field.optional or field.id == talk.draft.again:
        collect.pass_over(talk, field)
    else:
        talk.say("skip.needed")


def _read_back(talk: Talk, field: FormField) -> str:
    """A value says what it is about where it does not do so by itself: a yes, a secret, a number on a thing."""
    known, label = talk.active_draft.answers[field.id], talk.own_words(field.label)
    if known.sealed:
        return f"{label.lower()} {''.join(map(str, talk.text('secret.kept')))}"
    if field.kind == "object":
        return f"{label.lower()} {known.value}"
    if known.value in [one.id for one in field.choices if one.takes in talk.active_draft.answers]:
        return ""
    value = collect.shown(talk, field, known)
    is_yes_or_no = known.value in ("yes", "no") or (field.optional and read_yes_no(value) is not None)
    if is_yes_or_no:
        return f"{label}: {value.lower()}"
    return f"{label}: {value}" if field.word and not field.ask else value


def _may_go_on(talk: Talk) -> bool:
    return talk.form.identity != "before" or talk.is_trusted


def _filed(talk: Talk) -> str:
    """The draft's case is sent, and opened where it was not."""
    draft, form = talk.active_draft, talk.form
    who.take_name(talk)
    case = open_case(talk)
    if draft.case:
        who.reports(talk, case)
    else:
        collect.write(talk, case, draft)
    if form.opens == "at_once":
        talk.do(ChangeStatus(case, talk.desk.desk.statuses[1].id))
    for field in form.fields:
        if field.kind == "consent" and field.id in draft.answers:
            purpose, answer = f"{form.id}.{field.id}", draft.answers[field.id]
            talk.do(RecordConsent(talk.dice.new_id(), case, purpose, answer, talk.customer("wrote")))
    return case


def _is_danger(talk: Talk) -> bool:
    danger = talk.desk.desk.danger
    return danger is not None and talk.form.id == danger.form


def _sent(talk: Talk, case: str) -> None:
    at = status.when(talk, talk.now)
    talk.say("send.done", at=at, case=Mark("case_number", case))
    if talk.form.sent:
        talk.said.append(talk.own(talk.form.sent))
    if not _tell_of_filed(talk, talk.active_draft) and not talk.is_trusted:
        talk.say("send.follow")
    _leave(talk, "sent")


def _tell_of_filed(talk: Talk, draft: Draft) -> bool:
    """What danger came in between of was filed as it stood: said once the danger is done with."""
    if draft.filed:
        talk.say("send.filed", case=Mark("case_number", draft.filed))
    return bool(draft.filed)


def _leave(talk: Talk, standing: Literal["sent", "dropped"]) -> None:
    drafts.leave(talk, talk.active_draft, standing)
    talk.change(digression=None)


def _resume(talk: Talk) -> None:
    if drafts.take_up_interrupted(talk):
        talk.say("draft.resumed", form=talk.own_words(talk.form.name))


def _is_missing(talk: Talk, field_id: str) -> bool:
    draft = talk.active_draft
    return field_id not in draft.answers and field_id not in draft.skipped and not talk.field(field_id).optional


def _answered(talk: Talk) -> tuple[Option, ...]:
    fields = [one for one in collect.applicable(talk) if one.id in talk.active_draft.answers]
    return tuple(Option(one.id, talk.own_words(one.label)) for one in fields)


def _named(which: str, choices: tuple[Option, ...]) -> str | None:
    said = bare(which)
    if said.isdecimal() and 1 <= int(said) <= len(choices):
        return choices[int(said) - 1].key
    return next((one.key for one in choices if bare(one.label).startswith(said)), None)


def _title(talk: Talk, values: dict[str, str]) -> tuple[str, set[str]]:
    name = talk.own_words(talk.form.name)
    title = talk.own_words(talk.form.title) if talk.form.title else ""
    used = {key for key in values if "{" + key + "}" in title}
    known = {**_columns(talk), **values}
    try:
        filled = "".join(map(str, compose(title, known)))
    except KeyError:
        return name, set()
    return " ".join(filled.split()) or name, used


def _columns(talk: Talk) -> dict[str, str]:
    """The columns of the rows that were named: ``object.place``; empty where none was."""
    columns: dict[str, str] = {}
    for field in talk.form.fields:
        register = talk.desk.desk.registers.get(field.register_ or "")
        known = talk.active_draft.answers.get(field.id)
        if not register or field.kind != "object":
            continue
        row = talk.register_row(field.register_ or "", str(known.value)) if known else None
        columns |= {f"{field.id}.{one}": (row or {}).get(one) or "" for one in register.columns}
    return columns
