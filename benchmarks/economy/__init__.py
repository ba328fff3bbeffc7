"""How many texts a case costs: the customer's, and our segments, from the first message to the case.

    .venv/bin/python -m benchmarks.economy
    .venv/bin/python -m benchmarks.economy --check

For every shipped form that conversations take to a case there are three customers: a terse, an average and a rambling
one. They are transcripts, and tests as such: `tests/transcripts/DESK/economy_FORM_{terse,average,rambling}.txt`. What
goes to the numbers on call is not counted for them. Then the share of all texts of all transcripts that are one
segment, and those that are longer, with the ids of the texts that they are made of.

`--check` fails where a transcript is missing or does not hold, a danger takes more than four texts or six segments, or
under 95 % of the texts are one segment; the first answer to a danger is not among them: it may be two.
"""
