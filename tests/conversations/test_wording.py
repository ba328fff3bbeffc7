"""The engine's texts: each in three languages, and one segment with the longest that can stand in it."""

import re
from pathlib import Path
from typing import get_args

import pytest
from babel.messages.pofile import read_po

from channels.sms.segments import count
from conversations.desk.rules.texts import LONGEST_ASKED_WITH_SAFETY, LONGEST_LAST_TIME
from conversations.limits import Reason
from conversations.state import Language
from conversations.text import Mark, plain
from conversations.wording import Wording

LOCALE = Path(__file__).parents[2] / "conversations" / "locale"
LANGUAGES: tuple[Language, ...] = ("nb", "sv", "en")
# The longest that the engine puts into a place of its texts. A new place needs its worst case here.
WORST = {
    "agent": "SAKSBEHANDLER",
    "answers": "x" * 90,
    "at": "14. september kl. 15:10",
    "author": "x" * 20,
    "caller": "+46701740605",
    "case": "IN-00001042",
    "code": "12345678",
    "count": "99",
    "days": "400",
    "desk": "x" * 40,
    "digits": "1600",
    "draft": "5QF7M",
    "drop": "AVBRYT",
    "edit": "ÄNDRA",
    "example": "x" * 30,
    "field": "x" * 30,
    "first": "IN-00001042",
    "form": "x" * 30,
    "greatest": "x" * 30,
    "help": "HJÄLP",
    "large": "999999",
    "least": "x" * 30,
    "left": "4",
    "letters": "1600",
    "menu": "MENY",
    "minutes": "10",
    "most": "4000",
    "no": "Nei",
    "number": "IN-00001042",
    "options": "x" * 90,
    "phone": "59 44 00 99",
    "place": "x" * 60,
    "resume": "FORTSÄTT",
    "save": "LAGRE",
    "what": "Anlegg 40217, Nygaardsgata 1",
    "search": "SEARCH",
    "send": "SKICKA",
    "small": "999.9990",
    "status": "x" * 30,
    "unit": "x" * 30,
    "unread": "99",
    "value": "x" * 60,
    "wait": "60 min",
    "word": "1234",
    "yes": "Yes",
}
# What people wrote has no longest: the engine's own words around it are counted.
FREE = {"words": "", "summary": "", "terms": "x"}


def catalogue(language):
    with (LOCALE / f"{language}.po").open("rb") as file:
        return {message.id: message.string for message in read_po(file, locale=language) if message.id}


CATALOGUES = {language: catalogue(language) for language in LANGUAGES}
TEXTS = [(language, msgid) for language in LANGUAGES for msgid in CATALOGUES[language]]


@pytest.mark.parametrize(("language", "msgid"), TEXTS)
def test_a_text_is_one_segment(language, msgid):
    filled = Wording(CATALOGUES, {}).say(language, msgid, **WORST, **FREE)
    cost = count(plain(filled))
    assert (cost.encoding, cost.segments) == ("GSM-7", 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_may_be_asked_with_a_safety_text_leaves_it_room(language):
    wording, yes_no = Wording(CATALOGUES, {}), {"nb": " 1 Ja 2 Nei", "sv": " 1 Ja 2 Nej", "en": " 1 Yes 2 No"}
    asked = [plain(wording.say(language, "place.where_at", **WORST))]
    asked += [
        plain(wording.say(language, f"confirm.{each}", **WORST)) + yes_no[language] for each in ("right", "unverified")
    ]
    assert max(map(len, asked)) <= LONGEST_ASKED_WITH_SAFETY


def test_desk_check_counts_the_words_around_the_answer_of_last_time():
    wording = Wording(CATALOGUES, {})
    said = [f" {plain(wording.say(language, 'last_time.offered', value=''))}" for language in LANGUAGES]
    assert max(map(len, said)) == LONGEST_LAST_TIME


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_asks_for_the_word_yes(language):
    asks = re.compile(r"\b(?:svar|svara|reply) (?:ja|yes)\b", re.IGNORECASE)
    assert [msgid for msgid, text in CATALOGUES[language].items() if asks.search(str(text))] == []


def test_every_problem_that_a_field_names_has_a_text():
    sources = (path.read_text(encoding="utf-8") for path in (LOCALE.parent / "fields").glob("*.py"))
    named = {msgid for source in sources for msgid in re.findall(r'"(field\.[a-z_.]+)"', source)}
    assert named
    assert named - CATALOGUES["nb"].keys() == set()
    assert {msgid for msgid in CATALOGUES["nb"] if str(msgid).startswith("field.")} - named == set()


def test_every_reason_not_to_send_a_code_has_a_text():
    assert {f"code.{reason}" for reason in get_args(Reason)} - CATALOGUES["nb"].keys() == set()


def test_a_code_stays_a_mark_until_it_is_sent():
    said = Wording(CATALOGUES, {}).say("en", "code.sent", code=Mark("code", "c1"), desk="Nordlys", minutes="10")
    assert said[0] == Mark("code", "c1")


def test_the_desks_own_wording_comes_first():
    wording = Wording(CATALOGUES, {"code.wrong": {"nb": "Feil. {left} igjen."}})
    assert wording.say("nb", "code.wrong", left="3") == ("Feil. 3 igjen.",)
    assert plain(wording.say("en", "code.wrong", left="3")).startswith("Wrong code.")


def test_a_text_that_is_not_there_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        Wording(CATALOGUES, {}).say("nb", "code.unheard_of")


def test_what_a_customer_wrote_is_never_a_template():
    wording = Wording({"nb": {"said": "Du skrev {words}."}}, {})
    assert wording.say("nb", "said", words="{0.__class__} %s {{7*7}}") == ("Du skrev {0.__class__} %s {{7*7}}.",)
