"""What a caseworker does to alerts: acknowledges one, as the word from an on-call phone does, or stops a case's."""

from sqlmodel import Session, col, select

from conversations.dice import Dice
from conversations.effects import DeliveryClass
from storage.case_views import Absent, alert_views
from storage.fronts import Fronts
from storage.outgoing import ANSWER_USEFUL, Lane, put_out
from storage.scope import Scope
from storage.tables import Alert, Case
from storage.turn_alerts import acknowledge as mark_acknowledged
from storage.turn_alerts import alerted, stop
from storage.views import AlertView
from storage.work import Work

TOLD = "alert.seen_by_other"


def acknowledge(work: Work, scope: Scope, dice: Dice, fronts: Fronts, alert_id: str) -> AlertView:
    """The alert is seen: nobody else is alerted, and those who were are told. Again: no change. Raises Absent."""
    with work.session() as session:
        alert, case = _found(scope, session, alert_id)
        if mark_acknowledged(work, dice, scope.tenant, alert.id, scope.actor):
            _tell_those_alerted(work, dice, fronts, alert, case)
        [view] = alert_views(scope, [_found(scope, session, alert_id)])
        return view


def stop_all_of(work: Work, session: Session, scope: Scope, dice: Dice, fronts: Fronts, case: Case) -> None:
    """A person has closed the case: nobody need see its alerts, and the reporter is not told that anybody has.

    One that reports of other cases are merged into goes on until these are closed as well.
    """
    standing = select(Alert).where(Alert.case_id == case.id, col(Alert.acknowledged_at).is_(None))
    for alert in session.exec(standing.order_by(Alert.id)).all():
        stopped = stop(work, dice, scope.tenant, alert.id, scope.actor)
        if not alert.merged_into:
            if stopped:
                _tell_those_alerted(work, dice, fronts, alert, case)
            continue
        # The one that goes on for this place may have been left to do so for this report alone.
        going_on, its_case = _found(scope, session, alert.merged_into)
        if not its_case.open and stop(work, dice, scope.tenant, going_on.id, scope.actor):
            _tell_those_alerted(work, dice, fronts, going_on, its_case)


def _found(scope: Scope, session: Session, alert_id: str) -> tuple[Alert, Case]:
    found = session.exec(
        select(Alert, Case)
        .join(Case, col(Alert.case_id) == Case.id)
        .where(scope.holds(Alert.tenant, Alert.desk), Alert.id == alert_id)
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise Absent
    return found


def _tell_those_alerted(work: Work, dice: Dice, fronts: Fronts, alert: Alert, case: Case) -> None:
    front = next((one for one in fronts.values() if one.id == alert.front), None)
    if front is None:
        return
    desk = front.desk
    text = desk.wording.say(desk.desk.languages[0], TOLD, case=case.number)
    for number in alerted(work, alert.id):
        lane = Lane(front.tenant, front.channel, front.sender, number)
        put_out(work, dice, lane, text, DeliveryClass.ANSWER, work.now + ANSWER_USEFUL)
