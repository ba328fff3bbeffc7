"""The real command line, but for its turn: one word in a message ends the process, another makes the turn raise.

`python poisoned_serve.py serve` also starts its child by this file, so that the child's turns are poisoned too.
"""

import asyncio
import os
from datetime import datetime
from typing import Any, Final

from conversations import turn as core
from conversations.desk.ready import ReadyDesk
from conversations.dice import Dice
from conversations.effects import Turn
from conversations.facts import Facts, Needs
from conversations.inputs import Input, Message
from conversations.state import Draft, State
from gateway import cli
from gateway.jobs import intake

KILLS: Final = "xyzzy"
RAISES: Final = "plugh"


def take_turn(
    desk: ReadyDesk, state: State, draft: Draft | None, told: Input, facts: Facts, now: datetime, dice: Dice
) -> Turn | Needs:
    """The real turn, with two faults in it; what is raised quotes the customer, as such faults do."""
    if isinstance(told, Message) and KILLS in told.text:
        os._exit(86)
    if isinstance(told, Message) and RAISES in told.text:
        raise RuntimeError(f"cannot read {told.text!r} of {told.sender}")
    return core.take_turn(desk, state, draft, told, facts, now, dice)


def main() -> None:
    """The gateway's own main, poisoned."""
    start = asyncio.create_subprocess_exec

    async def start_poisoned(program: str, dash_m: str, gateway: str, *arguments: str, **more: Any) -> Any:
        assert (dash_m, gateway) == ("-m", "gateway")
        return await start(program, __file__, *arguments, **more)

    # `from asyncio import …` in the product would pass these by: then the tests see a child that is well.
    asyncio.create_subprocess_exec = start_poisoned  # type: ignore[assignment]
    object.__setattr__(intake.CORE, "take", take_turn)
    cli.main()


if __name__ == "__main__":
    main()
