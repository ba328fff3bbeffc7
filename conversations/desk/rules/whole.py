"""Forms, fields and the on-call duty have what they need to be served."""

from collections.abc import Iterator

from conversations.desk.rules.seen import Seen, digits_of, same
from conversations.desk.tree import Fault, Place

_CHOOSING = ("choice", "choices")
_NAMING = ("object", "metering_point")
_LOOKING_UP = ("location", "object", "metering_point", "reference")
_CONSENT = ("consent_text", "consent_version", "consent_ends")
_NOT_OFFERED_AGAIN = ("secret", "consent", "read_only", "attachments")


def forms_are_whole(seen: Seen) -> Iterator[Fault]:
    """A form has a series, a look-up a reply; nothing that opens at once waits for a code."""
    for form in seen.desk["forms"]:
        yield from _lookup_faults(form, seen) if form["kind"].text == "lookup" else _case_faults(form)
        if form["opens"].text == "at_once" and form["identity"].text == "before":
            problem = "A case that opens at once cannot wait for a code."
            yield form["identity"].fault(problem, 'Write "identity: after".')
        for late in [field for field in form["fields"] if field["takes_opening"].value is True][1:]:
            mend = 'Take "takes_opening" out of all but one.'
            yield late["takes_opening"].fault("Another field takes the opening message already.", mend, at_key=True)


def the_general_form_opens_a_case(seen: Seen) -> Iterator[Fault]:
    """What a hand-over opens is a case."""
    for form in seen.desk["forms"]:
        if same(form["id"], seen.desk["general_form"]) and form["kind"].text == "lookup":
            problem = "A hand-over opens a case, and a look-up opens none."
            yield seen.desk["general_form"].fault(problem, "Name a form that is no look-up.")


def fields_have_what_their_kind_needs(seen: Seen) -> Iterator[Fault]:
    """Choices, registers, consents and questions are where the kind of field needs them, and not elsewhere."""
    for _, field in seen.fields():
        yield from _kind_faults(field, field["kind"].text)
        yield from _question_faults(field)


def what_is_remembered_can_be_offered(seen: Seen) -> Iterator[Fault]:
    """An answer that is offered again is one that may be shown, and that «1» is not itself."""
    for form, field in seen.fields():
        remember, kind = field["remember"], field["kind"].text
        is_kept_back = kind in _NOT_OFFERED_AGAIN or any(field[key].value is True for key in ("secret", "read_only"))
        if remember and is_kept_back:
            problem = "What is secret, agreed to, sent along or only shown is not offered again."
            yield remember.fault(problem, 'Take "remember" out.', at_key=True)
        elif remember and kind == "number":
            problem = "The answer 1 would be the number, and would be the same as last time."
            yield remember.fault(problem, 'Take "remember" out.', at_key=True)
        elif remember.text == "object" and all(one["kind"].text != "object" for one in form["fields"]):
            problem = f'The form "{form["id"].text}" asks for no object.'
            yield remember.fault(problem, 'Add a field of "kind: object", or write "remember: contact".')


def danger_is_served(seen: Seen) -> Iterator[Fault]:
    """Danger opens its case at once, alerts somebody, and its text names the number to ring."""
    danger, on_call = seen.desk["danger"], seen.desk["on_call"]
    if danger and not on_call:
        yield danger.fault("Danger alerts nobody.", 'Add "on_call" with the numbers on duty.', at_key=True)
    for form in seen.desk["forms"]:
        if form["alerts"].value is True and not on_call:
            yield form["alerts"].fault("The form alerts nobody.", 'Add "on_call" to the desk.', at_key=True)
        if same(form["id"], danger["form"]):
            yield from _danger_form_faults(form)
    phone = digits_of(on_call["phone"].text)
    for text in danger["safety"] if phone else ():
        if text.text and phone not in digits_of(text.text):
            problem = "The safety text does not name the number to ring."
            yield text.fault(problem, f"Write {on_call['phone'].text} into it.")


def own_numbers_are_not_alerted(seen: Seen) -> Iterator[Fault]:
    """Nobody on call has a number of the desk itself."""
    own = seen.desk["answers_on"]["sms"].texts
    for number in seen.desk["on_call"]["numbers"]:
        if number.text in own:
            yield number.fault("The desk would alert itself.", "Name the phone of somebody on duty.")


def series_fit_their_names(seen: Seen) -> Iterator[Fault]:
    """The numbers of a series begin with its letters."""
    for series in seen.desk["series"]:
        letters, hyphen, digits = series["pattern"].text.partition("-")
        if hyphen and letters != series.key:
            problem = f'The numbers of the series {series.key} begin with "{letters}".'
            yield series["pattern"].fault(problem, f"Write {series.key}-{digits}.")


def the_time_zone_is_known(seen: Seen) -> Iterator[Fault]:
    """The time zone is one that this machine knows."""
    zone = seen.desk["time_zone"]
    if zone.text and zone.text not in seen.known.zones:
        mend = "Write its name as in Europe/Oslo or Europe/Stockholm."
        yield zone.fault(f'There is no time zone "{zone.text}".', mend)


def _lookup_faults(form: Place, seen: Seen) -> Iterator[Fault]:
    if form["series"]:
        yield form["series"].fault("A look-up opens no case.", "Take the series out.", at_key=True)
    if not form["reply"] and not same(form["id"], seen.desk["identity"]["facts_form"]):
        yield form.fault("The look-up has no answer.", 'Add "reply".')
    reads = form["reply"]["reads"].text or "register"
    if form["reply"] and reads == "register" and not form["reply"]["register"]:
        yield form["reply"].fault("The look-up reads nothing.", 'Add "register", or say what it "reads".', at_key=True)


def _case_faults(form: Place) -> Iterator[Fault]:
    if not form["series"]:
        yield form.fault("The form opens cases, and they have no number series.", 'Add "series".')
    if form["reply"]:
        yield form["reply"].fault("Only a look-up has a reply.", 'Write "kind: lookup".', at_key=True)


def _kind_faults(field: Place, kind: str) -> Iterator[Fault]:
    if kind in _CHOOSING and len(list(field["choices"])) < 2:
        yield field.fault("There is nothing to choose between.", 'Give "choices" two members or more.')
    if kind and kind not in _CHOOSING and field["choices"]:
        problem = f'A field of the kind "{kind}" has no choices.'
        yield field["choices"].fault(problem, 'Take them out, or write "kind: choice".', at_key=True)
    if kind and kind not in _LOOKING_UP and field["register"]:
        problem = f'A field of the kind "{kind}" looks nothing up.'
        mend = f"Take the register out; {', '.join(_LOOKING_UP)} have one."
        yield field["register"].fault(problem, mend, at_key=True)
    if kind and kind != "date_time" and field["tense"]:
        problem = f'A field of the kind "{kind}" is no time.'
        yield field["tense"].fault(problem, 'Take it out, or write "kind: date_time".', at_key=True)
    if kind in _NAMING and not field["register"]:
        yield field.fault(f'A field of the kind "{kind}" names a row of a register.', 'Say which under "register".')
    for key in _CONSENT if kind == "consent" else ():
        if not field[key]:
            yield field.fault(f'A consent needs "{key}".', "Add it.")


def _question_faults(field: Place) -> Iterator[Fault]:
    is_shown_only = field["kind"].text == "read_only" or field["read_only"].value is True
    if is_shown_only and field["ask"]:
        yield field["ask"].fault("A field that is only shown is never asked.", 'Take "ask" out.', at_key=True)
    if is_shown_only and not field["prefill"]:
        yield field.fault("A field that is only shown has no source.", 'Add "prefill".')
    has_other_source = any(source["constant"] for source in field["prefill"]) or bool(field["word"])
    if not (is_shown_only or has_other_source or field["ask"] or field["asked_with"]):
        yield field.fault("The field has no question.", 'Add "ask".')


def _danger_form_faults(form: Place) -> Iterator[Fault]:
    for key, wanted in (("opens", "at_once"), ("urgency", "danger")):
        if form[key].text != wanted:
            place = form[key] or form
            yield place.fault("A danger form opens its case in the first turn.", f'Write "{key}: {wanted}".')
