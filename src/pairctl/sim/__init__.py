"""Palette and edge hosts as real HTTPS servers on loopback, with the vendor's rules of their own.

It shares nothing with the rest of pairctl but how problems are told, so that it can judge it.
"""

from pairctl.sim.faults import Fault, FaultAction, FaultPlan
from pairctl.sim.host import TRUTH, Host, Lie, Pairing, PairTarget, lie_about
from pairctl.sim.journal import Effect, EffectKind, Entry, Journal, Received
from pairctl.sim.palette import (
    Acceptance,
    Application,
    Choice,
    Cluster,
    EdgeHostRef,
    PairingRequest,
    Palette,
    ProfileBody,
)
from pairctl.sim.palette_spec import Answers
from pairctl.sim.people import People
from pairctl.sim.scenario import Scenario
from pairctl.sim.scenario_file import load_scenario, parse_scenario
from pairctl.sim.simulation import Address, Simulation
from pairctl.sim.stack import LocalProfile, Pack
from pairctl.sim.thread import ThreadedSimulation, run_in_thread

__all__ = [
    "TRUTH",
    "Acceptance",
    "Address",
    "Answers",
    "Application",
    "Choice",
    "Cluster",
    "EdgeHostRef",
    "Effect",
    "EffectKind",
    "Entry",
    "Fault",
    "FaultAction",
    "FaultPlan",
    "Host",
    "Journal",
    "Lie",
    "LocalProfile",
    "Pack",
    "PairTarget",
    "Pairing",
    "PairingRequest",
    "Palette",
    "People",
    "ProfileBody",
    "Received",
    "Scenario",
    "Simulation",
    "ThreadedSimulation",
    "lie_about",
    "load_scenario",
    "parse_scenario",
    "run_in_thread",
]
