"""Approvals count in the operator's folder: what stands outside has no effect on those inside."""

from collections.abc import Mapping
from typing import Any

import pytest

from pairctl.engine import resolve_intents
from pairctl.pairing import Intent
from pairctl.spec import Declared, OperatorSpec, load
from spec_factory import approval, codes, file_of, intent, match, palette

GUARDED = OperatorSpec(approvalsFolder="approvals")
GOOD = "sha256:" + "a" * 64
STRAY = "sha256:" + "b" * 64
Documents = Mapping[str, Any] | list[Mapping[str, Any]]


def loaded(operator: OperatorSpec = GUARDED, **files: Documents) -> tuple[Declared, Intent]:
    """Load an intent with what it refers to, and files beside it; gives it as it is resolved."""
    usual = {"fleet.yaml": [palette(), match(), intent()]}
    sources = [
        file_of(*(told if isinstance(told, list) else [told]), path=path)
        for path, told in {**usual, **files}.items()
    ]
    declared = load(sources, approvals_folder=operator.approvals_folder)
    return declared, resolve_intents(declared, operator)["store-0042"]


def approved(one: Intent) -> str:
    """Give the digest that counts; empty where none does."""
    return one.approval.digest if one.approval else ""


@pytest.mark.parametrize(
    "stray",
    [
        {"a.yaml": approval("again", intent="store-0042", digest=STRAY)},
        {"z.yaml": approval(digest=STRAY)},
        {"a.yaml": approval(digest=GOOD)},
        {"a.yaml": approval(), "b.yaml": approval("b", intent="store-0042"), "z.yaml": approval()},
        {"approvals-not/a.yaml": approval("again", intent="store-0042")},
        {"Approvals/b.yaml": approval("again", intent="store-0042")},
        {"fleet/approvals/a.yaml": approval()},
    ],
    ids=["before it", "after it, of its name", "its copy", "many", "a prefix", "a case", "below"],
)
def test_the_one_inside_counts_whatever_stands_outside(stray: dict[str, Documents]) -> None:
    """By name or by intent, before it or after it: it is mentioned, and voids nothing."""
    declared, found = loaded(**{"approvals/a.yaml": approval(digest=GOOD), **stray})
    assert (approved(found), found.stray_approval) == (GOOD, min(stray))
    assert codes(declared) == []


def test_values_named_outside_take_no_approval_away() -> None:
    """A document that calls the file values of a pack does not make it less of an approval."""
    values = [{"pack": "grafana", "file": "approvals/a.yaml"}]
    for documents in ([palette(), match(values=values), intent()], [match("b", values=values)]):
        path = "fleet.yaml" if len(documents) > 1 else "other.yaml"
        declared, found = loaded(**{path: documents, "approvals/a.yaml": approval(digest=GOOD)})
        assert approved(found) == GOOD
        assert codes(declared) == []


def test_two_inside_still_contradict_each_other() -> None:
    """Which of them counts nobody could say: neither does, and both are told."""
    declared, found = loaded(
        **{
            "approvals/a.yaml": approval(digest=GOOD),
            "approvals/b.yaml": approval("b", intent="store-0042"),
            "c.yaml": approval("c", intent="store-0042"),
        }
    )
    assert (approved(found), found.stray_approval) == ("", "c.yaml")
    assert codes(declared) == ["DuplicateApproval"] * 2
    assert [one.path for one in declared.refused_approvals] == [
        "approvals/a.yaml",
        "approvals/b.yaml",
    ]


def test_strays_alone_approve_nothing() -> None:
    """However many they are, the first of them is mentioned."""
    _, found = loaded(**{"b.yaml": approval(), "a.yaml": approval("a", intent="store-0042")})
    assert (approved(found), found.stray_approval) == ("", "a.yaml")


def test_without_a_folder_all_count_and_two_contradict_each_other() -> None:
    """As `validate` sees it, which knows no operator's file."""
    declared, found = loaded(
        OperatorSpec(), **{"approvals/a.yaml": approval(digest=GOOD), "b.yaml": approval()}
    )
    assert (approved(found), found.stray_approval) == ("", "")
    assert set(codes(declared)) == {"DuplicateName", "DuplicateApproval"}
