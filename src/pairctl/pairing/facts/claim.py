"""Claims: who is about to do what to which cluster, written down before it is done.

While a claim without a known outcome is open nobody acts on that cluster, its holder included:
what was sent may still take effect. Afterwards whoever comes looks first.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from pairctl.layers import Layer, Profile
from pairctl.pairing.facts.identity import canonical_uid, file_stem
from pairctl.pairing.facts.instant import Instant


@dataclass(frozen=True, slots=True)
class ProfileUse:
    """A profile of the selection, in the version that was proven."""

    name: str
    version: str
    uid: str


@dataclass(frozen=True, slots=True)
class LayerUse:
    """A layer of the cluster, as it was proven."""

    layer: str
    name: str
    version: str


@dataclass(frozen=True, slots=True)
class AcceptanceGrounds:
    """What an acceptance rests on: it stands in its claim, and goes into the evidence from there.

    `commit` is the commit that was carried out. `asked_in` is the commit that changed the intent
    last, with who wrote and who committed it. `approved_digest` is empty where no approval was
    asked for. `origin` is how the request is known: `Sent`, `Adopted` or `Named`.
    """

    name: str
    commit: str
    generation: str
    digest: str
    origin: str
    layers: tuple[LayerUse, ...]
    profiles: tuple[ProfileUse, ...]
    asked_in: str = ""
    author: str = ""
    committer: str = ""
    approved_digest: str = ""
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim on one cluster, named by its local uid. Instants are UTC.

    `id` is random: what is said of a claim, that it was first read or that it can go, is said of
    its id. `attempt` is the intent's own counter. `pairing_uid` is the request that the action is
    about; for an action that makes a request, the refused one that it comes after, if any.
    `palette` is where the action has its effect, `dated_at` that Palette's own clock when it was
    asked for this claim (None where it does not tell); `made_at` is the holder's clock, for people.
    `branch` is the id of the status branch.
    """

    id: str
    cluster: str
    intent: str
    action: str
    attempt: int
    holder: str
    lifetime_seconds: float
    made_at: Instant
    pairing_uid: str = ""
    palette: str = ""
    dated_at: Instant | None = None
    branch: str = ""
    grounds: AcceptanceGrounds | None = None

    def binds(self, intent: str, clusters: Collection[str], requests: Collection[str]) -> bool:
        """Whether it binds an intent about these clusters and requests, in canonical form."""
        return (
            self.intent == intent
            or (bool(self.cluster) and canonical_uid(self.cluster) in clusters)
            or (bool(self.pairing_uid) and canonical_uid(self.pairing_uid) in requests)
        )


@dataclass(frozen=True, slots=True)
class UnreadableClaim:
    """A file among the claims that cannot be read, or is not named for what it says.

    `text` is what it holds, folded. Whoever is named in it, or in its path, is bound by it until a
    person has looked: what cannot be read frees nobody.
    """

    path: str
    text: str

    def binds(self, intent: str, identities: Iterable[str]) -> bool:
        """Whether it may be about an intent, or about what has one of these uids."""
        held = f"{canonical_uid(self.path)}\n{self.text}"
        words = {word for uid in identities if uid for word in (canonical_uid(uid), file_stem(uid))}
        return f"intent: {intent}\n" in held or any(word in held for word in words)


@dataclass(frozen=True, slots=True)
class UnreadableFiles:
    """Files of the status branch that each take a place under a limit, as they cannot be read.

    Where they alone take all places, nothing goes on before a person has seen to them.
    """

    paths: frozenset[str] = frozenset()

    def take_all(self, places: int | None) -> bool:
        """Whether they alone take so many places; where there are none, nothing takes them."""
        return places is not None and 0 < places <= len(self.paths)

    @property
    def message(self) -> str:
        """What is the matter, as the end of a sentence."""
        cannot = "cannot be read, and takes a place" + " each" * (len(self.paths) > 1)
        return f"{self._named} on the status branch {cannot} for as long as it is there"

    @property
    def hint(self) -> str:
        """What a person does."""
        return (
            f"look at both sides; if nothing is under way, delete {self._named} from the status "
            "branch, or bring it back as it was"
        )

    @property
    def waiting_for(self) -> str:
        """What has to come first."""
        return f"{self._named} to be gone from the status branch, or to be read"

    @property
    def _named(self) -> str:
        first, *others = sorted(self.paths)
        return f"{first} (and {len(others)} more)" if others else first


NONE_UNREADABLE = UnreadableFiles()


@dataclass(frozen=True, slots=True)
class DatedLook:
    """A look, by two clocks: when it began by this process's own, and a Palette's date in it.

    `asked_s` are seconds of a clock that never jumps and counts sleep; `dated_at` is what Palette's
    clock said in an answer that was asked for after that, None where it did not say.
    """

    asked_s: float
    dated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Patience:
    """How long others' claims are waited for: this run's own lifetime of claims, and a margin.

    `stays` is whether the run goes on looking: then it counts on its own clock alone. One that does
    not can only go by Palette's clock, which may be off, or jump ahead, by up to `margin_s`.
    """

    lifetime_s: float
    margin_s: float
    stays: bool


def is_over(
    claim: Claim, first_read_s: float, looked_s: float, palette: DatedLook | None, by: Patience
) -> bool:
    """Whether what was claimed can have no effect any more, as of when looking began.

    `first_read_s` is when this process first read the claim's id, by its own clock. Nobody else's
    wall clock counts.
    """
    lifetime_s = max(claim.lifetime_seconds, by.lifetime_s)
    if looked_s - first_read_s >= lifetime_s:
        return True
    if by.stays:
        return False
    return _is_dated_past(claim.dated_at, lifetime_s, first_read_s, palette, by.margin_s)


def is_past(
    seen_dated_at: datetime | None,
    span_s: float,
    first_read_s: float,
    looked_s: float,
    palette: DatedLook | None,
    margin_s: float,
) -> bool:
    """Whether a span has passed since something was recorded, by this clock or by Palette's.

    What cannot be dated has not passed, until this process itself has seen it for that long.
    """
    if looked_s - first_read_s >= span_s:
        return True
    return _is_dated_past(seen_dated_at, span_s, first_read_s, palette, margin_s)


def _is_dated_past(
    since: datetime | None,
    span_s: float,
    first_read_s: float,
    palette: DatedLook | None,
    margin_s: float,
) -> bool:
    """Whether Palette's clock, asked after the first reading, is past a span and the margin."""
    if since is None or palette is None or palette.dated_at is None:
        return False
    # A date from before the reading may be one that a claim made since then does not know of.
    if palette.asked_s < first_read_s:
        return False
    # No end is computed: a server's date may be the last that there is, a span without end.
    return (palette.dated_at - since).total_seconds() >= span_s + margin_s


def profile_use(profile: Profile) -> ProfileUse:
    """Return a profile as it is written down."""
    return ProfileUse(profile.name, profile.version, profile.uid)


def layer_use(layer: Layer) -> LayerUse:
    """Return a layer as it is written down."""
    return LayerUse(layer.kind, layer.name, layer.version)
