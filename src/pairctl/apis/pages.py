"""Lists that come in pages: read to the end, but not for ever."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

from pairctl.apis.answers import Answer
from pairctl.apis.failures import ListMayBeCut, PagingLoop
from pairctl.apis.palette_answers import Item, Page

PAGE = 50
MAX_PAGES = 1000

Asker = Callable[[Mapping[str, str]], Awaitable[Answer]]
Fact = TypeVar("Fact")


async def read_pages(
    ask: Asker, model: type[Page[Item]], counts: list[int] | None = None
) -> AsyncIterator[Item]:
    """Yield the items of all pages. `ask` sends one call with the query that it is given.

    How long the list was at each page, where that is said, is added to `counts`.
    Raises PagingLoop where a continue token comes back, or after 1000 pages; and as `recognized`.
    """
    seen: set[str] = set()
    token, are_known = "", []
    for _ in range(MAX_PAGES):
        answer = await ask({"limit": str(PAGE), **({"continue": token} if token else {})})
        page = answer.read(model)
        for item in page.items:
            are_known.append(item.is_known)
            yield item
        if counts is not None and page.listmeta and page.listmeta.count is not None:
            counts.append(page.listmeta.count)
        token = page.listmeta.next if page.listmeta else ""
        if not token:
            _refuse_unknown(answer, are_known)
            _refuse_unseen(answer, page, len(are_known))
            return
        if token in seen:
            raise PagingLoop(f"{answer.call}: a page leads back to one that was read before")
        seen.add(token)
    raise PagingLoop(f"{answer.call}: there are more than {MAX_PAGES} pages")


def has_shrunk(counts: Sequence[int]) -> bool:
    """Whether a list got shorter while its pages were read: then an item may be on none of them.

    A first page that says no more than what it holds says nothing of the whole list.
    """
    return bool(counts) and counts[0] > PAGE and any(a > b for a, b in pairwise(counts))


def recognized(answer: Answer, page: Page[Item]) -> tuple[Item, ...]:
    """Return the items of a list of one page. Raises UnexpectedAnswer where none is known.

    One odd item stops nobody; a list that says of no item which one it is, is another list. Raises
    ListMayBeCut where it says that it has items, and shows none.
    """
    _refuse_unknown(answer, [item.is_known for item in page.items])
    _refuse_unseen(answer, page, len(page.items))
    return page.items


def lacks_items(page: Page[Item], shown: int) -> bool:
    """Whether a list that ends with this page says of itself that it is longer than what it shows.

    The count is that of the whole list (specification).
    """
    return page.listmeta is not None and (page.listmeta.count or 0) > shown


def too_few(answer: Answer, page: Page[Item], shown: int) -> ListMayBeCut:
    """Return the failure for a list that says that it is longer than what it shows."""
    said = page.listmeta.count if page.listmeta else None
    return ListMayBeCut(
        f"{answer.call}: the list says that it has {said} items, and shows {shown}",
        "look again; where it stays so, report this message with the server's version",
        status=answer.status,
    )


def _refuse_unseen(answer: Answer, page: Page[Item], shown: int) -> None:
    if not shown and lacks_items(page, shown):
        failure = too_few(answer, page, shown)
        answer.heard(failure)
        raise failure


def _refuse_unknown(answer: Answer, are_known: Sequence[bool]) -> None:
    if are_known and not any(are_known):
        raise answer.unexpected("no item of the list says which one it is")


def folded(items: list[Item], uid: Callable[[Item], str]) -> tuple[Item, ...]:
    """Return the items once each by their uid: one may move between pages while they are read.

    Without a uid each stands for itself.
    """
    return tuple({uid(item) or number: item for number, item in enumerate(items)}.values())
