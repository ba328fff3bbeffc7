"""The next question, derived from the answers: a missing one, a vague place, «is it right?», the read-back."""

from conversations.desk.model import FormField
from conversations.moves import (
    collect,
    danger,
    hand_over,
    identify,
    last_time,
    look_up,
    opening,
    options,
    prefill,
    reply,
    review,
)
from conversations.state import Answer, Note
from conversations.talk import Talk


def go_on(talk: Talk) -> None:
    """Put the next question: danger's, the active draft's, or the one that words without a place wait for."""
    handed = talk.state.handed_over
    if talk.question or talk.state.digression:
        return
    if talk.state.danger_asked:
        if not handed:
            danger.put(talk)
        return
    if handed:
        hand_over.pass_on(talk, handed.case, talk.take_held())
        return
    held = talk.take_held()
    if held and not talk.draft:
        _find_place(talk, held)
    if not talk.draft or talk.question:
        return
    collect.fill(talk, held)
    prefill.fill(talk)
    look_up.use_relation(talk)
    if talk.form.identity == "before" and not talk.is_trusted and not look_up.asks_facts_first(talk):
        identify.demand(talk)
        return
    # What is asked anew goes before what was not asked yet.
    again = talk.active_draft.again
    for field in sorted(collect.applicable(talk), key=lambda one: one.id != again):
        if _asked_about(talk, field):
            return
    if talk.form.kind != "lookup":
        review.ask(talk)
    elif look_up.answer(talk):
        go_on(talk)


def _find_place(talk: Talk, held: tuple[Note, ...]) -> None:
    """Words without a place: the question that finds it is put again, once nothing else is asked."""
    if talk.state.challenge:
        talk.hold(*held)
    elif not reply.belongs_to_open_case(talk, held):
        opening.open_with(talk, held)


def _asked_about(talk: Talk, field: FormField) -> bool:
    draft = talk.active_draft
    known = None if draft.again == field.id else draft.answers.get(field.id)
    if known is None:
        if field.id in talk.active_draft.skipped:
            return False
        _ask(talk, field)
        return True
    if known.confirmed:
        return False
    if collect.is_vague(known):
        talk.ask(f"field:{field.id}", talk.text("place.where_at", place=collect.shown(talk, field, known)))
        return True
    if field.confirm:
        _ask_right(talk, field, known)
    return field.confirm


def _ask(talk: Talk, field: FormField) -> None:
    text = talk.own(field.ask) if field.ask else talk.text("lookup.also", field=talk.own_words(field.label))
    last_time.ask(talk, field, text)


def _ask_right(talk: Talk, field: FormField, known: Answer) -> None:
    value = known.value
    unknown = isinstance(value, dict) and bool(value.get("object")) and not value.get("verified")
    text = talk.text("confirm.unverified" if unknown else "confirm.right", value=collect.shown(talk, field, known))
    talk.ask(f"confirm:{field.id}", text, options.yes_or_no(talk))
