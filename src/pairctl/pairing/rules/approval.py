"""Acceptances that wait for a committed approval (`requireApproval: true` in the Palette)."""

from pairctl.pairing.basis.basis import basis_of
from pairctl.pairing.case import Case
from pairctl.pairing.facts.identity import is_same_uid
from pairctl.pairing.predicates import is_accepted, is_central
from pairctl.pairing.rules.configuration import blocked_unless_configuration_is_reviewed
from pairctl.pairing.rules.ownership import is_unnamed_in_palette
from pairctl.pairing.rules.preconditions import (
    blocked_unless_acknowledged,
    blocked_unless_match_is_proven,
    first,
)
from pairctl.pairing.verdict import Verdict, blocked
from pairctl.problem import Problem
from pairctl.spec import Acceptance, Desired, PairingApprovalSpec


def blocked_unless_approved(case: Case) -> Verdict | None:
    """Hold where no approval is asked for, or one names the very basis of this decision."""
    if not needs_approval(case):
        return None
    digest, approval = basis_of(case).digest, case.intent.approval
    if _is_named_by(approval, case):
        return None
    problem = _outdated(case, approval.digest, digest) if approval else _missing(case, digest)
    return blocked(problem, f"an approval for {case.intent.name}")


def needs_approval(case: Case) -> bool:
    """Whether the Palette, or the operator, asks for one, or nothing in Palette names the cluster.

    In the latter case the approval has to name the very request, too.
    """
    return case.intent.palette.require_approval or is_unnamed_in_palette(case)


def _is_named_by(approval: PairingApprovalSpec | None, case: Case) -> bool:
    """Whether an approval is of this very basis.

    One that was given before there was a request is of the same without the request's id. What
    names a request is of that one only.
    """
    if approval is None or (approval.pairing_uid is None and is_unnamed_in_palette(case)):
        return False
    basis = basis_of(case)
    digests = {basis.digest, basis.model_copy(update={"request": None}).digest}
    names_this = approval.pairing_uid is None or is_same_uid(approval.pairing_uid, case.request_uid)
    return names_this and approval.digest in digests


def _missing(case: Case, digest: str) -> Problem:
    name, stray = case.intent.name, case.intent.stray_approval
    found, where = f"no approval is committed for {name}", ""
    if stray:
        found = f"the approval in {stray} does not count"
        where = " in the folder that the operator's file names for it"
    return Problem(
        "ApprovalMissing",
        f"{_who_asks(case)}, and {found}",
        f"commit a PairingApproval for {name}{where} that names {digest}; "
        f"`pairctl approve {name}` prints it",
    )


def _who_asks(case: Case) -> str:
    if case.intent.palette.require_approval:
        return f"Palette {case.intent.palette_name} takes only what is approved"
    uid = case.request_uid
    return f"Palette does not say which cluster has sent pairing request {uid}"


def _outdated(case: Case, approved: str, digest: str) -> Problem:
    name = case.intent.name
    return Problem(
        "ApprovalOutdated",
        f"the approval for {name} names {approved}, and what would be accepted now is {digest}: "
        "the documents, the cluster, its request, its layers or the profiles have changed since",
        f"write what `pairctl approve {name}` prints over the old approval: the diff shows other "
        "layers and profiles, the log other documents; if all is meant, commit it, with the "
        f"digest {digest}",
    )


def digest_to_approve(case: Case) -> str:
    """Return the digest that an approval has to name; empty where none is asked for yet.

    It is told once nothing but the world can change it: matched, acknowledged, and reviewed. From
    when there is a request, it is of that one; an approval that was given before counts on.
    """
    wanted = case.intent.spec.desired is Desired.PAIRED and needs_approval(case)
    gates = (
        blocked_unless_match_is_proven,
        blocked_unless_acknowledged,
        blocked_unless_configuration_is_reviewed,
    )
    if not wanted or first(case, *gates):
        return ""
    approval = case.intent.approval
    if approval is not None and _is_named_by(approval, case):
        return approval.digest
    return basis_of(case).digest


def needs_no_more_commits(case: Case) -> bool:
    """Whether only the world stands between the case and its acceptance, and no more consent.

    Where the cluster was not seen, the documents are taken at their word.
    """
    intent = case.intent
    if intent.spec.desired is not Desired.PAIRED or intent.spec.suspend:
        return False
    if is_central(case) or is_accepted(case):
        return False
    return not missing_consent(case)


def missing_consent(case: Case) -> str:
    """Return the reason for which a person has to consent before an acceptance; empty where none.

    The first of several. Where the cluster was not seen, the documents are taken at their word.
    """
    intent, verdict = case.intent, None
    if intent.palette.acceptance is Acceptance.CONSOLE:
        return "WaitingForConsole"
    if intent.spec.acknowledge is None or (case.cluster and blocked_unless_acknowledged(case)):
        return "NotAcknowledged"
    if case.observed.brought is not None:
        verdict = blocked_unless_configuration_is_reviewed(case)
    if verdict is None and needs_approval(case):
        if intent.approval is None:
            return "ApprovalMissing"
        verdict = blocked_unless_approved(case) if digest_to_approve(case) else None
    return verdict.reason if verdict else ""
