"""Rows as columns: what every command prints that has more to say than a line."""

from collections.abc import Sequence


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """The rows below one another: texts to the left, figures to the right; two blanks between columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(_cell, row, widths)).rstrip() for row in rows)


def _cell(cell: str, width: int) -> str:
    return cell.rjust(width) if cell[:1].isdigit() else cell.ljust(width)
