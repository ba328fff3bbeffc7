"""Pictures alone: they cannot come by text, which no transcript can say."""

import pytest

from tests.stages import pure_stage

EVA = "+4791234567"
FIRST = "Nordlys Nett: Bildet kom ikke fram, vi kan ikke ta imot bilder på SMS. Skriv hva det gjelder, eller svar MENY."
LATER = "Bildet kom ikke fram: vi kan ikke ta imot bilder på SMS. Beskriv det gjerne med ord."
WHERE = "Hvor er strømmen borte? Svar med adresse eller nummeret på nettstasjonen."


@pytest.mark.parametrize(("before", "answer"), [((), FIRST), (("strømbrudd",), f"{LATER} {WHERE}")])
def test_a_picture_alone_is_answered_with_what_to_do_next(before, answer):
    stage = pure_stage("grid")
    for text in before:
        stage.text(EVA, text)
        stage.heard(EVA)
    stage.text(EVA, "", media_count=1)
    assert stage.heard(EVA) == answer
