"""A cluster on record as paired, whose host says that it is managed locally."""

from dataclasses import replace
from datetime import timedelta

import pytest

from evidence_factory import SEEN
from pairctl.pairing import EdgeHost, Evidence, ManagementMode, Phase, Status, decide, paired_before
from pairing_factory import NOW, make_host, make_intent, make_observed

EVIDENCE = replace(SEEN, cluster="LOCAL-42", paired_at=NOW)
LATER = replace(EVIDENCE, paired_at=NOW + timedelta(days=1))


@pytest.mark.parametrize(
    ("host", "evidence", "since"),
    [
        (make_host(), [EVIDENCE], NOW),
        (make_host(), [LATER, EVIDENCE], LATER.paired_at),
        (make_host(), [], None),
        (make_host(), [replace(EVIDENCE, paired_at=None)], None),
        (make_host(), [replace(EVIDENCE, cluster="other")], None),
        (make_host(management_mode=ManagementMode.CENTRAL), [EVIDENCE], None),
        (make_host(cluster=None), [EVIDENCE], None),
    ],
)
def test_evidence_of_the_very_cluster_tells(
    host: EdgeHost, evidence: list[Evidence], since: object
) -> None:
    """The latest that is complete, while the host is local."""
    decision = decide(make_intent(), make_observed(host), now=NOW)
    assert paired_before(decision, None, evidence) == since


@pytest.mark.parametrize(("uid", "phase"), [("other", Phase.PAIRED), ("local-42", Phase.BLOCKED)])
def test_a_status_of_something_else_tells_nothing(uid: str, phase: Phase) -> None:
    """Another cluster, or another phase."""
    decision = decide(make_intent(), make_observed(make_host()), now=NOW)
    status = Status("store-0042", phase, "sha256:1", "c" * 40, local_uid=uid)
    assert paired_before(decision, status, []) is None
