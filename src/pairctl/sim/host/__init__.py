"""The simulated edge hosts: their state, their logins, and their HTTP side."""

from pairctl.sim.host.cluster import Node, RunningCluster
from pairctl.sim.host.host import Host
from pairctl.sim.host.lies import TRUTH, Lie, lie_about
from pairctl.sim.host.pairing import Pairing, PairTarget
from pairctl.sim.host.uplink import Uplink

__all__ = [
    "TRUTH",
    "Host",
    "Lie",
    "Node",
    "PairTarget",
    "Pairing",
    "RunningCluster",
    "Uplink",
    "lie_about",
]
