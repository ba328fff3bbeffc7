"""Numbered options of the dialogue's own questions: shown, and read by number, label or yes and no."""

import re
from collections.abc import Sequence

from conversations.state import Asked, Option
from conversations.talk import Talk
from conversations.typed import bare
from conversations.words import read_yes_no

NUMBER = re.compile(r"(?:nr|nummer|no|number|#)?\.? ?([0-9]{1,2})[.)]?")


def yes_no(talk: Talk) -> tuple[Option, ...]:
    """1 Ja 2 Nei: never a question that asks for the word YES, which carriers take for themselves."""
    return tuple(Option(key, "".join(map(str, talk.text(f"word.{key}")))) for key in ("yes", "no"))


def read(talk: Talk, asked: Asked) -> str | None:
    """The key of the option that the whole message chooses, or None; also while nobody can have seen them."""
    if not talk.facts.asked_claimed:
        return None
    said = bare(talk.message.text)
    number = NUMBER.fullmatch(said)
    if number:
        at = int(number[1]) - 1
        return asked.options[at].key if 0 <= at < len(asked.options) else None
    keys = {option.key for option in asked.options}
    if {"yes", "no"} <= keys:
        answer = read_yes_no(talk.message.text)
        return None if answer is None else "yes" if answer else "no"
    return _by_label(said, asked.options)


def _by_label(said: str, options: Sequence[Option]) -> str | None:
    exact = [option.key for option in options if bare(option.label) == said]
    starting = [option.key for option in options if len(said) > 2 and bare(option.label).startswith(said)]
    found = exact or starting
    return found[0] if len(found) == 1 else None
