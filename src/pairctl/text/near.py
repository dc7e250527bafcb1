"""What was meant: the words most like one that is not known."""

from collections.abc import Iterable
from difflib import get_close_matches

_MOST = 3


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the question after the known words most like `word`; empty where none is."""
    by_case = {one.casefold(): one for one in known}
    near = get_close_matches(word.casefold(), by_case, n=_MOST)
    return f"did you mean {' or '.join(by_case[one] for one in near)}?" if near else ""
