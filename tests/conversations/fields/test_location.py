"""Places by text: addresses, numbers of things in a register, names."""

import pytest

from conversations.fields import location
from conversations.fields.contract import Refused, Taken
from tests.conversations.fields.kit import context, field

WHERE = field("location", register="masts")
PLAIN = field("location")


def read(text, **more):
    taken = location.read(WHERE, text, context(**more))
    assert isinstance(taken, Taken)
    return taken


GOOD = [
    ("Furunesveien 12B, 6700 Måløy", "Furunesveien 12B, 6700 Måløy"),
    ("furunesveien 12 b", "Furunesveien 12B"),
    ("FURUNESVEIEN 12", "FURUNESVEIEN 12"),
    ("Storgata 4", "Storgata 4"),
    ("storgt 4, Måløy", "Storgt 4, Måløy"),
    ("Storgata 4 i Måløy", "Storgata 4, Måløy"),
    ("Kongens gate 3", "Kongens gate 3"),
    ("kongens gate 3", "Kongens gate 3"),
    ("Olav Tryggvasons gate 4", "Olav Tryggvasons gate 4"),
    ("Chr. Michelsens gate 4, Bergen", "Chr. Michelsens gate 4, Bergen"),
    ("Øvre Slottsgate 12", "Øvre Slottsgate 12"),
    ("Storgatan 4, 541 30 Skövde", "Storgatan 4, 541 30 Skövde"),
    ("Västra vägen 7", "Västra vägen 7"),
    ("Solbakken gard", "Solbakken gard"),
    ("solbakken 14", "Solbakken 14"),
    ("E39 ved Nordfjordeid", "E39 ved Nordfjordeid"),
    ("e39 ved nordfjordeid", "E39 ved nordfjordeid"),
    ("gnr 82 bnr 14, Måløy", "Gnr 82 bnr 14, Måløy"),
    ("14 Fire Street", "14 Fire Street"),
    ("61.94038, 5.10436", "61.94038, 5.10436"),
    ("https://maps.example/@61.94038,5.10436,17z", "61.94038, 5.10436"),
]


@pytest.mark.parametrize(("text", "shown"), GOOD)
def test_an_address_is_kept_as_typed_and_unverified(text, shown):
    taken = read(text)
    assert location.show(WHERE, taken.value, context()) == shown
    assert (taken.value["verified"], taken.value["precise"], taken.value["object"]) == (False, True, None)
    assert taken.rest == ""


@pytest.mark.parametrize(
    "text",
    [
        "mast 1042",
        "Mast 1042.",
        "mastenr. 1042",
        "mastenummer 1042",
        "mast nr 1042",
        "masta 1042",
        "stolpen nr. 1042",
        "stolpenr 1042",
        "pole 1042",
        "1042",
        "nr 1042",
        "mast 1042 ved Furunesveien 12",
        "Furunesvegen 12, mast 1042",
    ],
)
def test_a_number_in_the_register_brings_the_rows_address(text):
    taken = read(text)
    assert location.show(WHERE, taken.value, context()).endswith("12, 6700 Måløy (mast 1042)")
    assert taken.value["object"] == {"register": "masts", "key": "1042", "kind": "mast"}
    assert (taken.value["verified"], taken.value["precise"]) == (True, True)
    assert (taken.value["lat"], taken.value["lon"]) == (61.94038, 5.10436)
    assert taken.rest == ""


@pytest.mark.parametrize("text", ["NS-0204", "ns 0204", "NS0204", "nettstasjon NS-0204"])
def test_a_key_of_letters_and_digits_is_read_however_it_is_joined(text):
    taken = read(text)
    assert location.show(WHERE, taken.value, context()) == "Sørstrandvegen 33, 6700 Måløy (nettstasjon NS-0204)"
    assert location.show(WHERE, taken.value, context("en")) == "Sørstrandvegen 33, 6700 Måløy (no. NS-0204)"
    assert (taken.value["lat"], taken.value["lon"]) == (61.9283, None)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("stolpe nr 9999", "stolpe 9999"),
        ("mast 9999 ved Furunesveien 12", "Furunesveien 12 (mast 9999)"),
        ("mast 9999 ved Furuneset", "Furuneset (mast 9999)"),
        ("9999", "9999"),
    ],
)
def test_a_number_that_is_in_no_register_is_shown_as_typed(text, shown):
    taken = read(text)
    assert location.show(WHERE, taken.value, context()) == shown
    assert (taken.value["verified"], taken.value["precise"]) == (False, True)
    assert taken.value["object"]["key"] == "9999"


def test_a_thing_that_stands_elsewhere_than_typed_says_where():
    taken = read("mast 1042 ved Havnegata 3")
    assert location.show(WHERE, taken.value, context()) == "Havnegata 3 (mast 1042 står ved Furunesveien 12)"
    assert taken.value["lat"] is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Furuneset", "Furuneset"),
        ("furuneset", "furuneset"),
        ("ved Furuneset", "Furuneset"),
        ("rett ved skolen", "skolen"),
        ("at the bridge in Måløy", "the bridge in Måløy"),
        ("i nærheten av skolen på Raudeberg", "skolen på Raudeberg"),
        ("vid skolan i Skövde", "skolan i Skövde"),
        ("mellom Furuneset og Raudeberg", "mellom Furuneset og Raudeberg"),
        ("Furunesveien", "Furunesveien"),
        ("6700 Måløy", "Måløy"),
        ("6700 måløy", "måløy"),
        ("bak låven", "bak låven"),
    ],
)
def test_a_mere_name_is_a_place_but_not_precise(text, place):
    taken = read(text)
    assert (taken.value["place"], taken.value["precise"], taken.value["address"]) == (place, False, None)


@pytest.mark.parametrize(
    ("first", "second", "shown", "precise"),
    [
        ("ved Furuneset", "Furunesveien 12", "Furunesveien 12, Furuneset", True),
        ("ved Furuneset", "mast 1042", "Furunesveien 12, 6700 Måløy (mast 1042)", True),
        ("ved Furuneset", "bak butikken", "Furuneset, butikken", False),
        ("6700 Måløy", "Havnegata 4", "Havnegata 4, 6700 Måløy", True),
        ("ved Furuneset", "ved Furuneset", "Furuneset", False),
    ],
)
def test_a_second_answer_is_joined_to_the_first(first, second, shown, precise):
    taken = read(second, known=read(first).value)
    assert location.show(WHERE, taken.value, context()) == shown
    assert taken.value["precise"] is precise


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Det er ved Furunesveien 12 i Måløy, barn går her", "barn går her"),
        ("mast 1042, linja ligger over veien", "linja ligger over veien"),
        ("mast 1042 og 1043", "og 1043"),
        ("hei, det er på Furuneset", ""),
    ],
)
def test_what_is_no_place_is_the_rest(text, rest):
    assert read(text).rest == rest


BAD = [
    ("", "field.location.unclear"),
    ("...", "field.location.unclear"),
    ("ja", "field.location.unclear"),
    ("hvorfor må dere vite det?", "field.location.unclear"),
    ("nå må dere snart komme og gjøre noe med denne strømmen", "field.location.unclear"),
    ("her", "field.location.here"),
    ("hjemme hos meg", "field.location.here"),
    ("outside my house", "field.location.here"),
    ("vet ikke", "field.location.unknown"),
    ("Ingen aning!", "field.location.unknown"),
    ("https://maps.app.goo.gl/abc123", "field.location.link"),
    ("goo.gl/maps/abc", "field.location.link"),
]


@pytest.mark.parametrize(("text", "problem"), BAD)
def test_what_is_no_place_is_refused(text, problem):
    assert location.read(WHERE, text, context()) == Refused(problem)


@pytest.mark.parametrize(
    ("text", "shown", "rest"),
    [
        (
            "Linja henger lavt over veien ved Furuneset, barn går her",
            "Furuneset",
            "Linja henger lavt over veien, barn går her",
        ),
        ("strømmen er borte i furunesveien 12", "Furunesveien 12", "strømmen er borte"),
        ("hele gata er mørk på Furunes, når kommer strømmen", "Furunes", "hele gata er mørk, når kommer strømmen"),
        ("linja heng ned i vegen ved Osen, bilar køyrer under", "Osen", "linja heng ned i vegen, bilar køyrer under"),
        ("hei, her er det mormor på Nes", "Nes", "her er det mormor"),
        ("En ledning har rasat ner vid Björkvägen", "Björkvägen", "En ledning har rasat ner"),
        ("luktar bränt på Storgatan 4 i Skövde", "Storgatan 4, Skövde", "luktar bränt"),
        ("kabelen ved Havnegata 4 Måløy og det smalt", "Havnegata 4, Måløy", "kabelen og det smalt"),
        ("wire on top of a car on mill lane", "mill lane", "wire on top of a car"),
        ("NS-0204 står åpen", "Sørstrandvegen 33, 6700 Måløy (nettstasjon NS-0204)", "står åpen"),
        ("arcing at the top of pole 2214", "pole 2214", "arcing at the top"),
        ("det gnistrer i mast 1042", "Furunesveien 12, 6700 Måløy (mast 1042)", "det gnistrer"),
        ("DET GNISTRER VED SKOLEN", "SKOLEN", "DET GNISTRER"),
        ("Strømbrudd i Storgata 4, 6700 Måløy. Hilsen Eva", "Storgata 4, 6700 Måløy", "Strømbrudd. Hilsen Eva"),
    ],
)
def test_a_place_is_found_in_a_report(text, shown, rest):
    found = location.find(WHERE, text, context())
    assert found is not None
    assert (location.show(WHERE, found.value, context()), found.rest) == (shown, rest)


@pytest.mark.parametrize(
    "text",
    [
        "Strømmen er borte på grunn av været i går på jobb",
        "stolpen ved siden av huset falt i dag kl 12",
        "Linja ligger 3 meter over bakken",
        "faktura 889213 stämmer inte",
        "Målerstand 45213 for måler 7359992",
        "sak IN-00001042",
        "strømmen borte på fredag i Januar",
        "Julia 3 år fikk støt",
        "stolpen i hagen min",
        "det gnistrer i en stolpe 1042 m fra huset",
        "2 stolper på bakken",
        "har dere lyst på kaffe ved anledning",
        "i utlandet på arbeid ved pulten",
        "røyk fra stikkontakten på kjøkkenet",
        "Linja er nede",
        "Strømmen kom tilbake i 2024",
        "betalte på Vipps i Mars",
        "kan jeg få svar på Engelsk",
        "we live in a house on the hill",
        "mast knekt",
        "på hovedveien",
        "mellom linja og bakken",
    ],
)
def test_nothing_is_found_where_no_place_is_named(text):
    assert location.find(WHERE, text, context()) is None


def test_two_places_are_not_guessed_between():
    assert location.find(WHERE, "først ved Furuneset og så ved Osen", context()) is None


def test_without_a_register_a_number_is_no_thing():
    taken = location.read(PLAIN, "mast 1042 ved Furuneset", context())
    assert isinstance(taken, Taken)
    assert (taken.value["place"], taken.value["object"], taken.rest) == ("Furuneset", None, "mast 1042")
