"""Acceptances that wait for a committed approval (`requireApproval: true` in the Palette)."""

from pairctl.pairing.basis import basis_of
from pairctl.pairing.case import Case
from pairctl.pairing.gates import first, is_acknowledged, match_is_proven
from pairctl.pairing.standing import is_accepted, is_central
from pairctl.pairing.verdict import Verdict, blocked
from pairctl.problem import Problem
from pairctl.spec import Acceptance, Desired


def is_approved(case: Case) -> Verdict | None:
    """Hold where no approval is asked for, or one names the very basis of this decision."""
    if not case.intent.palette.require_approval:
        return None
    digest, approval = basis_of(case).digest, case.intent.approval
    if approval is not None and approval.digest == digest:
        return None
    problem = _outdated(case, approval.digest, digest) if approval else _missing(case, digest)
    return blocked(problem, f"an approval for {case.intent.name}")


def _missing(case: Case, digest: str) -> Problem:
    name, stray = case.intent.name, case.intent.stray_approval
    found, where = f"no approval is committed for {name}", ""
    if stray:
        found = f"the approval in {stray} does not count"
        where = " in the folder that the operator's file names for it"
    return Problem(
        "ApprovalMissing",
        f"Palette {case.intent.palette_name} takes only what is approved, and {found}",
        f"commit a PairingApproval for {name}{where} that names {digest}; "
        f"`pairctl approve {name}` prints it",
    )


def _outdated(case: Case, approved: str, digest: str) -> Problem:
    name = case.intent.name
    return Problem(
        "ApprovalOutdated",
        f"the approval for {name} names {approved}, and what would be accepted now is {digest}: "
        "the documents, the cluster, its layers or the profiles have changed since",
        f"write what `pairctl approve {name}` prints over the old approval: the diff shows other "
        "layers and profiles, the log other documents; if all is meant, commit it, with the "
        f"digest {digest}",
    )


def digest_to_approve(case: Case) -> str:
    """Return the digest that an approval has to name; empty where none is asked for yet.

    It is told once nothing but the world can change it: matched, and acknowledged.
    """
    wanted = case.intent.spec.desired is Desired.PAIRED and case.intent.palette.require_approval
    if not wanted or first(case, match_is_proven, is_acknowledged):
        return ""
    return basis_of(case).digest


def needs_no_more_commits(case: Case) -> bool:
    """Whether only the world stands between the case and its acceptance, and no more consent.

    Where the cluster was not seen, the documents are taken at their word.
    """
    intent = case.intent
    if intent.spec.desired is not Desired.PAIRED or intent.spec.suspend:
        return False
    if is_central(case) or is_accepted(case) or intent.palette.acceptance is Acceptance.CONSOLE:
        return False
    if intent.spec.acknowledge is None or (case.cluster and is_acknowledged(case)):
        return False
    if not intent.palette.require_approval:
        return True
    return intent.approval is not None and not (digest_to_approve(case) and is_approved(case))
