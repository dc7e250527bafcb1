"""What the monitor notes of each entry of the journals, at the moment that it is made."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from pairctl.sim.journal import Effect, Entry, Journal, Received

PALETTE = "palette"
PROFILES = "/v1/dashboard/clusterprofiles"
REQUESTS = "/v1/dashboard/clusterpairs/metadata"
HOST_LOOK = (
    "/v1/edge-mgmt/settings",
    "/v1/edge-mgmt/edgehosts/current",
    "/v1/edge-mgmt/cluster/details",
    "/v1/edge-mgmt/cluster/applications",
    "/v1/edge-mgmt/cluster/pair/details",
)
ONE_REQUEST = "/v1/clusterpairs/"
_WRITING = {
    ("POST", "/v1/edge-mgmt/cluster/pair"): "request",
    ("POST", "/v1/edge-mgmt/cluster/pair/reject"): "withdraw",
    ("POST", "/v1/spectroclusters/edge-native/pair"): "accept",
}
_AGENT = re.compile(r"pairctl/\S+ \(([^()]+)\)")
_NO_TOKEN = re.compile(r"[^A-Za-z0-9!#$%&'*+.^_`|~-]+")


@dataclass(frozen=True)
class Watched:
    """A simulation as the monitor sees it; it is asked in the servers' thread.

    `ports` are the names of its servers by port. `clusters` tells the uids that a host's cluster
    has, and says that it has. `palette_time` tells what Palette's clock shows at an instant of the
    simulation's. `dark` tells the servers that are switched off.
    """

    journal: Journal
    ports: Mapping[int, str]
    clusters: Callable[[str], frozenset[str]]
    palette_time: Callable[[datetime], datetime]
    dark: Callable[[], frozenset[str]]


@dataclass(frozen=True)
class Noted:
    """An entry with what was so at that moment.

    `number` counts all entries of all simulations. `at_s` is the monitor's own clock, `palette_at`
    that of the Palette of its simulation. `tip` and `main` are the commits of the status branch and
    of the intents' branch. For what is to have an effect, `heads` are the commits of all branches
    that an intent may be read from, and `clusters` the uids of the server's cluster. `dark` are the
    servers that are switched off, of all simulations by their number.
    """

    number: int
    entry: Entry
    simulation: int
    at_s: float
    palette_at: datetime
    tip: str
    main: str
    dark: frozenset[tuple[int, str]]
    heads: tuple[str, ...] = ()
    clusters: frozenset[str] = frozenset()

    @property
    def sender(self) -> str:
        """The name of the pairctl that sent a request; empty for anybody else."""
        agent = self.entry.user_agent if isinstance(self.entry, Received) else ""
        found = _AGENT.fullmatch(agent)
        return found[1] if found else ""

    @property
    def action(self) -> str:
        """What a request is to bring about, as claims call it; empty where it only looks."""
        return writing(self.entry) if isinstance(self.entry, Received) else ""

    @property
    def effect(self) -> Effect | None:
        """The effect, where it is one."""
        return self.entry if isinstance(self.entry, Effect) else None

    def is_call(self, method: str, path: str) -> bool:
        """Whether it is a request to a path."""
        entry = self.entry
        return isinstance(entry, Received) and (entry.method, entry.path) == (method, path)


def writing(received: Received) -> str:
    """Return the action that a request is to bring about; empty where it only looks."""
    if received.method == "DELETE" and received.path.startswith(ONE_REQUEST):
        return "reject"
    return _WRITING.get((received.method, received.path), "")


def as_sender(holder: str) -> str:
    """Return a claim's holder as requests name it."""
    return _NO_TOKEN.sub("-", holder)


def port_of(endpoint: str) -> int:
    """Return the port of an endpoint, with or without a scheme; 0 where it has none."""
    return urlsplit(endpoint if "://" in endpoint else f"https://{endpoint}").port or 0
