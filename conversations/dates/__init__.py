"""Dates and times in what people type, of a text's words to moments in a zone.

``lexicon`` has the words and ``plain`` writes a text in them; ``grammar`` finds the pieces that speak of time, and
``meanings`` says what each may mean; ``moments`` puts pieces together and into the zone; ``shown`` reads a moment
back. What is said may mean several moments: nobody here chooses between them.

    "i går kveld klokka halv ti" → D-1 evening kl halv n10 → day, part, clock → 13 January, 21:30
"""
