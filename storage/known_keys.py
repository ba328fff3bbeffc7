"""The store knows its keys again: a wrong secret would open nothing, refuse every token, and say nothing.

A keyed fingerprint of each key that the store was used with stands in it. The rules:

- The first keys that a store meets are its own.
- A key that the store knows by its id must be that one.
- A new key is taken up beside one that the store knows, which is how a secret is replaced.
"""

from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from storage.statements import Statement
from storage.tables import metadata
from storage.work import Work

PURPOSE: Final = "store key 1"


class WrongKey(Exception):
    """The store was made with other keys; the words are for the operator, and name no more than a key's id."""


def know_keys(work: Work) -> None:
    """Take the process's keys for the store's own, or see that they are. Raises WrongKey, and changes nothing."""
    given = {key: work.keys.mac(key, PURPOSE) for key in work.keys.ids}
    known = _known(work)
    if known and not known.keys() & given.keys():
        raise WrongKey("none of its keys is one that this database was used with")
    # Nothing is written where all are known: a database that may only be read is no reason not to start.
    if given.keys() - known.keys():
        for key, fingerprint in given.items():
            _KNOW.run(work, id=key, fingerprint=fingerprint, at=work.now)
        known = _known(work)
    wrong = [key for key, fingerprint in given.items() if known[key] != fingerprint]
    if wrong:
        raise WrongKey(f"its key {wrong[0]} is another than the one of that id that this database was used with")


def adopt_keys(work: Work) -> None:
    """From now on the process's keys are the store's own: those before them are lost, and what they sealed."""
    _FORGET.run(work)
    know_keys(work)


def _known(work: Work) -> dict[str, str]:
    return dict(_ALL.all(work))


_K = metadata.tables["store_key"]

_KNOW = Statement(insert(_K).on_conflict_do_nothing().inline(), "id", "fingerprint", "at")
_ALL = Statement(select(_K.c.id, _K.c.fingerprint))
_FORGET = Statement(delete(_K))
