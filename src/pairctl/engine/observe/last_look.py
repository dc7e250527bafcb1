"""When the last look was, and whose, as the heartbeat beside the status branch says."""

from pairctl.records import HEARTBEAT_FILE, Heartbeat, parse_heartbeat
from pairctl.repo import Repository


async def read_heartbeat(repository: Repository, ref: str) -> Heartbeat | None:
    """Read the heartbeat, freshly fetched; None where there is none. Raises RepositoryError."""
    content = await repository.read_replaced(ref, HEARTBEAT_FILE)
    return parse_heartbeat(content) if content else None
