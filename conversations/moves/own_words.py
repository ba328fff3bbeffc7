"""The desk's own words: «ANLEGG», «FIRMA 123 456 785», each begins its form, with an argument where it takes one."""

from collections.abc import Iterator
from itertools import chain

from conversations.desk.model import Form, FormField, Word
from conversations.fields import KINDS
from conversations.fields.contract import Taken
from conversations.moves import collect, opening
from conversations.state import Language
from conversations.talk import Talk
from conversations.typed import one_line
from conversations.words import FREE_TEXT, typed_as

WHATEVER = "{text}"


def begin(talk: Talk) -> bool:
    """The whole message is such a word, or one and an argument that its field takes in full.

    While free text is asked for, the bare word only.
    """
    for form, word, _, rest in _named(talk):
        if not rest:
            if not talk.draft or talk.draft.form != form.id:
                opening.begin_form(talk, form, ())
            talk.moved = True
            return True
        if word.fills and talk.asked_kind not in FREE_TEXT and _with_argument(talk, form, word, word.fills, rest):
            return True
    return False


def of_field(talk: Talk) -> bool:
    """A word of a field of the form under way, and its answer: «PRIORITET HØY»; the word alone asks for it."""
    words, is_free = one_line(talk.message.text).split(" "), talk.asked_kind in FREE_TEXT
    for field in talk.form.fields if talk.draft else ():
        if field.kind not in collect.ASKED or field.after_send or not collect.is_wanted(talk, field):
            continue
        forms = tuple(chain.from_iterable(field.word.values()))
        for count in sorted({len(one.split(" ")) for one in forms}, reverse=True):
            rest = " ".join(words[count:])
            if typed_as(" ".join(words[:count]), forms) and _answers(talk, field, rest, is_free=is_free):
                talk.moved = True
                return True
    return False


def _answers(talk: Talk, field: FormField, rest: str, *, is_free: bool) -> bool:
    if not rest:
        collect.ask_again(talk, field.id)
        return True
    taken = None if is_free else KINDS[field.kind].read(field, rest, talk.context())
    if isinstance(taken, Taken):
        collect.take(talk, field, taken, talk.note(rest))
        shown = collect.shown(talk, field, talk.active_draft.answers[field.id])
        talk.said.append((f"{talk.own_words(field.label)}: {shown}.",))
    return isinstance(taken, Taken)


def is_named(talk: Talk) -> bool:
    """Whether the message begins with such a word."""
    return any(True for _ in _named(talk))


def language(talk: Talk) -> Language | None:
    """The one language that has the word which the message begins with."""
    spoken = {one for _, word, said, _ in _named(talk) for one, forms in word.word.items() if typed_as(said, forms)}
    return spoken.pop() if len(spoken) == 1 else None


def _named(talk: Talk) -> Iterator[tuple[Form, Word, str, str]]:
    """Each word that the message begins with, as it was typed, and what stands behind it."""
    words = one_line(talk.message.text).split(" ")
    for form in opening.available(talk):
        for word in form.commands:
            for count in {len(one.split(" ")) for one in word.forms}:
                said, rest = " ".join(words[:count]), " ".join(words[count:])
                if typed_as(said, word.forms):
                    yield form, word, said, rest


def _with_argument(talk: Talk, form: Form, word: Word, field_id: str, argument: str) -> bool:
    field = talk.desk.field(form.id, field_id)
    taken = KINDS[field.kind].read(field, argument, talk.context())
    if not isinstance(taken, Taken) or (taken.rest and word.argument != WHATEVER):
        return False
    opening.begin_form(talk, form, ())
    collect.take(talk, field, taken, talk.note(argument))
    return True
