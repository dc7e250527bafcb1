"""Nothing can be carried out but under a claim that was published."""

import pytest

from pairctl.engine.apply.claiming import Permit
from pairing_factory import make_claim


def test_only_the_publishing_of_a_claim_makes_a_permit() -> None:
    """Whoever makes one for another claim is stopped before anything is looked at."""
    with pytest.raises(ValueError, match="not published"):
        Permit(make_claim(), 0.0, 0.0)
