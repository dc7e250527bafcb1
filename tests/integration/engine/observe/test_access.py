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


def rules_with(folder: Path, request_s: int = 30) -> tuple[OperatorSpec, Keys]:
    """Return an operator's rules, and the secrets of a folder."""
    redactor = Redactor()
    store = SecretStore(folder, {}, redactor)
    destinations = Destinations.of_operator({"store": ["127.0.0.1"]})
    secrets, timing = {"store": {"hosts": ["127.0.0.1"]}}, {"requestSeconds": request_s}
    spec = OperatorSpec.model_validate({"secrets": secrets, "timing": timing})
    return spec, Keys(store, destinations, redactor)


def access_to(folder: Path) -> Access:
    """Return access with the secrets of a folder."""
    spec, keys = rules_with(folder)
    return Access(keys, spec)


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


def test_what_began_by_other_rules_shares_no_client_with_what_begins_now(tmp_path: Path) -> None:
    """An action may go on after rules and keys changed: what it opens then goes by the old ones."""
    (tmp_path / "store").write_text("kairos:password")

    async def run() -> None:
        async with access_to(tmp_path) as access:
            before = await access.at(no_file)
            access.take_over(*rules_with(tmp_path, request_s=20))
            passing = await access.at(no_file)
            by_old_rules = await before.local_ui(PLACE)
            by_new_rules = await passing.local_ui(PLACE)
            assert by_old_rules._channel._wire.deadline_s == 30
            assert by_new_rules._channel._wire.deadline_s == 20

    asyncio.run(run())


def test_a_secret_is_read_once_a_pass(tmp_path: Path) -> None:
    """A fleet shares it: the next client costs no files, and where it may go is asked once."""
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
    assert 10 * again < first


def _finished(work: object) -> None:
    """Run a coroutine that waits for nothing."""
    try:
        work.send(None)  # type: ignore[attr-defined]
    except StopIteration:
        return
    raise AssertionError("it waits")
