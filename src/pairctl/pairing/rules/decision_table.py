"""The decision table: for each desired state its rows, which are functions of the modules here."""

from collections.abc import Mapping

from pairctl.pairing.rules import local, paired, rejected
from pairctl.pairing.verdict import Rule
from pairctl.spec import Desired

TABLES: Mapping[Desired, tuple[Rule, ...]] = {
    Desired.PAIRED: paired.RULES,
    Desired.LOCAL: local.RULES,
    Desired.REJECTED: rejected.RULES,
}
"""The decision tables: the first row that applies decides, and the last row always applies."""
