"""The closed table of reasons: every word that a status or a condition can carry.

A test holds it to the words that stand in the source.
"""

from collections.abc import Mapping

from pairctl.glossary.reason import Group, Reason
from pairctl.glossary.reasons.calls import ANSWERS, CONNECTION
from pairctl.glossary.reasons.cluster import CLUSTER, TOKEN
from pairctl.glossary.reasons.facts import FACTS
from pairctl.glossary.reasons.held import HELD
from pairctl.glossary.reasons.match import MATCH
from pairctl.glossary.reasons.request import REQUEST
from pairctl.glossary.reasons.rollouts import ROLLOUT_WAITS, ROLLOUTS
from pairctl.glossary.reasons.settled import SETTLED
from pairctl.glossary.reasons.steps import STEPS
from pairctl.glossary.reasons.trust import FILES, TRUST

GROUPS: tuple[Group, ...] = (
    SETTLED,
    STEPS,
    HELD,
    ROLLOUTS,
    ROLLOUT_WAITS,
    REQUEST,
    MATCH,
    CLUSTER,
    TOKEN,
    CONNECTION,
    ANSWERS,
    TRUST,
    FILES,
    FACTS,
)
"""All reasons, grouped as an operator meets them."""

REASONS: Mapping[str, Reason] = {one.word: one for group in GROUPS for one in group.reasons}
"""All reasons by their words."""
