"""Digests of documents: the same for the same meaning, whatever their comments and form.

And of files, as Git names them: the same for the same bytes.
"""

import hashlib
import json

from pydantic import BaseModel

_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def digest(document: BaseModel) -> str:
    """Return `sha256:` and the hash of the document's canonical JSON.

    Fields that have their default count as left out, so that a new pairctl with new fields gives
    old documents their old digests.
    """
    data = document.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return digest_of(data)


def digest_of(data: object) -> str:
    """Return `sha256:` and the hash of any JSON: keys sorted, no spaces, UTF-8."""
    return f"sha256:{hashlib.sha256(_canonical(data).encode()).hexdigest()}"


def blob_id(content: bytes, algorithm: str = "sha256") -> str:
    """Return the id that Git gives a blob of this content: `sha1` or `sha256`."""
    head = b"blob %d\0" % len(content)
    return hashlib.new(algorithm, head + content, usedforsecurity=False).hexdigest()
