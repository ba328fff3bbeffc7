"""Text that came from outside, made fit to be kept."""

from typing import Final

SYMBOL_FOR_NULL: Final = "\u2400"


def storable(text: str) -> str:
    """The text with the two things replaced that a database cannot hold; all else is kept as it came.

    PostgreSQL's `text` refuses U+0000 and would lose the whole message for it, so it becomes U+2400, the
    picture of a null, which a caseworker sees. Half a surrogate pair, or a byte that was no UTF-8 and was
    decoded with `surrogateescape`, cannot be written as UTF-8 at all: it becomes U+FFFD. Bidi controls,
    zero-width and other odd characters are stored; showing them safely is the page's work.
    """
    text = text.replace("\x00", SYMBOL_FOR_NULL)
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
