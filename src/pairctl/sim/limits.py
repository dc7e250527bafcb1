"""The vendor's rate limits: a bucket for each source address and resource prefix."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

FAST_PREFIXES = frozenset({"/v1/clusterprofiles", "/v1/spectroclusters", "/v1/cloudconfigs"})


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests a second in the long run, and how many may come at once."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid", alias_generator=to_camel, populate_by_name=True
    )

    per_second: Annotated[float, Field(description="How many a second, in the long run.")]
    burst: Annotated[int, Field(description="How many may come at once.")]


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float


class Limiter:
    """Token buckets that refill by `clock` (seconds); the prefix `exempt` is never limited.

    `retry_after_s` is what a refusal tells; None where it tells nothing.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        slow: Rate,
        fast: Rate,
        *,
        exempt: str = "",
        retry_after_s: int | None = None,
    ) -> None:
        self.retry_after_s = retry_after_s
        self._clock = clock
        self._slow = slow
        self._fast = fast
        self._exempt = exempt
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def admits(self, source: str, path: str) -> bool:
        """Whether one more request may pass; if so, it is counted."""
        prefix = prefix_of(path)
        if prefix == self._exempt:
            return True
        rate = self._fast if prefix in FAST_PREFIXES else self._slow
        now = self._clock()
        bucket = self._buckets.setdefault((source, prefix), _Bucket(rate.burst, now))
        refilled = bucket.tokens + (now - bucket.filled_at) * rate.per_second
        bucket.tokens = min(float(rate.burst), refilled)
        bucket.filled_at = now
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        return True


def prefix_of(path: str) -> str:
    """Cut a path to its first two segments of a path: what a limit is counted by."""
    return "/".join(path.split("/")[:3])
