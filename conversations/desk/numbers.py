"""How the numbers of a series are written."""

from conversations.desk.model import Series


def written_number(series: Series, count: int) -> str:
    """The series' number of this count: 1042 of ``IN-########`` is IN-00001042."""
    prefix, places = series.pattern.partition("#")[0], series.pattern.count("#")
    return f"{prefix}{count:0{places}}"
