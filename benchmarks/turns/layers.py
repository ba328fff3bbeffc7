"""`gateway serve` with its layers counted: `python -m benchmarks.turns.layers FILE serve`.

At its end the CPU that each layer took stands in the file, as JSON: `{"turns": n, "us": {layer: µs in all},
"calls": {layer: n}, "counting_us": µs of counting a call}`. A layer has what it took itself, without the layers that
it called, in the thread that it ran in; what counting costs is measured first and taken off.
"""

import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

Function = Callable[..., Any]
DOOR, PURE, FROZEN, STATEMENTS, COMMIT = "signature, form", "pure turn", "thaw, freeze", "statements", "begin, commit"
INTAKE: Final = "intake"
CALIBRATED_BY: Final = 20_000


class Layers:
    """What was counted so far. Work that is no turn's (receipts, probes) is counted under `other`."""

    def __init__(self) -> None:
        self.ns: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self._of_thread = threading.local()
        self._own_ns = self._caller_ns = 0
        self._calibrate()

    def counted(self, layer: str, function: Function) -> Function:
        """The function, with its CPU counted."""
        clock, of_thread = time.thread_time_ns, self._of_thread

        def call(*args: Any, **named: Any) -> Any:
            open_layers = of_thread.__dict__.setdefault("open", [])
            name = layer if layer in ALWAYS or (open_layers and open_layers[0][0] == INTAKE) else "other"
            inner: list[Any] = [name, 0]
            open_layers.append(inner)
            began = clock()
            try:
                return function(*args, **named)
            finally:
                took = clock() - began
                open_layers.pop()
                self.ns[name] += took - inner[1] - self._own_ns
                self.calls[name] += 1
                if open_layers:
                    open_layers[-1][1] += took + self._caller_ns

        return call

    def write(self, file: Path) -> None:
        """What was counted, as JSON."""
        us = {name: ns / 1000 for name, ns in self.ns.items()}
        counting_us = (self._own_ns + self._caller_ns) / 1000
        counted = {"turns": self.calls[INTAKE], "us": us, "calls": self.calls, "counting_us": counting_us}
        file.write_text(json.dumps(counted))

    def _calibrate(self) -> None:
        """What an empty layer seems to take itself, and beyond that takes from whoever calls it."""
        nothing = self.counted(INTAKE, lambda: None)
        began = time.thread_time_ns()
        for _ in range(CALIBRATED_BY):
            nothing()
        whole = (time.thread_time_ns() - began) // CALIBRATED_BY
        self._own_ns = self.ns[INTAKE] // CALIBRATED_BY
        self._caller_ns = whole - self._own_ns
        self.ns.clear()
        self.calls.clear()


ALWAYS: Final = (INTAKE, DOOR, COMMIT)


def count_layers(layers: Layers) -> None:
    """Put counters at the boundaries; before anything else imports what is behind them."""
    from conversations import state, turn

    for name in ("thaw", "thaw_draft", "freeze", "freeze_draft"):
        _replace(layers, state, name, FROZEN)
    for name in ("take_turn", "rescue"):
        _replace(layers, turn, name, PURE)

    from channels.sms.twilio.receiver import Receiver
    from gateway.jobs import intake
    from storage.statements import Statement
    from storage.writing import Writing

    for name in ("run", "one", "all", "many"):
        _replace(layers, Statement, name, STATEMENTS)
    for name in ("begin", "commit"):
        _replace(layers, Writing, name, COMMIT)
    _replace(layers, Receiver, "verify_and_parse", DOOR)
    _replace(layers, intake._Intake, "take", INTAKE)


def _replace(layers: Layers, where: Any, name: str, layer: str) -> None:
    setattr(where, name, layers.counted(layer, getattr(where, name)))


def main(file: Path, command: list[str]) -> None:
    """Run the gateway's command, counted."""
    layers = Layers()
    count_layers(layers)
    from gateway.cli import main

    sys.argv = ["gateway", *command]
    try:
        main()
    finally:
        layers.write(file)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
