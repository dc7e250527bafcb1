"""The simulated Palette: its state, its own rules, and its HTTP side."""

from pairctl.sim.palette.application import sent_application
from pairctl.sim.palette.bodies import ProfileBody
from pairctl.sim.palette.catalog import Profile, ProfileVersion
from pairctl.sim.palette.pairings import (
    Acceptance,
    Application,
    Choice,
    Cluster,
    EdgeHostRef,
    PairingRequest,
)
from pairctl.sim.palette.palette import Palette

__all__ = [
    "Acceptance",
    "Application",
    "Choice",
    "Cluster",
    "EdgeHostRef",
    "PairingRequest",
    "Palette",
    "Profile",
    "ProfileBody",
    "ProfileVersion",
    "sent_application",
]
