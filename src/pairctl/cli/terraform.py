"""What is paired as `import` blocks for Terraform, and HCL's texts and names.

The resource and the form of its id are those of the provider `spectrocloud/spectrocloud`: an id is
the cluster's uid in Palette and its context, `project` or `tenant`, with a colon between them.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pairctl.engine import FleetRecord, IntentRecord
from pairctl.pairing import Phase

RESOURCE = "spectrocloud_cluster_edge_native"

_PLAIN_UID = re.compile(r"[A-Za-z0-9._-]+")
_ESCAPES = {"\n": r"\n", "\r": r"\r", "\t": r"\t", '"': r"\"", "\\": r"\\"}


@dataclass(frozen=True, slots=True)
class Exported:
    """The file's text, how many clusters it imports, and why paired ones are not in it, by name."""

    text: str
    count: int
    left_out: dict[str, str]


def terraform_imports(record: FleetRecord, clean: Callable[[str], str] = str) -> Exported:
    """Return `import` blocks of all paired clusters of a record, in the order of their names.

    Where they are in several Palettes, each block names the provider's alias, by its Palette.
    """
    paired = [one for one in record.intents if is_paired(one)]
    left_out = {one.name: why for one in paired if (why := _why_not(one))}
    imported = [one for one in paired if one.name not in left_out]
    palettes = {one.palette: one.project for one in imported}
    lines = [*_head(record, palettes, clean)]
    for one in imported:
        has_alias = len(palettes) > 1
        assert one.status
        context = "project" if one.project else "tenant"
        alias = [f"  provider = spectrocloud.{hcl_name(one.palette)}"] if has_alias else []
        lead = "       " if has_alias else " "
        lines += [
            "",
            "import {",
            *alias,
            f"  to{lead}= {RESOURCE}.{hcl_name(one.name)}",
            f"  id{lead}= {hcl_text(f'{one.status.palette_uid}:{context}')}",
            "}",
        ]
    return Exported("\n".join(lines) + "\n", len(imported), left_out)


def is_paired(one: IntentRecord) -> bool:
    """Whether an intent is on record as paired."""
    return one.status is not None and one.status.phase is Phase.PAIRED


def hcl_text(text: str) -> str:
    """Return a text as a quoted HCL string that stands for just this text: no template in it."""
    escaped = "".join(_escaped(sign) for sign in text)
    return '"' + re.sub(r"([$%])\{", r"\1\1{", escaped) + '"'


def hcl_name(name: str) -> str:
    """Return a DNS label as an HCL identifier, which begins with no digit. Two never become one."""
    return f"_{name}" if name[:1].isdigit() else name


def _escaped(sign: str) -> str:
    if sign in _ESCAPES:
        return _ESCAPES[sign]
    return sign if sign.isprintable() else f"\\U{ord(sign):08x}"


def _why_not(one: IntentRecord) -> str:
    uid = one.status.palette_uid if one.status else ""
    if not uid:
        return "its uid in Palette is not on record"
    if not _PLAIN_UID.fullmatch(uid):
        return "its uid in Palette has a sign that an import id cannot have"
    if not one.palette:
        return "its document cannot be read, so its Palette and project are not known"
    return ""


def _head(
    record: FleetRecord, palettes: dict[str, str], clean: Callable[[str], str]
) -> Iterator[str]:
    yield f"# Clusters that are paired, by commit {record.commit[:12]} of the documents and commit"
    yield f"# {record.tip[:12]} of {_comment(clean(record.status_branch))}. Terraform 1.5 or later:"
    yield "#"
    yield "#   terraform plan -generate-config-out=clusters.tf"
    yield "#"
    yield "# writes their resources; read and complete them before anything is applied."
    for palette, project in sorted(palettes.items()):
        where = f"project {_comment(clean(project))}" if project else "the tenant"
        alias = f"provider spectrocloud.{hcl_name(palette)}" if len(palettes) > 1 else "provider"
        yield f"# Palette {palette}: {alias}, {where}."


def _comment(text: str) -> str:
    """Return text for a comment of one line."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
