"""What is named in a desk's file is there, and once."""

from collections.abc import Iterable, Iterator

from conversations.desk import model
from conversations.desk.rules.seen import Seen, same
from conversations.desk.shape import nearest
from conversations.desk.tree import Fault, Place


def ids_are_given_once(seen: Seen) -> Iterator[Fault]:
    """Forms, fields of a form, choices, statuses and steps have ids of their own."""
    forms = list(seen.desk["forms"])
    fields = [field for _, field in seen.fields()]
    lists = [("form", forms), ("status", list(seen.desk["statuses"]))]
    lists += [("field", list(form["fields"])) for form in forms]
    lists += [("choice", list(field["choices"])) for field in fields]
    lists += [("step", list(approval["steps"])) for approval in seen.desk["approvals"]]
    for what, members in lists:
        taken: set[str] = set()
        for each in members:
            if each["id"].text in taken:
                yield each["id"].fault(f'There is another {what} "{each["id"].text}".', "Give each an id of its own.")
            taken.add(each["id"].text)


def numbers_are_given_once(seen: Seen) -> Iterator[Fault]:
    """A desk names each of its numbers and mailboxes once."""
    for what, key in (("number", "sms"), ("mailbox", "mail")):
        taken: set[str] = set()
        for each in seen.desk["answers_on"][key]:
            own = each.text.lower()
            if own in taken:
                yield each.fault(f'The {what} "{own}" stands here already.', "Take one of them out.")
            taken.add(own)


def references_lead_somewhere(seen: Seen) -> Iterator[Fault]:
    """Forms, statuses, roles, registers, series and approvals that are named are there."""
    names = {
        "form": _ids(seen.desk["forms"]),
        "status": _ids(seen.desk["statuses"]),
        "role": _names(seen.desk["roles"]),
        "register": _names(seen.desk["registers"]),
        "series": _names(seen.desk["series"]),
        "approval": _names(seen.desk["approvals"]),
    }
    for entry in seen.entries:
        what = _REFERENCES.get((entry.owner, entry.name))
        for each in _each(entry.place):
            if what and each.text and each.text not in names[what]:
                mend = nearest(each.text, names[what], "There are")
                yield each.fault(f'There is no {what} "{each.text}".', mend)


def fields_are_of_the_same_form(seen: Seen) -> Iterator[Fault]:
    """Fields that a form names are its own; facts are fields of the form that asks for them."""
    for form in seen.desk["forms"]:
        fields = _ids(form["fields"])
        for each in _field_references(form):
            if each.text and each.text not in fields:
                problem = f'The form "{form["id"].text}" has no field "{each.text}".'
                yield each.fault(problem, nearest(each.text, fields, "Its fields"))
    facts = next((form for form in seen.desk["forms"] if same(form["id"], seen.desk["identity"]["facts_form"])), None)
    for fact in seen.desk["identity"]["facts"]:
        if facts is None:
            yield fact.fault("Nothing asks for this fact.", 'Name the form that does under "facts_form".')
        elif fact["field"].text not in _ids(facts["fields"]):
            problem = f'The form "{facts["id"].text}" has no field "{fact["field"].text}".'
            yield fact["field"].fault(problem, nearest(fact["field"].text, _ids(facts["fields"]), "Its fields"))


def conditions_look_back(seen: Seen) -> Iterator[Fault]:
    """A condition is about an earlier field, so that they never go round in a circle."""
    for form in seen.desk["forms"]:
        fields = {field["id"].text: field for field in form["fields"]}
        order = list(fields)
        for field in form["fields"]:
            for condition in field["when"]:
                name, mine = condition["field"].text, field["id"].text
                if name in order and mine in order and order.index(name) >= order.index(mine):
                    yield _looks_ahead(condition["field"], mine, _circle(fields, mine))


def conditions_can_hold(seen: Seen) -> Iterator[Fault]:
    """A condition waits for an answer that its field can have."""
    for form in seen.desk["forms"]:
        fields = {field["id"].text: field for field in form["fields"]}
        steps = seen.desk["approvals"][form["approval"].text]["steps"]
        for condition in (one for each in (*form["fields"], *steps) for one in each["when"]):
            possible = _values(fields.get(condition["field"].text))
            for each in condition["is"]:
                if possible and each.text and each.text not in possible:
                    problem = f'The field "{condition["field"].text}" is never answered "{each.text}".'
                    yield each.fault(problem, nearest(each.text, possible, "Its answers"))


def columns_are_there(seen: Seen) -> Iterator[Fault]:
    """Columns that are named are columns of their register, as far as it lists them."""
    registers = {register.key: register for register in seen.desk["registers"]}
    for register in registers.values():
        if register["columns"]:
            yield from _unknown_columns(register, (register["key"], *register["search"]))
    sources = [*seen.desk["identity"]["facts"]]
    sources += [source for _, field in seen.fields() for source in field["prefill"]]
    for source in sources:
        if named := registers.get(source["register"].text):
            yield from _unknown_columns(named, (source["column"],))
    for form in seen.desk["forms"]:
        if named := registers.get(form["reply"]["register"].text):
            yield from _unknown_columns(named, form["reply"]["by"], at_key=True)


def _field_references(form: Place) -> Iterator[Place]:
    """Everything in a form that names one of its fields."""
    for field in form["fields"]:
        yield field["asked_with"]
        yield from (condition["field"] for condition in field["when"])
        yield from (source["by"] for source in field["prefill"])
        yield from (choice["takes"] for choice in field["choices"])
    yield from (command["fills"] for command in form["commands"])
    yield from form["reply"]["by"]


def _looks_ahead(named: Place, mine: str, circle: list[str]) -> Fault:
    if len(circle) > 1:
        problem = f"The conditions go round in a circle: {' - '.join(circle)}."
        return named.fault(problem, "Let one of them be asked without a condition.")
    if named.text == mine:
        return named.fault(f'The field "{mine}" waits for its own answer.', "Name an earlier field.")
    return named.fault(f'The field "{named.text}" is asked after this one.', f'Put "{mine}" after it in the form.')


def _circle(fields: dict[str, Place], start: str) -> list[str]:
    """The way along conditions that leads back to the field, without the return; empty if there is none."""
    ways = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        for condition in fields[way[-1]]["when"]:
            name = condition["field"].text
            if name == start:
                return way
            if name in fields and name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return []


def _values(field: Place | None) -> list[str]:
    """What a condition may be about; empty where anything may be."""
    if field is None:
        return []
    return _ids(field["choices"]) or (["yes", "no"] if field["kind"].text in ("yes_no", "consent") else [])


def _unknown_columns(register: Place, columns: Iterable[Place], *, at_key: bool = False) -> Iterator[Fault]:
    known = register["columns"].texts
    for column in columns:
        name = column.key if at_key else column.text
        if known and name and name not in known:
            problem = f'The register "{register.key}" has no column "{name}".'
            yield column.fault(problem, nearest(name, known, "Its columns"), at_key=at_key)


def _ids(members: Place) -> list[str]:
    return list(dict.fromkeys(each["id"].text for each in members if each["id"].text))


def _names(block: Place) -> list[str]:
    return [each.key for each in block]


def _each(place: Place) -> tuple[Place, ...]:
    return tuple(place) if isinstance(place.value, list) else (place,)


_REFERENCES: dict[tuple[type[model.Part], str], str] = {
    (model.Desk, "general_form"): "form",
    (model.Danger, "form"): "form",
    (model.Identity, "facts_form"): "form",
    (model.Form, "series"): "series",
    (model.Form, "approval"): "approval",
    (model.Form, "statuses"): "status",
    (model.Form, "for_roles"): "role",
    (model.Deadline, "status"): "status",
    (model.Role, "granted_by"): "role",
    (model.Step, "role"): "role",
    (model.Approval, "grants"): "role",
    (model.Approval, "grants_first"): "role",
    (model.FormField, "register"): "register",
    (model.Prefill, "register"): "register",
    (model.Fact, "register"): "register",
    (model.Reply, "register"): "register",
}
