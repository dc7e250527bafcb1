"""Layers, stacks and profiles for tests, written short: `addon/prometheus 1.0`."""

import random
from collections import Counter
from collections.abc import Iterable

from pairctl.layers import Layer, Profile, Stack, stack


def make_layer(text: str) -> Layer:
    """Make a layer of `kind/name version`."""
    kind, _, rest = text.partition("/")
    name, _, version = rest.rpartition(" ")
    return Layer(kind, name, version)


def make_stack(*texts: str) -> Stack:
    """Make a stack of layers written as text."""
    return stack(map(make_layer, texts))


def make_counts(letters: str) -> Counter[Layer]:
    """Make counts of layers, a letter each: `aab` is twice a layer, and another one once."""
    return Counter(Layer("addon", letter, "1") for letter in letters)


def make_profile(name: str, *layers: str | Layer, **changes: str) -> Profile:
    """Make a profile in version 1.0.0; an add-on unless told otherwise."""
    made = [make_layer(item) if isinstance(item, str) else item for item in layers]
    given = {"uid": f"uid-{name}", "version": "1.0.0", "type": "add-on"} | changes
    return Profile(name=name, layers=stack(made), **given)


def seeded(seed: int) -> random.Random:
    """Make a source of chance that gives the same cases on each run."""
    return random.Random(seed)  # noqa: S311 - for cases, not for secrets


def uids(selection: Iterable[Profile]) -> frozenset[str]:
    """Name a selection by the uids of its profiles."""
    return frozenset(profile.uid for profile in selection)


INFRA = ("csi/csi-aws-ebs 1.20.0", "cni/calico 3.25.1", "k8s/edge-k8s 1.31.0", "os/ubuntu 22.04")
MONITORING = "addon/prometheus-grafana 44.3.1"
