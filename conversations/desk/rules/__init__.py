"""What must hold between the parts of a desk's file, as a table of rules.

A rule never raises, however wrong the file is: shape is judged elsewhere, so what has a wrong shape is passed over.
"""

from collections.abc import Callable, Iterable, Iterator

from conversations.desk.entries import entries
from conversations.desk.model import Desk
from conversations.desk.rules import references, texts, warnings, whole
from conversations.desk.rules.seen import Known, Seen
from conversations.desk.tree import Fault, Tree

RULES: tuple[Callable[[Seen], Iterable[Fault]], ...] = (
    references.ids_are_given_once,
    references.numbers_are_given_once,
    references.references_lead_somewhere,
    references.fields_are_of_the_same_form,
    references.conditions_look_back,
    references.conditions_can_hold,
    references.columns_are_there,
    whole.forms_are_whole,
    whole.the_general_form_opens_a_case,
    whole.fields_have_what_their_kind_needs,
    whole.what_is_remembered_can_be_offered,
    whole.danger_is_served,
    whole.own_numbers_are_not_alerted,
    whole.series_fit_their_names,
    whole.the_time_zone_is_known,
    texts.every_text_is_in_every_language,
    texts.places_in_texts_are_known,
    texts.own_texts_replace_the_engines,
    texts.phrases_can_be_read,
    texts.danger_phrases_can_be_read,
    texts.phrases_mean_one_thing,
    texts.words_are_free,
    texts.labels_differ,
    texts.no_text_asks_for_a_carriers_word,
    texts.patterns_are_closed,
    texts.texts_are_of_plain_characters,
    texts.texts_fit_an_sms,
)


def rule_warnings(tree: Tree, known: Known, desk: Desk | None) -> Iterator[Fault]:
    """What is no fault, but will not do what is expected; ``desk`` where there is no fault."""
    seen = Seen(tree, known, tuple(entries(tree)))
    for rule in warnings.WARNINGS:
        yield from rule(seen)
    if desk and known.opens:
        yield from warnings.choices_tell_no_danger(seen, known.opens(desk))


def rule_faults(tree: Tree, known: Known) -> Iterator[Fault]:
    """Every fault against a rule."""
    seen = Seen(tree, known, tuple(entries(tree)))
    for rule in RULES:
        yield from rule(seen)
