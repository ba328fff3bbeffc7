"""The language of short reports: sixty of them, and texts that are in none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.language import detect
from conversations.state import Language

ALL: tuple[Language, ...] = ("nb", "sv", "en")
REPORTS = {
    "nb": """
        Linja henger lavt over veien ved Furuneset, barn går her
        strømmen er borte
        hele gata er mørk, når kommer strømmen igjen?
        det gnistrer fra stolpen
        treet har falt på linja
        hei, vi har ikke strøm
        strom borte i furunesveien 12
        Eg ville berre seie frå at stolpen ligg nede
        linja heng heilt ned i vegen
        linå e rivi av og ligg over gjerdet
        kabelskapet står åpent
        røyk fra trafoen
        masten har knekt
        kan dere flytte stolpen i hagen
        Jeg lurer på regningen min
        vi trenger byggestrøm til hytta
        hvor er saken min
        HJELP DET BRENNER I STOLPEN
        måleren viser feil
        Ny tilknytning, hvordan søker jeg?
    """,
    "sv": """
        Diskmaskinen på avd Regnbågen tömmer inte, obj 4471
        strömmen är borta
        strömlöst i hela byn sen klockan sju
        det sprakar från stolpen
        trädet har fallit på ledningen
        hej vi har ingen ström
        tvättmaskinen startar inte
        kylen läcker vatten
        ledningen hänger ner över vägen
        DET BRINNER I NÄTSTATIONEN
        elskåpet står öppet
        rök från elcentralen
        stolpen har gått av
        spisen fungerar inte
        Jag undrar över min faktura
        maskinen är trasig
        var är mitt ärende
        hjälp det luktar bränt
        fel på ugnen, ring innan ni kommer
        Torktumlaren låter konstigt
    """,
    "en": """
        there's a power line down across our driveway
        no power since 8 this morning
        the whole street is dark
        sparks coming out of the pole
        a tree has fallen on the wires
        we have no electricity
        the dishwasher does not drain
        login is not working for anyone
        wire hanging over the road
        THE TRANSFORMER IS ON FIRE
        the cabinet is open
        smoke from the substation
        pole is leaning
        can you move the pole in my garden
        I have a question about my bill
        users don't get reminders
        where is my case
        help my socket is melting
        meter shows the wrong reading
        How do I apply for a connection?
    """,
}
CASES = [(language, line.strip()) for language, text in REPORTS.items() for line in text.splitlines() if line.strip()]


def test_there_are_sixty():
    assert len(CASES) == 60


@pytest.mark.parametrize(("language", "text"), CASES)
def test_a_report_is_in_its_language(language, text):
    assert detect(text, ALL) == language
    for other in set(ALL) - {language}:
        assert detect(text, (language, other)) == language


@pytest.mark.parametrize(
    "text", ["", "1", "status", "mast 1042", "Storgatan 4", "IN-00001042", "ok", "👍", "Eva", "xyz", "hi det"]
)
def test_what_says_nothing_is_in_none(text):
    assert detect(text, ALL) is None


def test_only_the_languages_of_the_desk_are_answered():
    assert detect("strömmen är borta", ()) is None
    assert detect("there's a power line down across our driveway", ("nb", "sv")) is None


@given(st.text(max_size=300))
def test_no_text_raises(text):
    assert detect(text, ALL) in {*ALL, None}
