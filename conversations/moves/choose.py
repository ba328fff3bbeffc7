"""A question beside the form's was asked: with numbered options, or who writes. All are read in one place."""

from collections.abc import Callable, Mapping

from conversations.moves import (
    correction,
    drafts,
    guide,
    opening,
    options,
    own_words,
    reply,
    review,
    status,
    who,
)
from conversations.talk import Talk
from conversations.typed import bare
from conversations.words import COURTESIES, read_command, read_yes_no

CHOSEN: Mapping[str, Callable[[Talk, str], None]] = {
    "cases": status.ask,
    "drafts": drafts.chosen,
    "edit": review.chosen,
    "language": guide.language,
    "menu": opening.chosen,
    "which_case": reply.chosen,
}
"""What follows the choice, by the question: it is given the option's key."""
ASKED_AGAIN: Mapping[str, str] = {
    "drafts": "draft.which",
    "edit": "edit.which",
    "language": "language.ask",
    "which_case": "comment.which",
}
"""The words of a question whose options stand."""
WENT_ON: Mapping[str, Callable[[Talk, str], None]] = {
    "drafts": drafts.resume,
    "status": status.ask,
    "which_case": reply.go_on,
}
"""What waited for who writes, by what stands before the colon: it is given what stands after it."""


def choose(talk: Talk) -> bool:
    """Read the message as a choice among the options of the digression that stands."""
    asked = talk.state.digression
    taken = (options.read(talk, asked) or reply.none_of_them(talk, asked)) if asked else None
    if asked is None or taken is None:
        return False
    talk.moved = True
    if taken.rest:
        talk.hold(talk.note(taken.rest))
    CHOSEN[asked.what](talk, taken.value)
    if talk.state.digression is asked:
        talk.change(digression=None)
    return True


def ask_again(talk: Talk) -> bool:
    """What chooses none of the options that stand: a number that is none of theirs, or words, where nothing else is
    asked. The question is put again, and the words are kept.
    """
    asked, text = talk.state.digression, talk.message.text
    if asked is None or asked.what not in ASKED_AGAIN or not talk.facts.asked_claimed:
        return False
    if not text.strip().isdecimal():
        is_all = asked.what == "edit" or (asked.what == "drafts" and not talk.draft)
        is_answer = asked.what == "edit" and read_yes_no(text) is not None
        if not is_all or is_answer or opening.is_new(talk, text) or bare(text) in COURTESIES:
            return False
        if talk.draft and correction.correct(talk):
            talk.moved = True
            return True
        talk.hold(talk.note())
    talk.ask(asked.what, talk.text(ASKED_AGAIN[asked.what]), asked.options, digression=True)
    return True


def who_writes(talk: Talk) -> bool:
    """Read the message as the name of one of those who hold the number; a name that is nobody's moves nothing.

    What is no name, or begins something new, is read further: no report waits for this question.
    """
    asked = talk.state.digression
    if asked is None or asked.what != "who" or not talk.facts.asked_claimed:
        return False
    name = who.read(talk)
    if name and who.recognise(talk, str(name.value)):
        talk.moved = True
        talk.change(digression=None)
        if name.rest:
            talk.hold(talk.note(name.rest))
        act, _, what = (asked.about or "").partition(":")
        WENT_ON[act](talk, what)
        return True
    is_number = talk.message.text.strip().isdecimal()
    if not is_number and (name is None or name.rest or _is_else(talk)):
        return False
    if talk.state.held:
        talk.hold(talk.note())
    talk.say("who.unknown")
    who.ask(talk, asked.about)
    return True


def _is_else(talk: Talk) -> bool:
    words = talk.message.text
    is_word = bool(read_command(words)) or own_words.is_named(talk) or bare(words) in COURTESIES
    return is_word or opening.is_new(talk, words)
