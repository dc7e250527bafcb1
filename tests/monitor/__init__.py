"""A monitor over the trace of a world: it holds what pairctl promises, and shares no code with it.

It sees what arrives at the simulated servers and what takes effect there, asks the git program for
the status branch, and parses what it finds there by itself. It knows nothing of how pairctl works:
a redesign of the engine leaves this package as it is.
"""

from monitor.monitor import Monitor
from monitor.rules import Rule, Violation
from monitor.trace import Watched

__all__ = ["Monitor", "Rule", "Violation", "Watched"]
