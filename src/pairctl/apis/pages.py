"""Lists that come in pages: read to the end, but not for ever."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import TypeVar

from pairctl.apis.answers import Answer
from pairctl.apis.failures import PagingLoop
from pairctl.apis.palette_answers import Item, Page

PAGE = 50
MAX_PAGES = 1000

Asker = Callable[[Mapping[str, str]], Awaitable[Answer]]
Fact = TypeVar("Fact")


async def read_pages(ask: Asker, model: type[Page[Item]]) -> AsyncIterator[Item]:
    """Yield the items of all pages. `ask` sends one call with the query that it is given.

    Raises PagingLoop where a continue token comes back, or after 1000 pages.
    """
    seen: set[str] = set()
    token = ""
    for _ in range(MAX_PAGES):
        answer = await ask({"limit": str(PAGE), **({"continue": token} if token else {})})
        page = answer.read(model)
        for item in page.items:
            yield item
        token = page.listmeta.next if page.listmeta else ""
        if not token:
            return
        if token in seen:
            raise PagingLoop(f"{answer.call}: a page leads back to one that was read before")
        seen.add(token)
    raise PagingLoop(f"{answer.call}: there are more than {MAX_PAGES} pages")


def folded(items: list[Item], uid: Callable[[Item], str]) -> tuple[Item, ...]:
    """Return the items once each by their uid: one may move between pages while they are read."""
    return tuple({uid(item): item for item in items}.values())
