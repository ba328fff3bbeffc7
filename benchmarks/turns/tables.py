"""What was measured, as text."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median
from typing import Any

from benchmarks.turns.layers import COMMIT, DOOR, FROZEN, INTAKE, PURE, STATEMENTS
from benchmarks.turns.rounds import Pair, Played
from benchmarks.turns.running import memory_mb

RATES = ("", "turns/s", "bare/s", "of bare", "by CPU", "p50 ms", "p99 ms", "serve µs", "bare µs", "work %", "sent/s")


def rates(rows: Iterable[tuple[str, Sequence[Pair]]]) -> str:
    """A line for each kind of round: medians; for the ratios also the least and the most."""
    lines = [RATES]
    for name, pairs in rows:
        turns, bare = [pair.gateway for pair in pairs], [pair.bare for pair in pairs]
        lines.append(
            (
                name,
                f"{_median(turns, lambda one: one.per_second):,.0f}",
                f"{_median(bare, lambda one: one.per_second):,.0f}",
                _spread([pair.ratio for pair in pairs]),
                _spread([pair.cpu_ratio for pair in pairs]),
                f"{_median(turns, lambda one: one.p50_ms):.1f}",
                f"{_median(turns, lambda one: one.p99_ms):.1f}",
                f"{_median(turns, lambda one: one.cpu_us):.0f}",
                f"{_median(bare, lambda one: one.cpu_us):.0f}",
                f"{_median(turns, lambda one: one.work_s / one.seconds) * 100:.0f}",
                f"{_median(turns, lambda one: one.sent / one.seconds):.0f}",
            )
        )
    return _aligned(lines)


def layers(counted: Mapping[str, Any], played: Played) -> str:
    """The CPU of each layer for a turn; the rest of a thread is what is not counted in it."""
    turns, us, calls = counted["turns"], counted["us"], counted["calls"]
    each = {name: us.get(name, 0.0) / turns for name in (DOOR, PURE, FROZEN, STATEMENTS, INTAKE, COMMIT)}
    counting = {name: calls.get(name, 0) * counted["counting_us"] / turns for name in calls}
    at_door = counting.pop(DOOR)
    loop = played.loop_s / turns * 1e6 - each[DOOR] - at_door
    writer = played.writer_s / turns * 1e6 - sum(each.values()) + each[DOOR] - sum(counting.values())
    receipts = f"{played.receipts / turns:.2f} receipts"
    lines = [
        ("CPU of serve", "µs a turn"),
        (f"event loop: aiohttp, answers, {receipts}", f"{loop:.0f}"),
        ("event loop: signature, form, message", f"{each[DOOR]:.0f}"),
        (f"writer: pure turn, taken {calls[PURE] / turns:.1f} times", f"{each[PURE]:.0f}"),
        ("writer: thaw, freeze", f"{each[FROZEN]:.0f}"),
        (f"writer: {calls[STATEMENTS] / turns:.1f} statements", f"{each[STATEMENTS]:.0f}"),
        ("writer: effects become rows, facts", f"{each[INTAKE]:.0f}"),
        (f"writer: begin, commit of {turns / max(calls[COMMIT] / 2, 1):.1f} turns", f"{each[COMMIT]:.0f}"),
        (f"writer: queue, savepoints, answers, {receipts}", f"{writer:.0f}"),
        ("all threads", f"{played.cpu_us:.0f}"),
    ]
    return _aligned(lines)


def memory(processes: Mapping[str, int]) -> str:
    """Resident memory of each process."""
    lines = [("", "RSS MB", "at most")]
    for name, pid in processes.items():
        now, most = memory_mb(pid)
        lines.append((name, f"{now:.0f}", f"{most:.0f}"))
    return _aligned(lines)


def taken(texts: Mapping[str, int], cases: Mapping[str, int], refused: Mapping[str, int]) -> str:
    """How many texts of each kind were taken, and what became of the conversations."""
    lines = [("texts taken, warm-up included", ""), *((name, f"{texts[name]:,}") for name in sorted(texts))]
    lines += [("cases in the store", ""), *((name, f"{number:,}") for name, number in cases.items())]
    if refused:
        lines += [("NOT ANSWERED 200", ""), *((status, f"{number:,}") for status, number in refused.items())]
    return _aligned(lines)


def _median(played: Sequence[Played], of: Callable[[Played], float]) -> float:
    return median(map(of, played))


def _spread(ratios: Sequence[float]) -> str:
    return f"{median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rows = [
        [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))]
        for first, *rest in lines
    ]
    return "".join(f"{'  '.join(row).rstrip()}\n" for row in rows)
