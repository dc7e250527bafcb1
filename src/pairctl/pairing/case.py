"""One intent before the judge: what is wanted, what was seen, and what holds pairctl back."""

from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cached_property, lru_cache
from operator import attrgetter

from pairctl.layers import Layer, Profile, configuration_difference
from pairctl.pairing.facts.claim import Claim, UnreadableClaim
from pairctl.pairing.facts.intent import Intent
from pairctl.pairing.facts.observation import EdgeHost, LocalCluster, LocalRequest, Observed
from pairctl.pairing.facts.palette import PaletteCluster, PaletteRequest, RequestState
from pairctl.pairing.proof.configuration import ShownDifference, shown_difference
from pairctl.pairing.proof.kept import kept_layers
from pairctl.pairing.proof.proof import Proof, prove
from pairctl.problem import Problem

_ALL_OF_LAYER = attrgetter(*(one.name for one in fields(Layer)))

ACCEPTED_STATES = frozenset({RequestState.ACCEPTED, RequestState.PAIRED})


@lru_cache(maxsize=4096)  # asked again and again of a few
def canonical_endpoint(endpoint: str) -> str:
    """Return host and port of an endpoint in the one form that is compared and sent.

    Local UI takes a Palette endpoint as `api.spectrocloud.com` (seed, step 4): no scheme, no path.
    A scheme other than https stays: that is another place.
    """
    scheme, has_scheme, rest = endpoint.strip().lower().rpartition("://")
    bare = rest.partition("/")[0].removesuffix(":443")
    return bare if scheme in ("", "https") else f"{scheme}{has_scheme}{bare}"


@dataclass(frozen=True, slots=True)
class Refused:
    """A request that the other side rejected or failed, and the generation it was seen under."""

    pairing_uid: str
    generation: str


@dataclass(frozen=True, slots=True)
class Declined:
    """An action that was answered with a no, and the generation it was for.

    One that `leaves_doubt` does not prove that nothing comes of it. `pairing_uid` is the request
    that it was about, if any.
    """

    action: str
    generation: str
    reason: str
    message: str
    leaves_doubt: bool = False
    pairing_uid: str = ""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An action whose outcome was not known, how often so in one generation, and the last words.

    `claim` is the id of the claim that it was sent under last, `pairing_uid` the request that this
    was about, if any. `message` is empty where the answer was a yes, and no effect of it was seen.
    """

    action: str
    generation: str
    claim: str
    count: int
    message: str
    pairing_uid: str = ""


@dataclass(frozen=True, slots=True)
class Pinned:
    """The cluster that an intent is about: the first one seen at this address in this attempt.

    Other changes of the intent, or of what it refers to, say nothing about which cluster is meant.
    """

    local_uid: str
    endpoint: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Sent:
    """The request that pairctl's own sending was answered with, and the attempt it was sent in."""

    pairing_uid: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A request that the host held and holds no more, and that may still be in Palette (seed, 5).

    `attempt` is the intent's when it was sent, or else when it was seen to be gone; `palette` is
    the endpoint that it went to, in canonical form.
    """

    pairing_uid: str
    attempt: int
    palette: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the status branch holds of an intent. It holds pairctl back, and never starts anything.

    `claims` are all that are on the branch, whoever they bind; `over` are the ids of those whose
    time was over when looking began. `earlier_requests` are the intent's own, of a cluster that it
    was about at an address that it names no more. `requested_at` and `accepted_at` are when the
    request was first seen sent, and accepted.
    """

    claims: tuple[Claim, ...] = ()
    over: frozenset[str] = frozenset()
    unreadable: tuple[UnreadableClaim, ...] = ()
    sent: Sent | None = None
    withdrawn: Withdrawn | None = None
    refused: Refused | None = None
    declined: Declined | None = None
    unanswered: Unanswered | None = None
    pinned: Pinned | None = None
    earlier_requests: tuple[str, ...] = ()
    pairing_uid: str = ""
    local_uid: str = ""
    palette_uid: str = ""
    requested_at: datetime | None = None
    accepted_at: datetime | None = None


@dataclass(frozen=True)
class Case:
    """Intent, observation and record together, with the views that the rules ask for."""

    intent: Intent
    observed: Observed
    recorded: Recorded = field(default_factory=Recorded)
    now: datetime = field(kw_only=True)

    @cached_property
    def host(self) -> EdgeHost | None:
        """The host, where it was seen."""
        return self.observed.host if isinstance(self.observed.host, EdgeHost) else None

    @property
    def host_problem(self) -> Problem | None:
        """Why the host could not be seen."""
        return self.observed.host if isinstance(self.observed.host, Problem) else None

    @cached_property
    def cluster(self) -> LocalCluster | None:
        """The local cluster, where one was seen."""
        return self.host.cluster if self.host else None

    @property
    def host_words(self) -> str:
        """The host in words: of several that may answer, the one that did."""
        local_ui = self.intent.spec.local_ui
        is_one_of_several = local_ui is not None and len(local_ui.places) > 1
        where = self.observed.endpoint if is_one_of_several else ""
        return f"the host at {where}" if where else "the host"

    @property
    def address_field(self) -> str:
        """The field of the intent that says where the host is, as people write it."""
        local_ui = self.intent.spec.local_ui
        return local_ui.address_field if local_ui else "localUI.endpoint"

    @cached_property
    def request(self) -> LocalRequest | None:
        """The pairing request that the host itself reports."""
        return self.host.request if self.host else None

    @property
    def cluster_uid(self) -> str:
        """The uid of the cluster that is meant: as the host shows it, else as the intent names it.

        Actions are about this one only; what is on record names no cluster to act on.
        """
        return self.cluster.uid if self.cluster else self.intent.spec.cluster.uid or ""

    @property
    def local_uid(self) -> str:
        """The local cluster's uid as far as it is known, by the record too: to hold back, say."""
        return self.cluster_uid or self.recorded.local_uid

    @property
    def request_uid(self) -> str:
        """The pairing id that the host itself reports; empty where it has no request."""
        return self.request.pairing_uid if self.request else ""

    @property
    def named_uid(self) -> str:
        """The pairing id that the intent names; empty where it names none."""
        reference = self.intent.spec.request
        return reference.pairing_uid or "" if reference else ""

    @property
    def subject(self) -> str:
        """What a claim names: the local cluster, or the host where no cluster is to be seen."""
        return self.cluster_uid or (self.host.uid if self.host else "")

    @property
    def request_is_ours(self) -> bool:
        """Whether the host's request goes to the Palette that the intent names."""
        return self.request is not None and canonical_endpoint(
            self.request.palette_endpoint
        ) == canonical_endpoint(self.intent.palette.endpoint)

    @cached_property
    def listed(self) -> PaletteRequest | None:
        """The host's own request as Palette lists it: found by its pairing id, never by a name."""
        return self.listed_as(self.request_uid)

    def listed_as(self, pairing_uid: str) -> PaletteRequest | None:
        """Return Palette's entry of a pairing id, or None where it has none."""
        return self.observed.palette.index.entry_of(pairing_uid)

    @property
    def entries(self) -> tuple[PaletteRequest, ...]:
        """All requests that Palette was seen to list in this pass, each once."""
        return self.observed.palette.index.entries

    @cached_property
    def own_entries(self) -> tuple[PaletteRequest, ...]:
        """What Palette lists for this very cluster: the host's request, and others it has sent.

        A request that Palette lists for another cluster is not its own, whatever the host says.
        """
        return self.observed.palette.index.entries_of(self.local_uid, self.request_uid)

    @cached_property
    def certain_entries(self) -> tuple[PaletteRequest, ...]:
        """Its own entries without those that only the record says to be the cluster's."""
        return self.observed.palette.index.entries_of(self.cluster_uid, self.request_uid)

    @cached_property
    def registered(self) -> PaletteCluster | None:
        """The cluster in Palette: by its request, else by the uid recorded, else by its name.

        A name proves nothing about a host whose request goes to another Palette.
        """
        by_uid = self.observed.palette.clusters_by_uid
        uids = [entry.cluster_uid for entry in self.own_entries] + [self.recorded.palette_uid]
        found = next((by_uid[uid] for uid in uids if uid in by_uid), None)
        if found or (self.request and not self.request_is_ours):
            return found
        return (
            self.observed.palette.clusters_by_name.get(self.palette_name)
            if self.palette_name
            else None
        )

    @property
    def palette_name(self) -> str:
        """The name that the cluster has, or will have, in Palette; empty where it is not known."""
        return self.intent.spec.cluster.name or (self.cluster.name if self.cluster else "")

    @cached_property
    def proof(self) -> Proof | None:
        """The proof on the layers as they are now; None where one side of it was not seen."""
        cluster, match, palette = self.cluster, self.intent.match, self.observed.palette
        if cluster is None or match is None or palette.problem:
            return None
        # Layers that equal each other may differ in what is told of them: all of it counts here.
        layers = tuple(map(_ALL_OF_LAYER, cluster.stack))
        known: tuple[object, Proof] | None = palette.proven.get((id(match), layers))
        if known is None:
            found = prove(cluster.stack, match, palette.profiles)
            known = palette.proven[id(match), layers] = match, found  # as long as its id is taken
        return known[1]

    @property
    def selection(self) -> tuple[Profile, ...]:
        """The profiles that were judged; empty where there is nothing to judge yet."""
        return self.proof.selection if self.proof else ()

    @cached_property
    def configuration(self) -> ShownDifference | None:
        """What the pairing would change in the values of packs; None where nothing, or not seen."""
        match, brought = self.intent.match, self.observed.brought
        if self.cluster is None or match is None or brought is None:
            return None
        known, cluster = self.observed.palette.proven, self.cluster
        key = id(self.intent), id(cluster), id(brought)
        if key not in known:
            kept = kept_layers(cluster, self.selection, self.intent)
            found = configuration_difference(cluster.stack, cluster.configured, brought, kept)
            known[key] = self.intent, cluster, brought, shown_difference(found)
        shown: ShownDifference | None = known[key][-1]
        return shown
