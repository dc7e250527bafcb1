"""The cluster's own values that are sent along where a match says `valuesFrom: Local`."""

from collections import Counter
from collections.abc import Mapping, Sequence

from pairctl.layers import Configuration, Layer, Profile
from pairctl.pairing.facts.intent import Intent
from pairctl.pairing.facts.observation import LocalCluster
from pairctl.spec import ValuesFrom

KeptValues = Mapping[str, Mapping[str, str]]
"""Values of packs as texts, by the uid of a selected profile and the name of a pack in it."""


def kept_values(
    cluster: LocalCluster | None, selection: Sequence[Profile], intent: Intent
) -> KeptValues:
    """Return the cluster's own values for each selected profile, as Local UI gave them.

    What the documents say of a pack wins, as a person wrote it for this pack. Nothing is kept of
    what cannot be read, nor of what a pack's name does not tell apart.
    """
    known = _known(cluster, selection, intent)
    kept = {
        profile.uid: {layer.name: known[layer].text for layer in profile.layers if layer in known}
        for profile in selection
    }
    return {uid: values for uid, values in kept.items() if values}


def kept_layers(
    cluster: LocalCluster | None, selection: Sequence[Profile], intent: Intent
) -> frozenset[Layer]:
    """Return the layers whose values stay as the cluster has them."""
    return frozenset(_known(cluster, selection, intent))


def _known(
    cluster: LocalCluster | None, selection: Sequence[Profile], intent: Intent
) -> Mapping[Layer, Configuration]:
    is_wanted = intent.match is not None and intent.match.values_from is ValuesFrom.LOCAL
    if cluster is None or not is_wanted:
        return {}
    in_cluster = Counter(one.layer for one in cluster.configured)
    twice = {
        layer.name
        for profile in selection
        for layer in profile.layers
        if Counter(one.name for one in profile.layers)[layer.name] > 1
    }
    return {
        one.layer: one.configuration
        for one in cluster.configured
        if one.configuration.is_given
        and in_cluster[one.layer] == 1
        and one.layer.name not in twice
        and one.layer.name not in intent.pack_values
    }
