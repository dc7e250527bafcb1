"""Claims as the version before wrote them: without an id, with an end by a wall clock."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

_UNTIL = "until_at"


def from_earlier_version(fields: Mapping[str, Any], content: bytes) -> Mapping[str, Any]:
    """Return the fields of a claim as they are now.

    Its id is a digest of its bytes, its lifetime the span that it names. It carries no date of a
    Palette's clock, so only a run that stays can wait until it is over. Raises what parsing raises.
    """
    if "id" in fields or _UNTIL not in fields:
        return fields
    made_at, until_at = (_instant(fields[name]) for name in ("made_at", _UNTIL))
    kept = {name: value for name, value in fields.items() if name != _UNTIL}
    return {
        **kept,
        "id": f"earlier-{hashlib.sha256(content).hexdigest()[:32]}",
        "lifetime_seconds": max((until_at - made_at).total_seconds(), 1.0),
    }


def _instant(value: Any) -> datetime:
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return at.replace(tzinfo=None)
