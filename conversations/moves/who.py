"""Who writes, where several hold the number: asked before a case or a draft is shown, and remembered for an hour.

A name that a report brings tells it as well: so nobody is asked who only reports, and danger never waits for it.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from conversations import person
from conversations.changed import changed
from conversations.desk.model import FormField
from conversations.effects import NameHolder, NameReporter
from conversations.facts import Holder, Holders
from conversations.fields import person_name
from conversations.fields.contract import Taken
from conversations.inputs import Message
from conversations.state import Writer
from conversations.talk import Talk

REMEMBERED: Final = timedelta(hours=1)
NAME = FormField(id="name", kind="person_name", label={})


def remember(talk: Talk) -> None:
    """Who wrote within the hour writes still, unless the number has changed hands."""
    known = talk.state.writer
    if known:
        is_theirs = known.contact in {one.contact for one in talk.facts.find(Holders())}
        is_still = is_theirs and talk.now - known.at <= REMEMBERED
        at = talk.now if isinstance(talk.told, Message) else known.at
        talk.change(writer=changed(known, at=at) if is_still else None)


def is_known(talk: Talk, then: str) -> bool:
    """Whether who writes is known, where several may; if not, it is asked, and ``then`` is what goes on after it."""
    if not is_open(talk):
        return True
    ask(talk, then)
    talk.moved = True
    return False


def is_open(talk: Talk) -> bool:
    """Whether several may write, and nobody can tell who does."""
    return _is_shared(talk) and not talk.writer


def ask(talk: Talk, then: str | None) -> None:
    """Ask, and name nobody."""
    talk.ask("who", talk.text("who.ask"), about=then, digression=True)


def read(talk: Talk) -> Taken | None:
    """The name that the message says, if it may be one."""
    outcome = person_name.read(NAME, talk.message.text, talk.context())
    return outcome if isinstance(outcome, Taken) else None


def recognise(talk: Talk, said: str) -> bool:
    """Whether one of those who hold the number is called so: that one writes."""
    holders = _named(talk)
    name = person.meant(said, [one.name or "" for one in holders])
    found = next((one for one in holders if one.name == name), None)
    if found:
        talk.change(writer=Writer(found.contact, talk.now))
    return found is not None


def reader(talk: Talk) -> str | None:
    """The contact whose cases alone may be shown, and those that name no reporter; None: nobody shares the number."""
    return talk.writer.contact if _is_shared(talk) and talk.writer else None


def take_name(talk: Talk) -> None:
    """The name in a report that is sent is kept; another person's makes another contact that holds the number."""
    said = next(_said(talk), None)
    holders = talk.facts.find(Holders()) if said else ()
    if said is None or not holders or not talk.is_trusted:
        return
    same = [one for one in holders if one.name and person.is_same(one.name, said)]
    if talk.form.kind == "profile" and talk.writer:
        contact = talk.writer.contact
        talk.do(NameHolder(contact, said))
    elif len(same) == 1:
        contact = same[0].contact
        if said != same[0].name and len(said) >= len(same[0].name or ""):
            talk.do(NameHolder(contact, said))
    elif same:
        return
    elif not _named(talk):
        contact = holders[0].contact
        talk.do(NameHolder(contact, said))
    else:
        contact = talk.dice.new_id()
        talk.do(NameHolder(contact, said, holders[0].contact))
    if len(holders) > 1 or contact != holders[0].contact:
        talk.change(writer=Writer(contact, talk.now))


def reports(talk: Talk, case: str) -> None:
    """Whoever of several writes is the reporter of the case."""
    if talk.state.writer:
        talk.do(NameReporter(case, talk.state.writer.contact))


def _said(talk: Talk) -> Iterator[str]:
    """What was answered where a contact's name is wanted."""
    for field in talk.form.fields:
        known = talk.active_draft.answers.get(field.id)
        if known and known.source == "said" and not known.sealed and is_of_contact(field):
            yield str(known.value)


def is_of_contact(field: FormField) -> bool:
    """Whether the field asks for the name of who writes."""
    return any(source.contact == "name" for source in field.prefill)


def _is_shared(talk: Talk) -> bool:
    return len(_named(talk)) > 1


def _named(talk: Talk) -> list[Holder]:
    return [one for one in talk.facts.find(Holders()) if one.name]
