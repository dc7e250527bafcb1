"""Documents and files for the tests of what operators write."""

import json
from collections.abc import Mapping
from typing import Any

from pairctl.spec import API_VERSION, Declared, SourceFile, load
from pairctl.spec.candidates import read_own_file

INTENT_SPEC: Mapping[str, Any] = {
    "palette": "production",
    "localUI": {
        "endpoint": "https://10.0.42.10:5080",
        "credentials": {"secret": "store-local-ui"},
    },
    "registrationToken": {"fromPalette": "edge-retail"},
    "profileMatch": "retail",
}
PALETTE_SPEC: Mapping[str, Any] = {
    "endpoint": "https://palette.example.com",
    "apiKey": {"secret": "palette-production"},
}
DIGEST = "sha256:" + "0" * 64
MATCH_SPEC: Mapping[str, Any] = {"palette": "production", "profiles": [{"name": "retail-full"}]}


def document(kind: str, name: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document of any kind."""
    return {"apiVersion": API_VERSION, "kind": kind, "metadata": {"name": name}, "spec": {**spec}}


def palette(name: str = "production", **changes: Any) -> dict[str, Any]:
    """Return a Palette; `changes` are fields of its spec."""
    return document("Palette", name, {**PALETTE_SPEC, **changes})


def match(name: str = "retail", **changes: Any) -> dict[str, Any]:
    """Return a ProfileMatch for `palette`'s default."""
    return document("ProfileMatch", name, {**MATCH_SPEC, **changes})


def intent(name: str = "store-0042", **changes: Any) -> dict[str, Any]:
    """Return an intent to pair, which refers to the defaults of the others."""
    return document("PairingIntent", name, {**INTENT_SPEC, **changes})


def intent_at(endpoint: str, name: str = "store-0042", **changes: Any) -> dict[str, Any]:
    """Return an intent whose Local UI is at `endpoint`."""
    return intent(name, localUI={**INTENT_SPEC["localUI"], "endpoint": endpoint}, **changes)


def approval(name: str = "store-0042", **changes: Any) -> dict[str, Any]:
    """Return an approval for the intent of the same name."""
    return document("PairingApproval", name, {"intent": name, "digest": DIGEST, **changes})


def file_of(*documents: Mapping[str, Any], path: str = "all.yaml") -> SourceFile:
    """JSON is YAML: one document a line, so that a line names a document."""
    lines = "\n--- ".join(json.dumps(one, ensure_ascii=False) for one in documents)
    return SourceFile(path, f"--- {lines}\n".encode())


def text_file(text: str, path: str = "all.yaml") -> SourceFile:
    """Return a file of this text."""
    return SourceFile(path, text.encode())


def load_text(text: str) -> Declared:
    """Load one file of this text."""
    return load([text_file(text)], read=read_own_file)


def load_documents(*documents: Mapping[str, Any]) -> Declared:
    """Load one file of these documents."""
    return load([file_of(*documents)], read=read_own_file)


def codes(declared: Declared) -> list[str]:
    """Return the codes of all findings, in their order."""
    return [str(one.code) for one in declared.findings]


def places(declared: Declared) -> list[tuple[int, int, str]]:
    """Return line, column and code of all findings, in their order."""
    return [(one.line, one.column, str(one.code)) for one in declared.findings]
