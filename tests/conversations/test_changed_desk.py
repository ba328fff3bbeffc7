"""A desk that is changed while somebody is in the middle of a form."""

import pytest

from gateway.ready import make_ready
from gateway.simulator.pure import PureStage
from tests.stages import loaded, pure_stage

EVA = "+4791234567"


def changed_desk(stage: PureStage, **forms) -> None:
    """The stage goes on with a new version of the desk; a form given as None is gone, else its fields are replaced."""
    desk = loaded("grid").desk
    kept = [
        form.model_copy(update={"fields": forms[form.id](form.fields)}) if forms.get(form.id) else form
        for form in desk.forms
        if form.id not in forms or forms[form.id]
    ]
    stage.desk = make_ready(desk.model_copy(update={"forms": tuple(kept)}), 2)


@pytest.fixture
def stage():
    """Two questions of the outage form are answered, the third is asked."""
    stage = pure_stage("grid")
    for text in ("strømmen er borte", "Storgata 4, 6700 Måløy", "ja", "bare jeg"):
        stage.text(EVA, text)
    heard(stage)
    return stage


def heard(stage):
    texts = []
    while text := stage.heard(EVA):
        texts.append(text)
    return texts


def test_answers_that_have_a_field_stay_and_the_rest_becomes_notes(stage):
    changed_desk(stage, outage=lambda fields: [one for one in fields if one.id != "where"])
    stage.text(EVA, "ja")
    draft = stage.draft(EVA)
    assert draft.desk_version == 2
    assert {"who", "fuses"} <= draft.answers.keys()
    assert "where" not in draft.answers
    assert [note.words for note in draft.notes] == ["strømmen er borte", "Storgata 4, 6700 Måløy"]
    assert "Svar SEND" in heard(stage)[-1]


def test_a_choice_that_is_no_longer_offered_is_asked_again(stage):
    def fewer(fields):
        return [
            one.model_copy(update={"choices": tuple(each for each in one.choices if each.id == "neighbours")})
            if one.id == "who"
            else one
            for one in fields
        ]

    changed_desk(stage, outage=fewer)
    stage.text(EVA, "ja")
    assert "Hvem er uten strøm?" in heard(stage)[-1]
    assert "bare jeg" in [note.words for note in stage.draft(EVA).notes]


def test_a_question_that_is_gone_is_not_answered(stage):
    changed_desk(stage, outage=lambda fields: [one for one in fields if one.id != "fuses"])
    stage.text(EVA, "ja")
    assert "fuses" not in stage.draft(EVA).answers
    assert "Svar SEND" in heard(stage)[-1]


def test_of_a_form_that_is_gone_the_words_find_another_place(stage):
    changed_desk(stage, outage=None)
    stage.text(EVA, "er dere der?")
    assert "Hva gjelder det?" in heard(stage)[-1]
    assert stage.state(EVA).held[0].words == "strømmen er borte"
    stage.text(EVA, "Annen henvendelse")
    assert {"strømmen er borte", "bare jeg"} <= {note.words for note in stage.draft(EVA).notes}
