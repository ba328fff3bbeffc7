"""JSON read strictly, and the places in it that settings name: `from`, `message.id`, `messages.0.text`.

A `0` steps into a list, which must then hold exactly one: of several in one post we would lose all but one.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from channels.contract import Malformed

ANYTHING: Final = re.compile(r".*", re.DOTALL)
# A message, as the provider names it.
ID: Final = re.compile(r"[!-~]{1,200}")
PATH: Final = re.compile(r"[A-Za-z0-9_@$:-]{1,64}(?:\.[A-Za-z0-9_@$:-]{1,64}){0,7}")


class NotJson(ValueError):
    """No JSON, or JSON that two readers could read in two ways. Its words repeat nothing of it."""


def read(body: bytes | str) -> Any:
    """What the JSON says. Raises NotJson: no UTF-8, a doubled name, NaN, a depth that no message has."""
    try:
        text = body.decode() if isinstance(body, bytes) else body
        return json.loads(text, object_pairs_hook=_once_each, parse_constant=_refused)
    except NotJson:
        raise
    except (ValueError, RecursionError) as error:
        raise NotJson(type(error).__name__) from None


def at(tree: Any, path: str) -> Any:
    """What stands there; None: nothing. Raises Malformed for a list of several."""
    for step in path.split("."):
        if isinstance(tree, list) and step == "0":
            if len(tree) > 1:
                raise Malformed(f"{path}: a list of several")
            tree = tree[0] if tree else None
        elif isinstance(tree, dict):
            tree = tree.get(step)
        else:
            return None
    return tree


def string_at(tree: Any, path: str, pattern: re.Pattern[str]) -> str | None:
    """The string there, or the whole number as its digits; None: nothing. Raises Malformed for anything else."""
    found = at(tree, path)
    if found is None:
        return None
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found) if abs(found) < 10**60 else ""
    if not isinstance(found, str) or not pattern.fullmatch(found):
        raise Malformed(f"{path} is not what this provider sends")
    return found


def demanded(tree: Any, path: str, pattern: re.Pattern[str]) -> str:
    """The same, where it must be there."""
    found = string_at(tree, path, pattern)
    if found is None:
        raise Malformed(f"{path} is missing")
    return found


def planted(values: Mapping[str, Any]) -> Any:
    """The JSON with each value at its path.

    planted({"to.0.number": "1", "text": "x"}) == {"to": [{"number": "1"}], "text": "x"}
    """
    root: dict[str, Any] = {}
    for path, value in values.items():
        *steps, last = path.split(".")
        place = root
        for step in steps:
            place = place.setdefault(step, {})
        place[last] = value
    return _with_lists(root)


def _with_lists(tree: Any) -> Any:
    if not isinstance(tree, dict):
        return tree
    if tree.keys() == {"0"}:
        return [_with_lists(tree["0"])]
    return {name: _with_lists(value) for name, value in tree.items()}


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise NotJson("a name is doubled")
    return found


def _refused(_name: str) -> Any:
    raise NotJson("a number that is none")
