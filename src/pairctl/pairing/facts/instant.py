"""Instants as they are read back from the status branch: of UTC, whatever was written by hand."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator


def _in_utc(at: datetime) -> datetime:
    """Return the same instant in UTC; one without a zone is taken to be told in UTC."""
    try:
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except OverflowError as error:
        raise ValueError("it is beyond all time") from error


def instant_of(text: str) -> datetime | None:
    """Return the instant that a text of a server tells (RFC 3339); None where it tells none."""
    try:
        return _in_utc(datetime.fromisoformat(text))
    except ValueError:
        return None


Instant = Annotated[datetime, AfterValidator(_in_utc)]
