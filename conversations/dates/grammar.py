"""What a text in plain words says about time, piece by piece: a table of rules, each looked for in what is left.

A piece names its rule; ``conversations.dates.meanings`` says what the rule's words mean. ``is_sure``: it is a time
even in a text that was not asked for one: "kl 18" is, "ca 18" and "14/1" may be something else.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from conversations.remembered import remembered


@dataclass(frozen=True, slots=True)
class Piece:
    """The words of one rule at ``start`` to ``end`` of the plain text; only what is there is in ``words``."""

    rule: str
    words: Mapping[str, str]
    start: int
    end: int
    is_sure: bool


@remembered
def pieces_of(plain: str) -> tuple[Piece, ...]:
    """The pieces in the order of the text."""
    found: list[Piece] = []
    left = plain
    for rule, pattern, sure in _COMPILED:
        matches = list(pattern.finditer(left))
        found.extend(_piece(rule, match, sure) for match in matches)
        for match in matches:
            left = left[: match.start()] + _USED.sub(_BLOTS.get(rule, "·"), match[0]) + left[match.end() :]
    return tuple(sorted(found, key=lambda piece: piece.start))


def _piece(rule: str, match: "re.Match[str]", sure: "re.Pattern[str]") -> Piece:
    words = {name: word for name, word in match.groupdict().items() if word is not None}
    return Piece(rule, words, match.start(), match.end(), sure.search(match[0]) is not None)


_USED = re.compile(r"[^ ]")
# An hour beside one of these needs no word before it.
_BLOTS = {"day": "°", "part": "°", "tonight": "°"}
_NUMBER = r"(?:n?[0-9]{1,3}|to)"
_UNIT = r"(?:hour|t|min|kvart|day|week|month|year)"
_LENGTH = (
    rf"(?:about )?(?:(?P<count>{_NUMBER}|[0-9]{{1,3}}[.,]5|1½|a)(?P<and_half> og (?:n1|a) half?)? (?P<unit>{_UNIT})"
    rf"(?:(?: og)? (?:(?P<minutes>{_NUMBER}) min|(?P<half>n1 halfhour|(?:a|n1) (?:half|halv))))?"
    rf"|(?P<hours>{_NUMBER}) og (?:n1 |a )?halfhour|(?:n1 |a |den )?(?P<halfhour>halfhour))"
)
_WEEKDAY = r"wdp?[0-6]"
_PART = r"(?:night|morning|forenoon|midday|afternoon|evening)"
_WHICH = r"(?P<which>prev|last|this|next|coming)"
_ORDINAL = r"(?:[0-9]{1,2}(?:\.|:[ea]|[dt]e|th|st|nd|rd)?|o[0-9]+)"
_MONTH = r"(?P<month>mb?[0-9]+)"
_YEAR = r"(?:19|20)[0-9]{2}"
_THE_YEAR = rf"(?P<year>{_YEAR}|prev year|this year|next year)"
_TYPED_DATE = (
    r"(?P<day>[0-9]{1,2})(?P<mark>[./])(?P<month>[0-9]{1,2})"
    rf"(?:(?:[./-]|\.? (?={_YEAR} ))(?P<year>[0-9]{{4}}|[0-9]{{2}}))?(?P<dot>\.)?"
    rf"(?! (?:{_UNIT}|halfhour) )"
)
_LEADS = r"(?:(?:about|ved|at|kl) ){0,2}"
_LEAD = rf"(?P<lead>{_LEADS})"
_TYPED_HOUR, _TYPED_MINUTE = r"(?P<hour>[0-9]{1,2})", r"(?P<min>[0-9]{2})"
_HOUR = r"(?:n?[0-9]{1,2}\.?|to)"
_MINUTES = r"(?P<min>n?[0-9]{1,2}|to|(?:n1 |a )?kvart)(?: min)? (?P<side>past|pa|i|to) "
_AFTER_HOUR = r"(?P<tiden> tiden)?(?: oclock)?"
_HALF_DAY = r"(?: (?P<half_day>am|pm))"
# "mellom 14 og 15", "kl 14-16", "12.-14. mai", "siste mandag i mars".
_END = r"[0-9]{1,2}(?:[:.][0-9]{1,2})?\.?"
_TO = r"(?:-| - )(?:kl )?"
_RANGE = (
    rf"between (?:(?:kl|den|at|~) )?n?[0-9][^ ]* og (?:kl )?n?[0-9][^ ]*"
    rf"|(?:kl|at|since|ago|den) {_END}{_TO}{_END}|{_END}{_TO}{_END}(?= mb?[0-9])|[0-9]{{1,2}}[:.][0-9]{{2}}{_TO}{_END}"
)
_NTH = rf"(?:o[0-9]+|last|prev) (?:{_WEEKDAY}|day|week|weekend) (?:i|in|of|pa) (?:den )?mb?[0-9]+"
# A number before what it counts is no hour.
_NOT_COUNTING = rf"(?! (?:[_#]|og {_NUMBER}|kvart|halfhour|day|week|month|year|hour|min|t|mb?[0-9]+) )"

_ALWAYS, _NEVER = "", "$^"
# A rule, its words, and what in them makes it sure.
_RULES = (
    ("ago", rf"(?:for )?{_LENGTH} ago", _ALWAYS),
    ("ahead", rf"(?:om|in) {_LENGTH}", _ALWAYS),
    ("ahead", rf"{_LENGTH} since (?:now|D0)", _ALWAYS),
    ("typed_date", r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})(?: t(?= [0-9]))?", _ALWAYS),
    ("typed_date", rf"(?P<day>[0-9]{{1,2}})-(?P<month>[0-9]{{1,2}})-(?P<year>{_YEAR})", _ALWAYS),
    ("digits", r"(?P<digits>[0-9]{2}-[0-9]{2}-[0-9]{2})", _NEVER),
    ("unplaced", rf"period|{_RANGE}|{_NTH}", _ALWAYS),
    ("week_number", rf"(?:i )?(?:week|wk) (?P<week>[0-9]{{1,2}})\.?(?: (?P<year>{_YEAR}))?", "week"),
    ("day_month", rf"F(?P<day>[0-9]+)\.(?P<month>[0-9]+)(?: {_THE_YEAR})?", _ALWAYS),
    ("clock", rf"{_LEADS}(?:kl|at) {_TYPED_HOUR}[:.,]{_TYPED_MINUTE}\.?{_HALF_DAY}?", _ALWAYS),
    ("clock", rf"{_LEADS}{_TYPED_HOUR}[.,]{_TYPED_MINUTE}{_HALF_DAY}", _ALWAYS),
    ("clock", rf"{_LEADS}{_TYPED_HOUR}:{_TYPED_MINUTE}(?::[0-9]{{2}})?\.?{_HALF_DAY}?", _ALWAYS),
    ("date_or_clock", rf"(?P<den>den )?{_TYPED_DATE}", r"den |[./][0-9]+[./-][0-9]| (?:19|20)"),
    ("day_month", rf"(?:den )?(?P<day>{_ORDINAL}) (?:of )?{_MONTH}(?:(?: ,)? {_THE_YEAR})?", _ALWAYS),
    ("day_month", rf"{_MONTH} (?:den )?(?P<day>{_ORDINAL})(?:(?: ,)? {_THE_YEAR})?{_NOT_COUNTING}", "[a-z]$|o[0-9]"),
    ("month", rf"(?:(?:{_WHICH}|i|in) )?(?P<month>m[0-9]+)(?: {_THE_YEAR})?", "^[a-z]+ m| (?:19|20)"),
    ("month", rf"(?:(?:{_WHICH}|in) )?(?P<month>mb[0-9]+) {_THE_YEAR}", _ALWAYS),
    ("month", rf"(?:{_WHICH}|in) (?P<month>mb[0-9]+)", _ALWAYS),
    ("week_of_weekday", rf"(?P<weekday>{_WEEKDAY})(?: (?:i|of|den|pa)){{0,2}} {_WHICH} week", _ALWAYS),
    ("night_to", r"night (?:bound|to|pa)(?: den)?(?= (?:i )?(?:wd|D|[0-9·]|o[0-9]))", _NEVER),
    ("weekend", rf"(?:{_WHICH}|(?P<bound>bound)|i|in|on|pa)(?: den| this)? weekend", _ALWAYS),
    ("day_of_month", rf"(?P<day>den {_ORDINAL}|[0-9]{{1,2}}\.|o[0-9]+) (?:(?:i|of|in) )?{_WHICH} month", _NEVER),
    ("span", rf"(?:i )?{_WHICH} (?P<unit>week|month|year)", _ALWAYS),
    ("year", rf"(?:i|in|year) (?P<year>{_YEAR})", _ALWAYS),
    ("weekday", rf"(?:(?:{_WHICH}|(?P<pa>pa)) )?(?:den )?(?P<weekday>{_WEEKDAY})", _ALWAYS),
    ("weekday", rf"(?:{_WHICH}|(?P<pa>pa)|on|since|ago) (?:den )?(?P<weekday>wa[0-6])", _NEVER),
    ("weekday", rf"(?P<weekday>wa[0-6])(?= (?:, )?(?:den )?(?:[·°]|n?[0-9]|o[0-9]|kl |{_PART} ))", _NEVER),
    ("weekday", r"(?<=^ )(?P<weekday>wa[0-6])(?= (?:\| )?$)", _NEVER),
    ("tonight", r"(?P<which>tonight|lastnight)", _ALWAYS),
    ("day", r"D(?P<days>[-+]?[0-9])", _ALWAYS),
    ("digits", rf"(?P<lead>{_LEADS}kl )(?P<digits>[0-9]{{3,4}})", _ALWAYS),
    ("clock", rf"{_LEAD}(?:{_MINUTES})?(?P<half>halv|half past) (?P<hour>{_HOUR}){_AFTER_HOUR}{_HALF_DAY}?", _ALWAYS),
    ("clock", rf"{_LEAD}{_MINUTES}(?P<hour>{_HOUR}){_AFTER_HOUR}{_HALF_DAY}?", "kl|kvart|[ap]m"),
    ("clock", rf"(?P<lead>{_LEADS}(?:kl|at) )(?P<hour>{_HOUR}) (?P<min>[0-5][0-9]|n[0-9]+){_NOT_COUNTING}", "kl"),
    ("clock", rf"{_LEAD}(?P<hour>{_HOUR}){_AFTER_HOUR}{_HALF_DAY}", _ALWAYS),
    ("clock", rf"(?P<lead>{_LEADS}kl {_LEADS})(?P<hour>{_HOUR}){_AFTER_HOUR}", _ALWAYS),
    ("clock", rf"{_LEAD}(?P<hour>{_HOUR})(?:(?P<tiden> tiden)| oclock)", _ALWAYS),
    ("clock", rf"(?P<lead>(?:(?:about|ved|at|ago|since) ){{1,2}})(?P<hour>{_HOUR}){_NOT_COUNTING}", _NEVER),
    ("noon", rf"(?:(?:ved|at|about) )?(?:n?12 |{_MINUTES})?(?P<which>noon|midnight)", _ALWAYS),
    ("day_of_month", rf"den (?P<day>{_ORDINAL}){_NOT_COUNTING}", _NEVER),
    ("digits", rf"(?<!_ )(?P<digits>[0-9]{{8}}|[0-9]{{6}}|[0-9]{{4}}){_NOT_COUNTING}", _NEVER),
    ("part", rf"(?P<part>{_PART})", _NEVER),
    # Beside a day, and only where a time was asked for: "i går 18", "8 i kveld".
    ("bare_hour", r"(?<=° )(?P<hour>[0-9]{1,2})\.?(?= (?:[-|,~] |$))", _NEVER),
    ("bare_hour", r"(?P<hour>n?[0-9]{1,2})(?= °)", _NEVER),
    ("now", r"now", _NEVER),
)
_COMPILED = tuple((rule, re.compile(rf"(?<= )(?:{words})(?= )"), re.compile(sure)) for rule, words, sure in _RULES)
