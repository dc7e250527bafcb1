"""Clients are opened by what the secrets say when a pass begins."""

import asyncio
from pathlib import Path

from effort import calls
from pairctl.engine.observe.access import Access, Keys
from pairctl.secrets import Destinations, Redactor, SecretStore
from pairctl.spec import LocalUIPlace, OperatorSpec, SecretReference

PLACE = LocalUIPlace("https://127.0.0.1:5080", SecretReference(secret="store"))


async def no_file(_: str) -> bytes | None:
    """Read no file of the commit."""
    return None


def access_to(folder: Path) -> Access:
    """Return access with the secrets of a folder."""
    redactor = Redactor()
    store = SecretStore(folder, {}, redactor)
    destinations = Destinations.of_operator({"store": ["127.0.0.1"]})
    spec = OperatorSpec.model_validate({"secrets": {"store": {"hosts": ["127.0.0.1"]}}})
    return Access(Keys(store, destinations, redactor), spec)


def test_a_changed_secret_counts_from_the_next_pass_on(tmp_path: Path) -> None:
    """One pass has one login at a host; the next one opens another client, with the new one."""
    secret = tmp_path / "store"
    secret.write_text("kairos:first-password")

    async def run() -> None:
        async with access_to(tmp_path) as access:
            passing = await access.at(no_file)
            first = await passing.local_ui(PLACE)
            secret.write_text("kairos:second-password")
            assert await passing.local_ui(PLACE) is first
            after = await (await access.at(no_file)).local_ui(PLACE)
            assert after is not first
            assert await passing.local_ui(PLACE) is first

    asyncio.run(run())


def test_a_secret_is_read_once_a_pass(tmp_path: Path) -> None:
    """A fleet shares it: the second host that needs it costs no files."""
    (tmp_path / "store").write_text("kairos:first-password")

    async def run() -> tuple[int, int]:
        async with access_to(tmp_path) as access:
            await access.local_ui(PLACE)  # what is loaded once is loaded
            passing = await access.at(no_file)
            look = passing.local_ui(PLACE)
            first = calls(lambda: _finished(look))
            again = passing.local_ui(PLACE)
            return first, calls(lambda: _finished(again))

    first, again = asyncio.run(run())
    assert 3 * again < 2 * first


def _finished(work: object) -> None:
    """Run a coroutine that waits for nothing."""
    try:
        work.send(None)  # type: ignore[attr-defined]
    except StopIteration:
        return
    raise AssertionError("it waits")
