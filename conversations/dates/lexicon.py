"""Words about time in Norwegian, Swedish and English, dialect among them, and the plain word that each means.

A plain word says the same in all three languages: ``D-1`` yesterday, ``wd4`` Friday, ``wdp4`` last Friday (sv "i
fredags"), ``m1`` January, ``n7`` seven as a word, ``o7`` the seventh. Words are written here as they are compared:
``conversations.danger_syntax.fold`` makes "i förrgår" and "i forrgaar" one.
"""

from collections.abc import Iterator, Mapping

_WEEKDAYS = (
    "mandag mandagen måndag måndagen monday",
    "tirsdag tirsdagen tisdag tisdagen tysdag tuesday",
    "onsdag onsdagen wednesday",
    "torsdag torsdagen thursday",
    "fredag fredagen friday",
    "lørdag lørdagen laurdag saturday",
    "søndag søndagen sundag sunday",
)
_WEEKDAYS_SHORT = (
    "man mån mon",
    "tir tirs tis tue tues",
    "ons wed",
    "tor tors thu thur thurs",
    "fre fri",
    "lør lau sat",
    "søn sun",
)
_WEEKDAYS_PAST = "mandags måndags, tirsdags tisdags, onsdags, torsdags, fredags, lørdags lördags, søndags söndags"
_MONTHS = (
    "januar januari january jan",
    "februar februari february feb",
    "mars",
    "april apr",
    "mai maj",
    "juni june",
    "juli july",
    "august augusti aug",
    "september sept sep",
    "oktober october okt oct",
    "november nov",
    "desember december",
)
# With a day before or after them only: they are other words as well.
_MONTHS_BESIDE_A_DAY = {3: "mar march", 5: "may", 6: "jun", 7: "jul", 12: "des dec"}
_PARTS = {
    "night": "natt natta natten nattetid night notta",
    "morning": "morgen morgenen morgon morgonen morran morraen mårran morning",
    "forenoon": "formiddag formiddagen førmiddag förmiddag förmiddagen forenoon",
    "midday": "lunsj lunsjtid lunch lunchtid lunchtime midday",
    "afternoon": "ettermiddag ettermiddagen eftermiddag eftermiddagen ettermidda afternoon",
    "evening": "kveld kvelden kvelds kväll kvällen kvälls aften evening",
}
_ONES = (
    "null noll zero",
    "en ett et ein eit én one",
    "to:to två tvo two",
    "tre tri three",
    "fire fyra four",
    "fem five",
    "seks sex six",
    "sju syv seven",
    "åtte åtta eight",
    "ni nio nine",
    "ti tio ten",
    "elleve elva eleven",
    "tolv twelve",
    "tretten tretton thirteen",
    "fjorten fjorton fourteen",
    "femten femton fifteen",
    "seksten sexton sixteen",
    "sytten sjutton seventeen",
    "atten arton eighteen",
    "nitten nitton nineteen",
)
_TENS = {
    20: "tjue tyve tjugo twenty",
    30: "tretti tredve trettio thirty",
    40: "førti fyrtio forty",
    50: "femti femtio fifty",
}
_ORDINALS = (
    "første første fyrste första first",
    "andre andra second",
    "tredje third",
    "fjerde fjärde fourth",
    "femte fifth",
    "sjette sjätte sixth",
    "sjuende syvende sjunde seventh",
    "åttende åttonde eighth",
    "niende nionde ninth",
    "tiende tionde tenth",
    "ellevte elfte eleventh",
    "tolvte tolfte twelfth",
    "trettende trettonde thirteenth",
    "fjortende fjortonde fourteenth",
    "femtende femtonde fifteenth",
    "sekstende sextonde sixteenth",
    "syttende sjuttonde seventeenth",
    "attende artonde eighteenth",
    "nittende nittonde nineteenth",
    "tjuende tyvende tjugonde twentieth",
)
_TENS_BEFORE_ORDINALS = {20: "tjue tyve tjugo twenty", 30: "tretti tredve trettio thirty"}
_LAST_ORDINALS = {30: "trettiende tredevte trettionde thirtieth"}

_WORDS = {
    "D0": "i dag, idag, i da, i hele dag, i hela dag, today",
    "D-1": "i går, igår, i gjår, igjår, i gåt, igåt, yesterday",
    "D-2": (
        "i forgårs, i forgår, forgårs, i forigår, i forigårs, i førrgår, førrgår, i førgår, i førigår, i förrgår, "
        "förrgår, the day before yesterday, day before yesterday"
    ),
    "D+1": (
        "i morgen, imorgen, i morgon, imorgon, i morra, imorra, i mårra, imårra, i morron, imorron, i mårå, imårå, "
        "i morgo, i mårgå, imårgå, imorn, i morn, tomorrow"
    ),
    "D+2": (
        "i overmorgen, overmorgen, i overimorgen, i overimorra, overimorgen, overimorra, i over morgen, "
        "i övermorgon, övermorgon, the day after tomorrow, "
        "day after tomorrow"
    ),
    "D0 morning": (
        "i morges, imorges, i morgest, i morres, imorres, i mårest, i morse, imorse, i dag tidlig, i dag morges, "
        "i dag morgen, this morning"
    ),
    "morning": "morges, morse",
    "D0 forenoon": "i formiddag, i förmiddag, i förmiddags",
    "D0 afternoon": "i ettermiddag, i eftermiddag, i eftermiddags, i ettermidda, this afternoon",
    "D0 evening": "i kveld, ikveld, i kväll, ikväll, i aften, i kveill, ikveill, this evening, tonight",
    "D+1 morning": "i morgen tidlig, imorgen tidlig, i morgon tidlig, i morgon bitti, imorgon bitti",
    "tonight": "i natt, inatt, i hele natt, i hela natt, hele natta, hele natten, hela natten",
    "lastnight": "sist natt, last night",
    "midday": "midt på dagen, mitt på dagen",
    "noon": "noon",
    "midnight": "midnatt, midnight",
    "now": "nå, nu, now, nettopp, nyss, just nu, right now, straks",
    "ago": "siden, sidan, sia, sedan, sen, ago, earlier, tilbake, tillbaka",
    "since": "since, fra, frå, från, from",
    "for": "for, för",
    "om": "om",
    "in": "in",
    "i": "i",
    "pa": "på",
    "to": "to",
    "on": "on",
    "past": "over, över, past",
    "half": "half",
    "halv": "halv, halvt",
    "og": "og, och, and",
    "kvart": "kvart, kvarter, quarter, quarters",
    "n2 week": "a fortnight, fortnight",
    "halfhour": "halvtime, halvtimen, halvtimme, halvtimmen, halv time, halv timme, half hour, half an hour",
    "1½": "halvannen, halvannan, en og en halv, en och en halv, one and a half",
    "n2": "et par, ett par, eit par, a couple of, a couple, couple of",
    "hour": "time, timen, timer, timar, timme, timmen, timmar, tima, hour, hours, hrs, hr, h",
    "min": "min, minutt, minutter, minuttar, minuter, minut, minute, minutes, mins",
    "day": "dag, dager, dagar, daga, døgn, dygn, day, days",
    "week": "uke, uka, uken, uker, veke, veka, veker, vecka, veckan, veckor, week, weeks",
    "wk": "u, v",
    "month": "måned, måneden, måneder, månad, månaden, månader, month, months, mnd",
    "year": "år, året, year, years, yr",
    "weekend": "helg, helga, helgen, helgi, weekend, weekenden",
    "last": "sist, siste, sista, senaste, seinaste, siste, this past",
    "prev": "forrige, førre, förra, förre, last, previous",
    "next": "neste, nästa, next",
    "coming": (
        "kommende, komande, kommande, førstkommende, coming, upcoming, this coming, nå på, nu på, nå til, nu till"
    ),
    "this": "denne, denna, dette, this, den her, den här",
    "prev year": "i fjor, ifjor, i fjol",
    # "är" is compared as "år" is.
    "this year": "i år, iår",
    "between": "mellom, mellan, between",
    "every": ("hver, hvert, kvar, varje, every, each, kvelder, netter, kvällar, nätter, nights, evenings, mornings"),
    "bound": "til, till, until, innen, inntil, before, innan, mot, etter, efter, after, by, tom",
    "kl": "kl, kln, klokka, klokken, klokkå, klocka, klockan",
    "at": "at",
    "ved": "ved, vid",
    "about": (
        "ca, cirka, circa, omtrent, rundt, omkring, ungefär, runt, around, about, approximately, approx, sånn, drøyt, "
        "drygt, snaut, knappt, just over, almost, nesten, nästan"
    ),
    "about a": "en drøy, en god, en dryg, en liten, en knapp, en snau, et drøyt, et godt, a good",
    "tiden": "tiden, tida, tia, draget, snaret, ish",
    "oclock": "o'clock, o clock",
    "am": "am, a m, fm",
    "pm": "pm, p m, em",
    "den": "den, the, d",
    "of": "of",
    "t": "t",
    "a": "a, an",
    "not": "ikke, ikkje, inte, ej, not",
    "or": "eller, or",
    # Times that we do not place: a text that names one says something else than what is left of it.
    "period": (
        "århundre, århundret, århundrade, århundradet, century, tiår, tiåret, årtionde, decade, sommer, sommeren, "
        "somras, sommar, sommaren, summer, høst, høsten, haust, høstes, höst, hösten, höstas, autumn, vinter, "
        "vinteren, vintern, vintras, winter, våren, våras, påske, påska, påsken, påsk, easter, jul, jula, julen, "
        "julas, christmas"
    ),
    "~": (
        "det, de, var, er, ble, blev, skjedde, hendte, skedde, hände, begynte, började, startet, startade, har, vært, "
        "it, its, was, is, happened, started, began, tror, jeg, eg, jag, vi, think, maybe, kanskje, kanske, vel, nok, "
        "da, hei, hej, hello, hi, takk, tack, thanks, tidlig, tidligt, sent, seint, late, early, så, og så, allerede, "
        "redan, en gang, nei, nej, no, ja, yes, jo, men, but, akkurat, just, precis, exactly, alldeles, hele, hela"
    ),
}
# Besides the names of days and months: frequent words with no neighbours that are as frequent.
OFTEN_MISTYPED = (
    "kveld kvelden ikveld ikväll morges imorges formiddag formiddagen förmiddag ettermiddag ettermiddagen eftermiddag "
    "evening afternoon timer timar timmar hours minutter minuter minutes forrige"
).split()
# Neighbours of them all the same.
NO_SLIPS = (
    "frida mandat mandal fridag sunda sundby sunndal jaguar forge forage kvele times imogen avril augusta".split()
)
_FIXED_DAYS = {
    "F24.12": "julaften, julekvelden, julafton, christmas eve",
    "F25.12": "første juledag, juldagen, christmas day",
    "F31.12": "siste desember, sista december, nyttårsaften, nyårsafton, new year's eve, new years eve",
    "F1.1": "nyttårsdagen, nyttårsdag, første nyttårsdag, nyårsdagen, nyårsdag, new year's day, new years day",
}


def _entries() -> Iterator[tuple[str, str]]:
    """Each form with its plain words."""
    for plain, forms in (*_WORDS.items(), *_FIXED_DAYS.items()):
        yield from ((form.strip(), plain) for form in forms.split(","))
    for number, forms in enumerate(_MONTHS, 1):
        yield from ((form, f"m{number}") for form in forms.split())
    for number, forms in _MONTHS_BESIDE_A_DAY.items():
        yield from ((form, f"mb{number}") for form in forms.split())
    for part, forms in _PARTS.items():
        yield from ((form, part) for form in forms.split())
    yield from _often()
    yield from _weekdays()
    yield from _numbers()
    yield from _with_part()


def _weekdays() -> Iterator[tuple[str, str]]:
    pasts = _WEEKDAYS_PAST.split(",")
    for number, (full, short, past) in enumerate(zip(_WEEKDAYS, _WEEKDAYS_SHORT, pasts, strict=True)):
        yield from ((form, f"wd{number}") for form in full.split())
        yield from ((form, f"wa{number}") for form in short.split())
        yield from ((form, f"wdp{number}") for form in past.split())


def _often() -> Iterator[tuple[str, str]]:
    """«mandager», "Mondays": no one day."""
    for weekdays in _WEEKDAYS:
        for weekday in weekdays.split():
            yield from (
                (f"{weekday}{end}", "every") for end in ("s", "er", "ar", "ene", "arna") if weekday[-2:] != "en"
            )


def _with_part() -> Iterator[tuple[str, str]]:
    """In one word: «gårkveld», «fredagskväll», «mandagmorgen»."""
    for part, forms in _PARTS.items():
        for form in forms.split():
            yield from ((f"{lead}{form}", f"D-1 {part}") for lead in ("i går", "i går-", "igår", "går"))
            for number, weekdays in enumerate(_WEEKDAYS):
                for weekday in weekdays.split():
                    yield from ((f"{weekday}{between}{form}", f"wd{number} {part}") for between in ("", "s"))


def _numbers() -> Iterator[tuple[str, str]]:
    for number, forms in enumerate(_ONES):
        for form in forms.split():
            word, _, plain = form.partition(":")
            yield word, plain or f"n{number}"
            if number:
                yield from ((f"{word}{end}", f"about kl n{number} tiden") for end in ("tiden", "tida", "tia", "draget"))
    for tens, forms in _TENS.items():
        for form in forms.split():
            yield form, f"n{tens}"
            for one, ones in enumerate(_ONES[1:10], 1):
                for word in (one_form.partition(":")[0] for one_form in ones.split()):
                    yield from ((f"{form}{between}{word}", f"n{tens + one}") for between in _BETWEEN)
                    yield f"{word}og{form}", f"n{tens + one}"
    yield from _ordinals()


def _ordinals() -> Iterator[tuple[str, str]]:
    for number, forms in enumerate(_ORDINALS, 1):
        yield from ((form, f"o{number}") for form in forms.split())
    for number, forms in _LAST_ORDINALS.items():
        yield from ((form, f"o{number}") for form in forms.split())
    for tens, forms in _TENS_BEFORE_ORDINALS.items():
        for form in forms.split():
            for one, ones in enumerate(_ORDINALS[:9], 1):
                yield from (
                    (f"{form}{between}{word}", f"o{tens + one}") for word in ones.split() for between in _BETWEEN
                )


_BETWEEN = ("", " ", "-")
ENTRIES: Mapping[str, str] = dict(_entries())
