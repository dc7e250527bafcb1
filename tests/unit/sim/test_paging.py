"""Lists in pages."""

import pytest
from starlette.requests import Request

from pairctl.sim.answers import RefusalError
from pairctl.sim.palette.paging import page_of


def _asked(query: str = "") -> Request:
    return Request({"type": "http", "query_string": query.encode(), "headers": []})


@pytest.mark.parametrize("size", [0, 1, 49, 50, 51, 100, 101])
def test_following_the_tokens_gives_every_item_once(size: int) -> None:
    """Pages hold 50 at most; the last has no token."""
    items, query, lengths = list(range(size)), "", []
    seen: list[int] = []
    while True:
        page = page_of(_asked(query), items)
        seen += page.items
        lengths.append(len(page.items))
        if not page.token:
            break
        query = f"continue={page.token}"
    assert seen == items
    assert max(lengths) <= 50
    assert len(lengths) == max(1, -(-size // 50))


def test_more_than_fifty_are_never_given() -> None:
    """A larger limit is cut to the page size."""
    assert len(page_of(_asked("limit=500"), list(range(80))).items) == 50
    assert page_of(_asked("limit=3&offset=2"), list(range(80))).items == (2, 3, 4)


@pytest.mark.parametrize("query", ["continue=bm9wZQ==", "continue=%21", "limit=x", "offset=-1"])
def test_what_is_no_page_is_refused(query: str) -> None:
    """A made-up token is an error, not the first page."""
    with pytest.raises(RefusalError):
        page_of(_asked(query), [1, 2, 3])
