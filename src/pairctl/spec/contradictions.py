"""Fields of one document that cannot both be meant: what no schema can say in words."""

from collections.abc import Iterator

from pairctl.spec.codes import Code
from pairctl.spec.findings import Finding, finding
from pairctl.spec.kinds import AnyDocument, ProfileMatch
from pairctl.spec.matches import OnDifference
from pairctl.spec.nodes import Node, locate


def contradictions(path: str, root: Node, document: AnyDocument) -> Iterator[Finding]:
    """Yield fields that take each other's meaning away; `root` is the document's tree."""
    if isinstance(document, ProfileMatch):
        spec = document.spec
        if spec.reviewed and spec.configuration is not OnDifference.REVIEWED:
            span = locate(root, ("spec", "reviewed")).key_span
            why = {
                OnDifference.SAME: "which accepts no difference, reviewed or not",
                OnDifference.ANY: "which asks for no review",
            }[spec.configuration]
            yield finding(
                path,
                span,
                Code.FIELDS_CONTRADICT,
                f"`reviewed` stands beside `configuration: {spec.configuration}`, {why}",
                "write `configuration: Reviewed` into the ProfileMatch, or leave `reviewed` out",
            )
