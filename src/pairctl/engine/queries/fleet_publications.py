"""What the fleet needs published, from what was last seen: no secret, and only Git is asked."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from pairctl.engine.desired.source import read_source
from pairctl.engine.observe.status_branch import read_records
from pairctl.engine.queries.profile_uses import PAST_MATCHING, ByProfile, ProfileUses
from pairctl.engine.runtime.settings import Settings
from pairctl.layers import Publications, Stack, fewest_publications
from pairctl.problem import PairctlError, Problem
from pairctl.records import observed_cluster, observed_palette
from pairctl.spec import Desired


@dataclass(frozen=True, slots=True)
class FleetPublications:
    """For each Palette by name what to publish for the intents that are not accepted yet.

    `stacks` are the different stacks of each Palette, in the order that publications count them in;
    `names` the intents of each stack. `unseen` are intents whose cluster, or Palette, was not seen.
    `paired` are for each Palette the intents whose clusters were accepted, by profile.
    `past` counts, for each Palette, the intents that are accepted or paired, and so not looked at.
    """

    palettes: Mapping[str, Publications]
    stacks: Mapping[str, tuple[Stack, ...]]
    names: Mapping[str, tuple[tuple[str, ...], ...]]
    unseen: tuple[str, ...] = ()
    paired: Mapping[str, ByProfile] = field(default_factory=dict)
    past: Mapping[str, int] = field(default_factory=dict)


async def explain_fleet(settings: Settings) -> FleetPublications:
    """Find the fewest profile versions that unlock the most clusters, for each Palette.

    Raises PairctlError where nothing was seen yet.
    """
    ledger = await read_records(settings)
    source = await read_source(settings.repository, settings.ref, settings.under, settings.operator)
    uses = ProfileUses(source, ledger)
    fleets: dict[str, dict[Stack, list[str]]] = defaultdict(lambda: defaultdict(list))
    unseen: list[str] = []
    past: Counter[str] = Counter()
    for name, intent in source.intents.items():
        status = ledger.statuses.get(name)
        if intent.spec.desired is not Desired.PAIRED:
            continue
        if status and status.phase in PAST_MATCHING:
            past[intent.palette_name] += 1
            continue
        cluster = observed_cluster(ledger.files, name)
        if cluster is None or not cluster.layers:
            unseen.append(name)
        else:
            fleets[intent.palette_name][cluster.layers].append(name)
    found: dict[str, Publications] = {}
    for palette, stacks in sorted(fleets.items()):
        seen = observed_palette(ledger.files, palette)
        if seen is None:
            unseen += [name for names in stacks.values() for name in names]
            continue
        latest = [one.latest for one in seen.profiles if one.latest]
        found[palette] = fewest_publications([(s, len(n)) for s, n in stacks.items()], latest)
    if unseen and not found:
        raise PairctlError(_nothing_seen())
    return FleetPublications(
        found,
        {palette: tuple(fleets[palette]) for palette in found},
        {palette: tuple(map(tuple, fleets[palette].values())) for palette in found},
        tuple(sorted(unseen)),
        {palette: uses.paired(palette) for palette in found},
        past,
    )


def _nothing_seen() -> Problem:
    hint = "a pass of `pairctl apply` or `watch` writes down what it sees"
    return Problem("NotSeenYet", "no cluster that is still to be paired has been seen yet", hint)
