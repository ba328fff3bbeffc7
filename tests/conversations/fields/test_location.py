"""Places by text: addresses, numbers of things in a register, names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.fields import location
from conversations.fields.contract import Refused, Taken
from conversations.places.geodesy import from_utm, metres_between
from tests.conversations.fields.kit import context, field

WHERE = field("location", register="masts")
PLAIN = field("location")


def read(text, **more):
    taken = location.read(WHERE, text, context(**more))
    assert isinstance(taken, Taken)
    return taken


GOOD = [
    ("Øvre Havnegate 3", "Øvre Havnegate 3"),
    ("Åsveien 3", "Åsveien 3"),
    ("Lia 14", "Lia 14"),
    ("Furunesveien 12B, 6700 Måløy", "Furunesveien 12B, 6700 Måløy"),
    ("furunesveien 12 b", "Furunesveien 12B"),
    ("FURUNESVEIEN 12", "FURUNESVEIEN 12"),
    ("Storgata 4", "Storgata 4"),
    ("jeg bor i storgata fire", "Storgata 4"),
    ("storgata tjueto b i måløy", "Storgata 22B, måløy"),
    ("Storgata 4, leilighet 4, 6700 Måløy", "Storgata 4, leilighet 4, 6700 Måløy"),
    ("Storgatan 4 lgh 1102, 541 30 Skövde", "Storgatan 4, lgh 1102, 541 30 Skövde"),
    ("Storgata 4 H0102 Måløy", "Storgata 4, H0102, Måløy"),
    ("Storgata 4, 3. etasje", "Storgata 4, 3. etasje"),
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
    ("///index.home.raft", "///index.home.raft"),
    ("what3words: Index.Home.Raft", "///index.home.raft"),
    ("https://w3w.co/index.home.raft", "///index.home.raft"),
]
POINTS = [
    "61.9290, 5.1072",
    "61.9290,5.1072",
    "61.9290 5.1072",
    "61,9290 5,1072",
    "61,9290, 5,1072",
    "61,9290,5,1072",
    "61.9290 og 5.1072",
    "5.1072, 61.9290",
    "koordinater: 61.9290, 5.1072",
    "N 61.9290 E 5.1072",
    "N61.9290 E005.1072",
    "61.9290N5.1072E",
    "61.9290N 5.1072Ø",
    "61.9290 n 5.1072 ö",
    "61.9290° N, 5.1072° Ø",
    "Ø 5.1072 N 61.9290",
    "lat: 61.9290, lng: 5.1072",
    "bredde 61.9290 lengde 5.1072",
    "latitud 61.9290 longitud 5.1072",
    "61° 55.740' N 5° 6.432' E",
    "61°55.740'N, 005°06.432'E",
    "61° 55,740′ 5° 6,432′",
    "N 61 55.740 E 5 6.432",
    "61 55.740 N 5 6.432 E",
    "61°55'44.4\"N 5°06'25.9\"E",
    "61° 55′ 44,4″ N, 5° 6′ 25,9″ Ø",
    "61 grader 55 min 44.4 sek nord, 5 grader 6 min 25.9 sek øst",
    "32V 295719 6872397",
    "UTM 32V 0295719E 6872397N",
    "utm32 295719 6872397",
    "UTM sone 33: N 6905865 Ø -17918",
    "6872397, 295719 (sone 32)",
    "SWEREF 99 TM N 6905865, E -17918",
    "https://www.google.com/maps/@61.9290,5.1072,17z",
    "https://www.google.com/maps/place/61%C2%B055'44.4%22N+5%C2%B006'25.9%22E/@61.8,5.2,17z/data=!8m2!3d61.929!4d5.1072",
    "https://www.google.com/maps/place/61%C2%B055'44.4%22N+5%C2%B006'25.9%22E/@61.929,5.1072,17z",
    "https://www.google.com/maps/search/61.929,+5.1072?entry=tts",
    "https://maps.google.com/?ll=61.8,5.2&q=61.929,5.1072",
    "https://www.google.com/maps/search/?api=1&query=61.9290%2C5.1072",
    "maps.google.com/?q=61.929,5.1072",
    "https://maps.apple.com/?ll=61.929000,5.107200&q=Dropped%20Pin",
    "https://maps.apple.com/place?coordinate=61.929,5.1072&name=Marked%20Location",
    "https://www.openstreetmap.org/#map=17/61.92900/5.10720",
    "https://www.openstreetmap.org/?mlat=61.929&mlon=5.1072#map=15/61.80/5.20",
    "geo:61.929,5.1072;u=35",
    "geo:0,0?q=61.929,5.1072(Her)",
    "https://www.bing.com/maps?cp=61.929~5.1072&lvl=17",
    "https://share.here.com/l/61.929,5.1072,Her",
    "https://www.norgeskart.no/#!?project=norgeskart&layers=1002&zoom=15&lat=6905865.41&lon=-17917.84",
    "https://minkarta.lantmateriet.se/plats/3006/v2.0/?e=-17918&n=6905865&z=8",
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
        ("hytta til Hansen", "hytta til Hansen"),
        ("Nede ved brygga", "Nede ved brygga"),
        ("stokke meieri", "stokke meieri"),
        ("ytre bø", "ytre bø"),
        ("det er på kvia", "kvia"),
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


@pytest.mark.parametrize("text", POINTS)
def test_coordinates_are_read_in_the_usual_notations(text):
    taken = read(text)
    assert (taken.value["lat"], taken.value["lon"]) == pytest.approx((61.929, 5.1072), abs=0.00001)
    assert (taken.value["verified"], taken.value["precise"], taken.value["object"]) == (False, True, None)
    assert taken.value["text"] in text
    assert taken.rest == ""


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("nb", "61.94050, 5.10400, 23 m fra mast 1042, Furunesveien 12"),
        ("sv", "61.94050, 5.10400, 23 m från mast 1042, Furunesveien 12"),
        ("en", "61.94050, 5.10400, 23 m from mast 1042, Furunesveien 12"),
    ],
)
def test_a_point_is_read_back_by_what_stands_beside_it(language, shown):
    taken = location.read(WHERE, "61.9405, 5.1040", context(language))
    assert isinstance(taken, Taken)
    assert location.show(WHERE, taken.value, context(language)) == shown
    assert (taken.value["verified"], taken.value["object"]) == (False, None)


def test_a_point_that_nothing_stands_beside_is_read_back_in_figures():
    assert location.show(WHERE, read("61.9290, 5.1072").value, context()) == "61.92900, 5.10720"


def test_a_point_of_few_figures_is_not_precise():
    rough = read("61.9N 5.1E")
    assert (rough.value["precise"], location.show(WHERE, rough.value, context())) == (False, "61.90000, 5.10000")
    both = read("Furunesveien 12", known=rough.value)
    assert (both.value["precise"], both.value["lat"]) == (True, None)


def test_a_further_point_takes_the_first_ones_place():
    first = read("61.94038, 5.10436").value
    second = read("61.9290, 5.1072", known=first).value
    assert (second["lat"], second.get("near")) == (61.929, None)
    assert read("ved Furuneset", known=first).value["near"]["key"] == "1042"


SPELLED = [
    "{lat:.5f}, {lon:.5f}",
    "{lon:.5f} {lat:.5f}",
    "N{lat:.6f} E{lon:.6f}",
    "{lat:.5f}° N {lon:.5f}° Ø",
    "https://www.google.com/maps/@{lat:.7f},{lon:.7f},17z",
    "https://maps.apple.com/?ll={lat:.5f},{lon:.5f}",
    "https://www.openstreetmap.org/#map=17/{lat:.5f}/{lon:.5f}",
    "geo:{lat:.6f},{lon:.6f}",
    "{lat_d}° {lat_m:.4f}' N {lon_d}° {lon_m:.4f}' E",
    "N {lat_d} {lat_m:07.4f} E {lon_d:03} {lon_m:07.4f}",
    "{lat_d}°{lat_min}'{lat_s:.2f}\"N {lon_d}°{lon_min}'{lon_s:.2f}\"E",
]


@given(
    lat=st.floats(55.1, 71.4, allow_nan=False),
    lon=st.floats(4.1, 31.4, allow_nan=False),
    spelled=st.sampled_from(SPELLED),
    comma=st.booleans(),
)
def test_a_point_is_read_as_it_was_written(lat, lon, spelled, comma):
    text = spelled.format(lat=lat, lon=lon, **_minutes("lat", lat), **_minutes("lon", lon))
    if comma and "//" not in text and "geo:" not in text:
        text = text.replace(", ", " ").replace(".", ",")
    for taken in (read(text), location.find(WHERE, f"Linja er nede {text} kom fort", context())):
        assert isinstance(taken, Taken)
        assert (taken.value["lat"], taken.value["lon"]) == pytest.approx((lat, lon), abs=0.00001)


def _minutes(name, degrees):
    """The parts of an angle as people write them, the last figure cut off so that none is sixty."""
    minutes = degrees % 1 * 60
    parts = {"d": int(degrees), "m": int(minutes * 10_000) / 10_000, "min": int(minutes)}
    return {f"{name}_{part}": value for part, value in parts.items()} | {f"{name}_s": int(minutes % 1 * 6000) / 100}


@given(
    zone=st.sampled_from([32, 33, 35]),
    northing=st.integers(6_200_000, 7_900_000),
    easting=st.integers(250_000, 750_000),
)
def test_a_grid_reference_lies_as_far_from_another_as_its_metres_say(zone, northing, easting):
    here, there = from_utm(zone, easting, northing), from_utm(zone, easting + 300, northing + 400)
    assert metres_between(here, there) == pytest.approx(500, rel=0.005)


@pytest.mark.parametrize(
    ("grid", "point"),
    [
        # Reckoned with PROJ 9.
        ((32, 295719.006, 6872397.428), (61.929, 5.1072)),
        ((33, -17917.852, 6905865.409), (61.929, 5.1072)),
        ((33, 674079.257, 6580798.387), (59.33, 18.06)),
        ((35, 653397.294, 7815654.232), (70.4, 31.1)),
    ],
)
def test_a_grid_reference_is_reckoned_to_degrees(grid, point):
    assert from_utm(*grid) == pytest.approx(point, abs=2e-8)


BAD = [
    ("48.8566, 2.3522", "field.location.outside"),
    ("N 5.1072 E 61.9290", "field.location.outside"),
    ("-61.9290, 5.1072", "field.location.outside"),
    ("https://www.google.com/maps?q=48.8566,2.3522", "field.location.outside"),
    ("295719 6872397", "field.location.unclear"),
    ("61.9290", "field.location.unclear"),
    ("61.9, 5.1", "field.location.unclear"),
    ("61 55.740 5 6.432", "field.location.unclear"),
    ("jeg har ringt 113", "field.location.unclear"),
    ("har ringt 110 og 113", "field.location.unclear"),
    ("Ring 113", "field.location.unclear"),
    ("ringte 112", "field.location.unclear"),
    ("Vent litt", "field.location.unclear"),
    ("det haster", "field.location.unclear"),
    ("jeg er redd", "field.location.unclear"),
    ("et øyeblikk", "field.location.unclear"),
    ("straks", "field.location.unclear"),
    ("to barn", "field.location.unclear"),
    ("ute", "field.location.unclear"),
    ("min adresse", "field.location.unclear"),
    ("english please", "field.location.unclear"),
    ("barn i fare", "field.location.unclear"),
    ("det er viktig", "field.location.unclear"),
    ("", "field.location.unclear"),
    ("...", "field.location.unclear"),
    ("ja", "field.location.unclear"),
    ("to", "field.location.unclear"),
    ("nr 2", "field.location.unclear"),
    ("den første", "field.location.unclear"),
    ("hvorfor må dere vite det?", "field.location.unclear"),
    ("nå må dere snart komme og gjøre noe med denne strømmen", "field.location.unclear"),
    ("her", "field.location.here"),
    ("hjemme hos meg", "field.location.here"),
    ("outside my house", "field.location.here"),
    ("vet ikke", "field.location.unknown"),
    ("Ingen aning!", "field.location.unknown"),
    ("https://maps.app.goo.gl/abc123", "field.location.link"),
    ("goo.gl/maps/abc", "field.location.link"),
    ("https://bit.ly/3xY1042", "field.location.link"),
    ("https://www.google.com/maps/place/Furunesveien+12", "field.location.link"),
    ("Dropped pin\nhttps://maps.app.goo.gl/NS-0204", "field.location.link"),
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
        (
            "Linje nede 61.9405, 5.1040 barn her",
            "61.94050, 5.10400, 23 m fra mast 1042, Furunesveien 12",
            "Linje nede barn her",
        ),
        ("mast 1042 https://maps.app.goo.gl/x", "Furunesveien 12, 6700 Måløy (mast 1042)", "https://maps.app.goo.gl/x"),
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
        "det er 48.8566, 2.3522",
        "12.05.2026 13.30",
        "kl 10.15 og 61.50",
        "betalte 61.50 og 5.20",
        "61,9 kWh 5,1 kWh",
        "https://maps.app.goo.gl/abc?g_st=NS-0204",
        "ring 91234567 eller 70123456",
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
