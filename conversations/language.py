"""Which language a short text is in, by its small words and its letters. Nynorsk and dialect are Norwegian.

A guess is made only where one language is well ahead; «status 1042» is in none.
"""

import re
from collections.abc import Mapping, Sequence

from conversations.state import Language

LONGEST = 1_000
_AHEAD = 2
_PER_WORD = 2
_PER_SHARED = 1
_PER_LETTER = 2

_NORWEGIAN = """
i måleren viser feil åpen åpent ingen alt orden hilsen uke lukta svidd borti trafoen brant ringt snakket venter trenger
jeg eg æ ikke ikkje og er av til fra frå hos oss meg dere dokker noe noen hva kva hvor kor hvem når
hvordan hvorfor bare berre nå etter også ved mellom men blir ble vart være vore går gikk ligg ligger
heng henger hengt står falt ned nede ute borte vekk uten utan hele heile huset hus veien vegen gata
stolpe stolpen masta linja linjen linje strøm strømmen straumen straum strom strommen strømbrudd to
brann brenner røyk gnister gnistrer lukter farlig fare hjelp takk hei ja nei barn unger ungene kabel
kabelen gravd brukket knekt trær treet skadd mørkt mørk sikring sikringen skapet nettstasjon sak
saken ønsker trenger gjerne noko denne dette disse de min mitt mine deres vår vårt skal vil kan må
har hadde fått får et ei en den det på som om hytta hytte regning faktura måler flytter melde virker
"""
_SWEDISH = """
i mätaren visar öppen öppet ingen allt gått linan vecka ringt pratat väntar behöver hej
jag inte och är av till från hos oss mig er ni något någon vad var vem när hur varför bara nu efter
också vid mellan men blir blev vara går gick ligger hänger hängt står föll fallit ner nere ute borta
utan hela huset hus vägen gatan stolpe stolpen ledning ledningen elledning ström strömmen strom
strommen strömavbrott elavbrott brand brinner rök gnistor gnistrar sprakar luktar farligt farlig
fara hjälp hjalp tack hej ja nej barn kabel kabeln grävt gravt trasig trasigt träd trädet skadad
mörkt säkring skåpet elskåp nätstation ärende ärendet skulle vill kan måste har hade fått får ett en
den det på som om denna detta dessa de min mitt mina vår vårt ska diskmaskinen maskinen
tvättmaskinen läcker fungerar funkar startar tömmer avdelning kylen spisen ugnen torktumlaren kund
faktura mätare flyttar anmäla strömlöst fel o
"""
_ENGLISH = """
meter reading bill still waiting broke door open
the a an is are was were be been it its it's there here and or but not no of to from with in on at
by for my our your we i you they he she this that these what where when who how why has have had can
could will would should do does did don't doesn't power line lines wire wires pole down out fire
smoke sparks sparking burning smell danger dangerous help please thanks hello hi road street house
hanging hangs fallen broken tree since just about into across outside near over under all some any
new case machine leaking works working water login log user nobody again still after before yes
"""
WORDS: Mapping[Language, frozenset[str]] = {
    "nb": frozenset(_NORWEGIAN.split()),
    "sv": frozenset(_SWEDISH.split()),
    "en": frozenset(_ENGLISH.split()),
}
LETTERS: Mapping[Language, str] = {"nb": "æø", "sv": "äö", "en": ""}
_SCANDINAVIAN = "å"


def detect(text: str, among: Sequence[Language]) -> Language | None:
    """The one language of these that the text is in; None when unsure."""
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?(?![^\W_]|-[0-9])", text[:LONGEST].lower().replace("’", "'"))
    scores = sorted(((_score(words, language, among), language) for language in among), reverse=True)
    if not scores or scores[0][0] < _AHEAD:
        return None
    return scores[0][1] if len(scores) == 1 or scores[0][0] >= scores[1][0] + _AHEAD else None


def _score(words: Sequence[str], language: Language, among: Sequence[Language]) -> int:
    """Two for a word or letter that only this language has, one for what it shares with another of them."""
    score = 0
    for word in words:
        sharing = sum(word in WORDS[other] for other in among)
        if word in WORDS[language]:
            score += _PER_WORD if sharing == 1 else _PER_SHARED
        if any(letter in word for letter in LETTERS[language]):
            score += _PER_LETTER
        elif language != "en" and _SCANDINAVIAN in word:
            score += _PER_SHARED
    return score
