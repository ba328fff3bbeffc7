"""HJELP, MENY and SPRÅK: what can be done here, and in which language."""

from conversations.moves import danger, opening
from conversations.state import Language, Option
from conversations.talk import Talk
from conversations.words import Command, shown

NAMES: dict[Language, str] = {"nb": "Norsk", "sv": "Svenska", "en": "English"}


def help_me(talk: Talk) -> None:
    """Say the words that work; a bare HJELP can be a cry for help, so it opens with the duty number."""
    talk.moved = True
    if talk.desk.desk.on_call:
        talk.say("help.duty", phone=danger.phone(talk))
    in_form = (Command.BACK, Command.EDIT, Command.SKIP, Command.DROP)
    always = (Command.STATUS, Command.AGENT, Command.LANGUAGE)
    ours = in_form if talk.draft else (Command.MENU,)
    words = (Command.MENU, Command.STATUS, Command.LANGUAGE) if talk.state.handed_over else (*ours, *always)
    talk.say("help.words", words=", ".join(shown(one, talk.language) for one in words))


def menu(talk: Talk) -> None:
    """MENY: what the desk does; an active draft stays and can be gone on with."""
    talk.moved = True
    opening.menu(talk)


def language(talk: Talk, chosen: str | None) -> None:
    """SPRÅK: ask which, or change to the one that was named, if the desk speaks it."""
    talk.moved = True
    spoken = talk.desk.desk.languages
    if chosen in spoken:
        talk.change(language=chosen)
        talk.say("language.changed")
        return
    shown_names = tuple(Option(one, NAMES[one]) for one in spoken)
    talk.ask("language", talk.text("language.ask"), shown_names, digression=True)
