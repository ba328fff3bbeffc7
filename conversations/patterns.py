"""The closed syntax of patterns in a desk: what an argument or an answer looks like, never a regular expression.

    A-#####          each # is a digit, each @ a letter; all else stands for itself, without regard to case
    NS-####[-#]      what is in square brackets may be left out; they do not nest
    {month}          one of the kinds in ``KINDS``, by its own reader: okt 2019, oktober, 10/2019

Blanks and hyphens may be left out or added by whoever types.
"""

import re

LONGEST = 40
KINDS = ("number", "month", "date", "period", "case_number", "phone", "org_number", "text")


def problem(pattern: str) -> str | None:
    """What is wrong with a pattern, for whoever wrote it; None if nothing is."""
    named = re.findall(r"\{([^{}]*)\}", pattern)
    rest = re.sub(r"\{[^{}]*\}", "#", pattern)
    if not pattern.strip() or len(pattern) > LONGEST:
        return f"a pattern has 1 to {LONGEST} characters"
    if unknown := [kind for kind in named if kind not in KINDS]:
        return f"{{{unknown[0]}}} is not known; {', '.join(KINDS)} are"
    if not re.fullmatch(r"(?:[^\[\]]|\[[^\[\]]+\])*", rest):
        return "each [ has its ], and they do not nest"
    if found := re.search(r"[^\w\s#@./:,+\[\]-]", rest):
        return f"{found[0]!r} is no part of a pattern: letters, digits, #, @, [ ], {{kind}} and . / : , + -"
    if not re.search(r"[\w#@]", rest):
        return "a pattern has at least one letter, digit, # or @"
    return None
