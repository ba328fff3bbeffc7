"""Words about places, in Norwegian, Swedish and English, lower case: what ends a street's name, what is no place."""

import re
from collections.abc import Iterable, Iterator, Mapping

STREET_ENDS = (
    "veien vegen vei veg vej veen gata gaten gate gt allé alléen alleen plassen plass stien sti torget torg smauet "
    "smuget kaien kaia svingen ringen kroken bryggen brygga tunet terrassen terrasse kvartalet "
    "gatan vägen väg gränd gränden stigen leden platsen stråket esplanaden allén"
).split()
STREET_SHORT_ENDS = ("v.", "vn", "vn.", "gt.", "g.", "pl.")
# Ends of names that are streets only with a capital and a number: "Haugen 3", not "haugen 3 meter unna".
NAME_ENDS = (
    "bakken haugen lia åsen toppen jordet myra neset vika grenda sletta stranda løkka hagen lunden kleiva berget "
    "dalen marka moen øya holmen backen berg viken udden kullen ängen höjden parken"
).split()
STREETS_APART = "gate gata gaten vei veg veien vegen plass allé gatan väg vägen torg gränd stig".split()
ENGLISH_STREETS = "street road lane avenue drive way close square st rd ave".split()
FARMS = "gard gård gaard gården garden farm bruk seter gods".split()

# House numbers as a telephone writes down what it hears. "En" and "ett" are too many other things.
_FEW = (
    "to två two, tre three, fire fyra four, fem five, seks sex six, sju syv seven, åtte åtta eight, ni nio nine, "
    "ti tio ten, elleve elva eleven, tolv twelve, tretten tretton thirteen, fjorten fjorton fourteen, "
    "femten femton fifteen, seksten sexton sixteen, sytten sjutton seventeen, atten arton eighteen, "
    "nitten nitton nineteen"
)
_TENS = (
    "tjue tjugo twenty, tretti trettio thirty, førti fyrtio forty, femti femtio fifty, seksti sextio sixty, "
    "sytti sjuttio seventy, åtti åttio eighty, nitti nittio ninety"
)


def _house_numbers() -> Iterator[tuple[str, int]]:
    few = [("en", 1), ("ett", 1), ("one", 1)]
    few += [(word, number) for number, words in enumerate(_FEW.split(","), 2) for word in words.split()]
    yield from few[3:]
    for tens, words in enumerate(_TENS.split(","), 2):
        for word in words.split():
            yield word, tens * 10
            yield from ((f"{word}{one}", tens * 10 + number) for one, number in few if number < 10)


HOUSE_NUMBERS: Mapping[str, int] = dict(_house_numbers())

# A place ends so: enough for a name typed in small letters, with three letters before it.
PLACE_ENDS = (
    "neset nes ness vik vika viken våg vågen våga bukta fjord fjorden eid eidet heim stad sund sundet dal dalen "
    "berg berget haug haugen øy øya øyna øyra øyane ås åsen bygd bygda li lia mo moen sletta rud torp holm holmen "
    "hamn hamna havn land botn botnen köping borg hult hammar tuna"
).split()
LANDMARKS = (
    "skolen skulen skole skule barnehagen barnehage kirken kirka kyrkja kirke brua broen bru bro hengebrua kaien kaia "
    "ferjekaien ferjekaia fergekaia fergekaien ferjeleiet fergeleiet havna hamna havnen båthavna småbåthavna butikken "
    "butikk nærbutikken bensinstasjonen stadion idrettsplassen fotballbanen lekeplassen rådhuset kommunehuset "
    "sykehuset sjukehuset sykehjemmet legevakta biblioteket grendahuset bedehuset samfunnshuset campingplassen "
    "rundkjøringen rundkjøringa krysset veikrysset tunnelen avkjørselen hotellet fabrikken sagbruket gartneriet "
    "skolan skola förskolan dagis kyrkan kyrka bron hamnen affären butiken macken bensinstationen stationen "
    "tågstationen busstationen rondellen korsningen lekplatsen idrottsplatsen vårdcentralen sjukhuset äldreboendet "
    "school church bridge harbour harbor quay pier shop store supermarket station roundabout junction crossing "
    "crossroads tunnel library hospital playground stadium kindergarten nursery ferry hotel factory"
).split()

PREPOSITIONS_NEAR = (
    "i nærheten av",
    "i nærleiken av",
    "i närheten av",
    "ikke langt fra",
    "inte långt från",
    "not far from",
    "next to",
    "close to",
    "across from",
    "opposite",
    "utenfor",
    "utafor",
    "utanfor",
    "outside",
    "ovenfor",
    "ovanfor",
    "ovanför",
    "nedenfor",
    "nedanfor",
    "nedanför",
    "innenfor",
    "innanfor",
    "foran",
    "framfor",
    "framför",
    "bakom",
    "bak",
    "behind",
    "langs",
    "längs",
    "along",
    "under",
    "over",
    "över",
    "nær",
    "nära",
    "near",
    "ved",
    "vid",
    "v/",
    "at",
    "by",
)
PREPOSITIONS_IN = ("i", "på", "in", "on")
BETWEEN = ("mellom", "mellan", "between")
# What stands before the name of a place in a short answer, besides: «hytta til Hansen», "the mill".
LEAD_TO_NAMES = "hos til till to mot fra från from rundt runt around av of the".split()
# Places that everybody has; without a name they are where somebody is all the same.
PLAIN_PLACES = "hus huset hytte hytta stuga stugan gata gatan gaten veien vegen vägen house cabin road street".split()

# Followed by these, a preposition says when, how or in what language, not where.
NO_PLACES = frozenset(
    "mandag tirsdag onsdag torsdag fredag lørdag søndag måndag tisdag lördag söndag tysdag laurdag sundag monday "
    "tuesday wednesday thursday friday saturday sunday januar februar mars april mai juni juli august september "
    "oktober november desember january february march may june july october december januari februari maj augusti "
    "jul påske pinse påsk easter christmas norsk svensk engelsk norwegian swedish english bokmål nynorsk norge noreg "
    "norway sverige sweden sms tv nrk svt bankid vipps swish facebook instagram snapchat messenger whatsapp google "
    "internett internet nettet mail e-post epost telefon app appen youtube jobb dere deg meg oss dem hei hjelp vi jeg "
    "eg jag du de den det dette og men har er the this that my our your a an".split()
)
# End like a street or a place and are neither.
COMMON_NOUNS = frozenset(
    "hovedveien hovedvegen hovedvei riksveien riksvegen fylkesveien fylkesvegen europaveien gangveien gangvegen "
    "gangstien sykkelveien sykkelstien sykkelvegen bilveien bilvegen kjøreveien gårdsveien gårdsvegen skogsveien "
    "skogsvegen skogsbilveien grusveien grusvegen motorveien motorvegen omkjøringsveien adkomstveien innkjørselen "
    "traktorveien turveien turstien tursti skiløypa parkeringsplassen parkeringsplass arbeidsplassen arbeidsplass "
    "byggeplassen byggeplass anleggsplassen riggplassen oppstillingsplassen lagerplassen bosplassen søppelplassen "
    "huvudvägen landsvägen cykelvägen gångvägen skogsvägen grusvägen motorvägen riksvägen länsvägen uppfarten "
    "kraftledningsgatan ledningsgatan kraftgata kraftgaten kraftgata linjegata linjegaten parkeringsplatsen "
    "arbetsplatsen byggarbetsplatsen arbeidstorget utlandet innlandet fastlandet fastland hovedstad steinhaugen "
    "arbeid anleggsarbeid gravearbeid søppelhaugen snøhaugen jordhaugen komposthaugen vedhaugen kvisthaugen "
    "ringt oppringt stengt avstengt sprengt hengt slengt trengt sagt lagt bragt valgt solgt fulgt spurgt brakt".split()
)
# Who is rung has no house of that number: «ringte 113».
EMERGENCY_NUMBERS = frozenset("110 112 113 116117 1177 11414 911 999".split())
UNITS = (
    "m meter metre meters cm mm km mil kilometer stk st styck pcs kr kroner kronor nok sek år ar yr years gamle gammel "
    "gammal gammelt dager dagar days uker veckor weeks måneder månader timer timar hours min minutter minuter minutes "
    "sek sekunder kl grader personer mennesker mann barn unger ganger gånger times prosent procent kw kwh kv v volt a "
    "ampere amp watt w tonn ton kg stolper master linjer trær hus etasje etg huse biler naboer stykker"
).split()
# Words that a name never holds and that often stand before one.
SMALL_WORDS = frozenset((*NO_PLACES, *UNITS)) | frozenset(
    "i på ved vid v/ nær nära near at in on by til till to fra från from over över under langs bak bakom foran mot "
    "og och and eller or er är is var was ble blev det den de her här here der där there hele hela whole all alle "
    "alla for för som at av of med with mangler ligger henger står ned nede opp oppe borte utenfor utanför like rett "
    "også nr no nummer number mast masta stolpe stolpen pole linja linje ikke inte not en ei ett et min mitt mi din "
    "ditt vår vårt vi kl klokka klokken nei nej ja hus leilighet".split()
)
NAME_PARTS = (
    "øvre nedre ytre indre gamle nye store lille vestre østre nordre søndre midtre sankt st dronning kong prins "
    "övre nedre yttre inre gamla nya stora lilla västra östra norra södra sankta kung drottning gammel ny stor"
).split()


def either(words: Iterable[str]) -> str:
    """The words as alternatives of a regular expression, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))
