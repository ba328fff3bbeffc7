"""What a turn does with consent: keeps it, with the version of the text that it was given to."""

from sqlalchemy import insert

from conversations.effects import RecordConsent
from storage.scene import Scene
from storage.statements import Statement
from storage.tables import metadata


def record_consent(scene: Scene, effect: RecordConsent) -> None:
    """A row of its own, beside the answer on the case: the answer may be corrected, this says what was agreed when."""
    answer, actor = effect.answer, effect.actor
    _RECORD.run(
        scene.work,
        id=effect.consent,
        tenant=scene.front.tenant,
        case_id=effect.case,
        purpose=effect.purpose,
        text_version=answer.value["version"],
        given=answer.value["given"],
        words=answer.words,
        actor_id=actor.id,
        evidence=actor.evidence,
        at=answer.at,
        ends=answer.value["ends"],
    )


_RECORD = Statement(
    insert(metadata.tables["consent"]).inline(),
    *("id", "tenant", "case_id", "purpose", "text_version", "given", "words", "actor_id", "evidence", "at", "ends"),
)
