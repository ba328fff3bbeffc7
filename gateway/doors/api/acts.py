"""What each operation of the API does: one call of a function of storage, within the caller's scope."""

from typing import Any

from sqlmodel import Session

from gateway.doors.api.answers import CommentMade, comment_made
from gateway.doors.api.asked import CaseFilter, CaseOfDesk, NewComment, NewStatus, NoBody, Nothing
from gateway.doors.api.call import Call
from storage import alert_work, attention, case_secrets, case_views, case_work, views
from storage.case_filter import demand_known
from storage.case_views import Named


async def list_attention(call: Call[Nothing, NoBody]) -> attention.Attention:
    """What needs a person now."""
    now = call.deps.store.now()
    return await call.read(lambda session: attention.attention(call.scope, session, now))


async def list_cases(call: Call[CaseFilter, NoBody]) -> views.CasePage:
    """A page of cases."""
    wanted = case_views.Filter(**call.query.model_dump())

    def page(session: Session) -> views.CasePage:
        demand_known(call.scope, session, call.deps.fronts, wanted)
        return case_views.list_cases(call.scope, session, wanted)

    return await call.read(page)


async def get_case(call: Call[CaseOfDesk, NoBody]) -> views.CaseWhole:
    """A case with all that belongs to it."""
    return await call.read(lambda session: case_views.whole_case(call.scope, session, _named(call)))


async def comment(call: Call[CaseOfDesk, NewComment]) -> CommentMade:
    """Comment on a case."""
    dice, new = call.deps.dice, case_work.NewComment(**call.body.model_dump(), key=call.key)
    made = await call.write(lambda work: case_work.comment(work, call.scope, dice, _named(call), new))
    return comment_made(made)


async def change_status(call: Call[CaseOfDesk, NewStatus]) -> views.CaseWhole:
    """Move a case on."""
    deps, new = call.deps, case_work.NewStatus(**call.body.model_dump())
    return await call.write(
        lambda work: case_work.change_status(work, call.scope, deps.dice, deps.fronts, _named(call), new)
    )


async def take_over(call: Call[CaseOfDesk, NoBody]) -> views.CaseWhole:
    """The conversation is a person's: the machine is silent in it."""
    return await call.write(lambda work: case_work.take_over(work, call.scope, call.deps.dice, _named(call)))


async def give_back(call: Call[CaseOfDesk, NoBody]) -> views.CaseWhole:
    """The machine answers again."""
    return await call.write(lambda work: case_work.give_back(work, call.scope, call.deps.dice, _named(call)))


async def open_secret(call: Call[CaseOfDesk, NoBody]) -> case_secrets.Secret:
    """Open a secret answer."""
    dice, field = call.deps.dice, call.path["field"]
    return await call.write(lambda work: case_secrets.open_secret(work, call.scope, dice, _named(call), field))


async def acknowledge(call: Call[Nothing, NoBody]) -> views.AlertView:
    """Acknowledge an alert."""
    deps, alert = call.deps, call.path["alert"]
    return await call.write(lambda work: alert_work.acknowledge(work, call.scope, deps.dice, deps.fronts, alert))


async def get_message(call: Call[Nothing, NoBody]) -> views.MessageView:
    """A message and what became of it."""
    return await call.read(lambda session: attention.one_message(call.scope, session, call.path["message"]))


async def handle_message(call: Call[Nothing, NoBody]) -> views.MessageView:
    """A message needs no attention any more."""
    deps, message = call.deps, call.path["message"]
    return await call.write(lambda work: case_work.handle_message(work, call.scope, deps.dice, message))


def _named(call: Call[CaseOfDesk, Any]) -> Named:
    return Named(call.path["case"], call.query.desk)
