"""The check of a desk's file: every fault at once, each with its place and its mend.

The gateway hands in the file as plain values with positions, and what the rest of the program knows: the field
kinds that are executed, the time zones, what a text costs. A fault of shape hides no other: the rules look at
whatever is there (``conversations.desk.rules``), and only what they rest on is judged once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from conversations.desk import entries
from conversations.desk.model import Desk, FormField
from conversations.desk.rules import rule_faults, rule_warnings
from conversations.desk.rules.seen import Cost, Known
from conversations.desk.shape import shape_faults
from conversations.desk.tree import Fault, NotYet, Path, Place, Tree

__all__ = ["Checked", "Cost", "Fault", "Known", "NotYet", "Tree", "check", "check_together"]


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check found; ``desk`` is there only without a fault. ``warnings`` are none."""

    tree: Tree
    desk: Desk | None
    faults: tuple[Fault, ...]
    not_yet: tuple[NotYet, ...]
    warnings: tuple[Fault, ...]


def check(tree: Tree, known: Known) -> Checked:
    """Check one desk's file by itself."""
    faults = list(tree.faults)
    desk = None
    if isinstance(tree.values, dict):
        try:
            desk = Desk.model_validate(tree.values)
        except ValidationError as error:
            faults += shape_faults(error, tree)
        faults += rule_faults(tree, known)
    elif not faults:
        faults.append(tree.fault((), "The file holds no desk.", 'Begin with "desk:" and its id.'))
    found = tuple(sorted(set(faults)))
    warnings = tuple(sorted(set(rule_warnings(tree, known, None if found else desk))))
    not_yet = (*_not_yet(tree, known), *(_not_answered(tree, desk) if desk else ()))
    return Checked(tree, None if found else desk, found, not_yet, warnings)


def check_together(trees: Iterable[Tree]) -> tuple[Fault, ...]:
    """What several desks of one folder may not share: ids, numbers, mailboxes, letters of case numbers."""
    holders: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for tree in trees:
        for what, word, place in _own(tree.root):
            holders[what, word].append(place)
    return tuple(sorted(_shared(what, word, places) for (what, word), places in holders.items() if _several(places)))


def _own(desk: Place) -> Iterator[tuple[str, str, Place]]:
    if desk["desk"].text:
        yield "The id", desk["desk"].text, desk["desk"]
    for number in desk["answers_on"]["sms"]:
        yield "The number", number.text, number
    for mailbox in desk["answers_on"]["mail"]:
        yield "The mailbox", mailbox.text.lower(), mailbox
    for series in desk["series"]:
        yield "The series", series.key, series


def _several(places: list[Place]) -> bool:
    return len({place.tree.path for place in places}) > 1


def _shared(what: str, word: str, places: list[Place]) -> Fault:
    first, *_, last = places
    problem = f'{what} "{word}" belongs to the desk in {first.tree.path} already.'
    return last.fault(problem, "Give each desk its own.", at_key=what == "The series")


def _not_answered(tree: Tree, desk: Desk) -> Iterator[NotYet]:
    for number, form in enumerate(desk.forms):
        if form.kind == "lookup" and not desk.answers(form):
            yield NotYet(tree.path, *tree.position(("forms", number)), f"look-up: {form.id}")


def _not_yet(tree: Tree, known: Known) -> Iterator[NotYet]:
    """The outermost keys alone: what stands inside one is not executed either."""
    later: set[Path] = set()
    for entry in entries.entries(tree):
        path = entry.place.path
        inside = any(path[:length] in later for length in range(len(path)))
        # A word before files needs a door for them.
        is_of_files = (entry.owner, entry.name) == (FormField, "word") and entry.block["kind"].text == "attachments"
        if (entry.is_later or is_of_files) and not inside:
            later.add(path)
            yield NotYet(tree.path, *tree.position(path, at_key=True), entry.name)
        if (entry.owner, entry.name) == (FormField, "kind") and entry.place.text not in known.kinds:
            yield NotYet(tree.path, *tree.position(path), f"kind: {entry.place.text}")
