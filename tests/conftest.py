"""The one option of these tests, and the fixtures that need it."""

import gc
import os

import pytest
from hypothesis import HealthCheck, settings

from cli_factory import NOWHERE
from endings import EndsAs, world_ending
from examples import USUAL, examples
from golden import OPTION, Golden
from pairctl.sim import ThreadedSimulation
from scenario_factory import World


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the only way to write the files that hold how each scenario ends."""
    parser.addoption(
        OPTION, action="store_true", help="write tests/data/endings anew from what is found"
    )


def pytest_configure() -> None:
    """Keep what is run within this process away from the user's files, and from the clock."""
    for name in [name for name in os.environ if name.startswith("PAIRCTL_")]:
        del os.environ[name]
    for name in ("COLUMNS", "LINES"):  # workers of a parallel run are told a terminal's size
        os.environ.pop(name, None)
    os.environ |= {"XDG_CACHE_HOME": NOWHERE, "PAIRCTL_CONFIG": os.devnull}
    slow = [HealthCheck.too_slow]
    usual = examples(USUAL)
    settings.register_profile("untimed", usual, deadline=None, suppress_health_check=slow)
    settings.load_profile("untimed")


def pytest_collection() -> None:
    """Look for no garbage among the thousands of tests that are made, and all kept."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Look for garbage in what comes after."""
    gc.enable()
    gc.freeze()


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Give the files of tests/data/endings."""
    return Golden(is_rewriting=bool(request.config.getoption(OPTION)))


def assert_settled(w: World) -> None:
    """Assert that one more pass writes nothing, to the repository or to a server."""
    before = w.tip, w.writes()
    w.one_pass()
    assert (w.tip, w.writes()) == before


@pytest.fixture
def ends_as(golden: Golden) -> EndsAs:
    """Give the assertion that a world ended as tests/data/endings has it, branch and servers."""

    def assert_ends_as(
        w: World, name: str, *beside: ThreadedSimulation, is_settled: bool = True, **known: str
    ) -> None:
        golden.holds(name, world_ending(w, *beside, **known))
        if is_settled:
            assert_settled(w)

    return assert_ends_as
