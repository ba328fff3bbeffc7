"""The opening: which form the words mean, danger or none, or a numbered menu that keeps what was written."""

from typing import get_args

from conversations.desk.model import Form
from conversations.effects import Urgency
from conversations.fields import KINDS
from conversations.fields.contract import Taken
from conversations.fields.phrases import as_phrase, folded_words, said
from conversations.moves import collect, danger, options
from conversations.state import Language, Note, Option
from conversations.talk import Talk
from conversations.typed import bare
from conversations.words import AGREEMENTS, COURTESIES, CRIES, GREETINGS, read_command, read_yes_no

URGENCIES = get_args(Urgency)
"""The most urgent first."""


def courtesy(talk: Talk) -> bool:
    """Thanks or a greeting, and nothing else: no new matter, and no answer to a question of where or who.

    While a form is under way its question is all that is said to it.
    """
    words = bare(talk.message.text)
    if words in COURTESIES or (words in AGREEMENTS and talk.asked_kind not in ("yes_no", "review")):
        talk.moved = True
        if not talk.draft:
            talk.say("courtesy")
        return True
    talk.excused = talk.draft is not None and words in GREETINGS
    return talk.excused


def begin(talk: Talk) -> bool:
    """Read the message as the first of something new."""
    open_with(talk, (*talk.take_held(), *_said(talk)))
    return True


def _said(talk: Talk) -> tuple[Note, ...]:
    """What the message says, if it says more than hello, or a number that no list was shown for."""
    words = bare(talk.message.text)
    return (talk.note(),) if words and words not in GREETINGS and not words.isdecimal() else ()


def more_urgent(talk: Talk) -> bool:
    """Words that say plainly what is more urgent than the form under way, and answer nothing that it asks: «strømmen er
    borte» where a new connection waits for its code. That comes first, and this is gone on with after it."""
    # Of most forms nothing is more urgent but danger, which has its own judge.
    if not talk.draft or not any(_is_before(one, talk.form) for one in talk.desk.desk.forms if one.urgency != "danger"):
        return False
    words = _beside_the_answer(talk)
    if not words or said(talk.form.phrases, talk.message.text):
        return False
    form = form_meant(talk, words)
    if form is None or not _is_before(form, talk.form):
        return False
    begin_form(talk, form, (talk.note(),))
    return True


def _is_before(form: Form, other: Form) -> bool:
    return URGENCIES.index(form.urgency) < URGENCIES.index(other.urgency)


def _beside_the_answer(talk: Talk) -> str:
    """The message, or what it says before it answers the question that stands."""
    asked, field, text = talk.state.asked, talk.asked_field, talk.message.text
    if asked is None or field is None or _is_only_of_form(talk, text):
        return text
    kind, known = KINDS[field.kind], talk.active_draft.answers.get(field.id)
    is_confirm = asked.what.startswith("confirm:")
    outcome = options.read(talk, asked) if is_confirm else kind.read(field, text, talk.context(asked, known))
    if not isinstance(outcome, Taken):
        return text
    return outcome.rest if bare(text).startswith(bare(outcome.rest)) else ""


def _is_only_of_form(talk: Talk, text: str) -> bool:
    """Nothing but what another form is called by: «TEKNISK FEIL» answers no question."""
    form, words = form_meant(talk, text), len(folded_words(text))
    phrases = (*form.phrases, *map(as_phrase, form.name.values())) if form else ()
    return bool(words) and said(phrases, text) == words


def open_with(talk: Talk, notes: tuple[Note, ...]) -> None:
    """Begin the form that the words mean, or offer the menu and keep the words."""
    if talk.draft:
        collect.fill(talk, notes)
        return
    form = form_meant(talk, " ".join(note.words for note in notes))
    if form:
        begin_form(talk, form, notes)
    else:
        menu(talk, notes)


def begin_form(talk: Talk, form: Form, notes: tuple[Note, ...]) -> None:
    """Begin a form; the danger form opens its case at once."""
    if talk.desk.desk.danger and form.id == talk.desk.desk.danger.form:
        if not talk.state.danger:
            danger.open_case(talk, notes)
        else:
            danger.more(talk, notes or (talk.note(),))
        return
    collect.begin(talk, form, notes)
    if form.guidance:
        talk.said.append(talk.own(form.guidance))


def language(talk: Talk) -> Language | None:
    """The one language in which the whole message is the name of a form."""
    said = bare(talk.message.text)
    named = {key for form in available(talk) for key, name in form.name.items() if bare(name) == said}
    return named.pop() if len(named) == 1 else None


def is_new(talk: Talk, words: str) -> bool:
    """Whether the words begin something of their own, and are no more of an open case."""
    return bare(words) in GREETINGS or form_meant(talk, words) is not None


def form_meant(talk: Talk, words: str) -> Form | None:
    """The form whose name the words begin with, else the one whose phrases cover most of them, of several the first.

    Danger has its own judge.
    """
    danger_form = talk.desk.desk.danger.form if talk.desk.desk.danger else None
    forms = [one for one in available(talk) if one.id != danger_form]
    covered = {form.id: said(form.phrases, words) for form in forms}
    best = max(forms, key=lambda form: covered[form.id], default=None)
    named = [one for one in available(talk) if _begins_with_name(words, one)]
    return named[0] if named else best if best and covered[best.id] else _form_of_facts(talk, words)


def _form_of_facts(talk: Talk, words: str) -> Form | None:
    """The look-up whose facts the words bring: numbers that are found in any text."""
    identity = talk.desk.desk.identity
    if not identity.facts_form:
        return None
    form = next((one for one in available(talk) if one.id == identity.facts_form), None)
    asked = {one.field for one in identity.facts}
    fields = [one for one in form.fields if one.id in asked] if form else []
    return form if any(KINDS[one.kind].find(one, words, talk.context()) for one in fields) else None


def _begins_with_name(words: str, form: Form) -> bool:
    said = folded_words(words)
    names = (folded_words(name) for name in form.name.values())
    return any(said[: len(name)] == name for name in names)


def available(talk: Talk) -> tuple[Form, ...]:
    """The forms that this release can take to an end: no chains, no kinds or look-ups that are still to come."""
    return tuple(one for one in talk.desk.desk.forms if _is_available(talk, one))


def _is_available(talk: Talk, form: Form) -> bool:
    if form.kind == "lookup":
        return talk.desk.desk.answers(form)
    return not form.approval and _can_ask(form)


def _can_ask(form: Form) -> bool:
    return all(field.kind in KINDS for field in form.fields if field.ask and not field.optional)


def menu(talk: Talk, notes: tuple[Note, ...] = ()) -> None:
    """Offer the desk's forms by number; where there is one, begin it: nobody chooses among one."""
    offered = [one for one in available(talk) if one.offered]
    if len(offered) == 1:
        _begin_only(talk, offered[0], notes)
        return
    forms = tuple(Option(one.id, talk.own_words(one.name)) for one in offered)
    talk.hold(*notes)
    talk.ask("menu", talk.text("menu.ask", desk=talk.desk.desk.name), forms, digression=True)
    talk.moved = talk.moved or not notes


def _begin_only(talk: Talk, form: Form, notes: tuple[Note, ...]) -> None:
    """The desk's one form; who answers here is said. One that is under way stays."""
    talk.moved = True
    if talk.draft is None:
        talk.said.append((f"{talk.desk.desk.name}:",))
        begin_form(talk, form, notes)


def chosen(talk: Talk, form: str) -> None:
    """A form of the menu was chosen."""
    begin_form(talk, talk.desk.forms[form], talk.take_held())


def no_choice(talk: Talk) -> bool:
    """The menu stands, and words that choose nothing are more of what was written: unless a caseworker asked since."""
    asked = talk.state.digression
    if asked is None or asked.what != "menu" or any(one.at > asked.at for one in talk.state.awaited):
        return False
    return begin(talk)


def danger_or_not(talk: Talk) -> bool:
    """Read the answer to «Er det fare nå?»; what was held goes into the case, or finds its place as any message.

    Whatever begins with a yes is one, and a cry for help is; a no must be plain.
    """
    asked = talk.state.danger_asked
    if asked is None:
        return False
    if talk.message.text.strip().isdecimal() and talk.state.standing != asked:
        return False
    taken = options.read(talk, asked)
    is_yes = (taken and taken.value == "yes") or (not taken and _cries_yes(talk.message.text))
    if is_yes and not (taken and not taken.rest):
        talk.hold(talk.note())
    if not is_yes and (taken is None or taken.rest):
        if read_command(talk.message.text) or talk.state.handed_over or not talk.facts.asked_claimed:
            return False
        danger.ask(talk)
        return True
    talk.change(danger_asked=None)
    talk.moved = True
    if is_yes:
        danger.open_case(talk, talk.take_held())
    return True


def _cries_yes(text: str) -> bool:
    words = bare(text).split()
    return bool(words) and (read_yes_no(words[0]) is True or words[0] in CRIES)
