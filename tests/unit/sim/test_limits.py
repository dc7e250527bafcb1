"""The vendor's rate limits."""

from pairctl.sim.limits import Limiter, Rate
from sim_factory import Clock


def _admitted(limiter: Limiter, path: str, tries: int = 1000, source: str = "127.0.0.1") -> int:
    return sum(limiter.admits(source, path) for _ in range(tries))


def _make_limiter(clock: Clock) -> Limiter:
    return Limiter(clock, Rate(10, 50), Rate(50, 250), exempt="/v1/hosts")


def test_bursts_end_at_the_vendors_numbers() -> None:
    """50 at once for most prefixes, 250 for profiles and clusters."""
    limiter = _make_limiter(Clock())
    assert _admitted(limiter, "/v1/dashboard/projects/metadata") == 50
    assert _admitted(limiter, "/v1/spectroclusters/x/status") == 250


def test_all_paths_below_a_prefix_count_together() -> None:
    """A limit belongs to the first two segments, not to the path."""
    limiter = _make_limiter(Clock())
    assert _admitted(limiter, "/v1/edgehosts/tokens", 30) == 30
    assert _admitted(limiter, "/v1/edgehosts/metadata") == 20


def test_buckets_refill_with_time_up_to_the_burst() -> None:
    """10 a second come back, and never more than the burst."""
    clock = Clock()
    limiter = _make_limiter(clock)
    _admitted(limiter, "/v1/dashboard/x")
    clock.seconds += 2
    assert _admitted(limiter, "/v1/dashboard/x") == 20
    clock.seconds += 3600
    assert _admitted(limiter, "/v1/dashboard/x") == 50


def test_sources_do_not_share_and_hosts_are_exempt() -> None:
    """Limits are per source address; what hosts call is not limited."""
    limiter = _make_limiter(Clock())
    _admitted(limiter, "/v1/dashboard/x")
    assert limiter.admits("127.0.0.2", "/v1/dashboard/x")
    assert _admitted(limiter, "/v1/hosts/pairings") == 1000
