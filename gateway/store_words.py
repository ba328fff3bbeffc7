"""What an operator is told of a database that cannot be used: why, and how to mend it.

The driver's own words are not repeated: they name hosts and users, and may have the address with its password.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from storage.faults import is_store_fault, sqlite_code

SQLITE_WORDS: Final[Mapping[int, str]] = {
    5: "another program holds it locked: end that one",
    8: "it cannot be written: may this user write the file and its folder?",
    10: "its disk fails",
    11: "it is damaged: restore the backup",
    13: "its disk is full",
    14: "the file cannot be opened: is its folder there, and may this user write in it?",
    26: "the file is no SQLite database: name another",
}
# libpq gives no code for a connection that failed, only words; more than one where it tried several addresses.
POSTGRES_WORDS: Final[Sequence[tuple[str, str]]] = (
    (r"password authentication failed|no password supplied|pg_hba", "it refuses the user: see user and password"),
    (r"database .* does not exist", "there is no such database: make it with `createdb`"),
    (r"role .* does not exist", "there is no such user: make it with `createuser`"),
    (r"refused|No such file", "nobody listens there: is it running, and are host and port right?"),
    (r"resolve|translate host name|not known", "there is no such host: see the host's name"),
    (r"timeout|timed out", "it does not answer: see host and port, and what lies between"),
)
NO_RIGHT: Final = "42501"


def why_not(error: BaseException) -> str | None:
    """Why the database cannot be used; None: that is not what this error says."""
    cause = getattr(error, "orig", None) or error
    if getattr(cause, "sqlstate", None) == NO_RIGHT:
        return "its user lacks a right: GRANT ALL ON SCHEMA public to that user"
    if not is_store_fault(error):
        return None
    said = str(cause)
    words = [told for pattern, told in POSTGRES_WORDS if re.search(pattern, said)]
    return SQLITE_WORDS.get(sqlite_code(error)) or next(iter(words), f"it fails ({type(cause).__name__})")
