"""Which process does the jobs that only one may do at a time: whoever holds the job's lease."""

from datetime import timedelta
from typing import Final

from sqlalchemy import bindparam, or_, update
from sqlalchemy.dialects.postgresql import insert

from storage.statements import Statement
from storage.tables import metadata
from storage.work import Work

HELD_FOR: Final = timedelta(seconds=15)


def take_lease(work: Work, job: str, holder: str) -> bool:
    """Take the lease, or keep it, for fifteen seconds; False: another process has it."""
    return _TAKE.run(work, name=job, holder=holder, until=work.now + HELD_FOR, now=work.now) == 1


def give_lease_back(work: Work, job: str, holder: str) -> None:
    """Let the next process have it at once."""
    _GIVE_BACK.run(work, job=job, mine=holder, now=work.now)


_L = metadata.tables["job_lease"]
_NEW = insert(_L)
_TAKE = Statement(
    _NEW.on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": _NEW.excluded.holder, "until": _NEW.excluded.until},
        where=or_(_L.c.holder == _NEW.excluded.holder, _L.c.until <= bindparam("now")),
    ).inline(),
    *("name", "holder", "until"),
)
_GIVE_BACK = Statement(
    update(_L).where(_L.c.name == bindparam("job"), _L.c.holder == bindparam("mine")).values(until=bindparam("now"))
)
