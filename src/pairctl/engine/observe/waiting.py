"""Waiting for one more look or action, unless their hosts keep all that are still to come.

Who waits for the last one is as late as the slowest host. What comes in later is heard of in a
later pass.
"""

import asyncio
from collections.abc import Callable

QUIET_S = 0.5
"""How long nothing must come in before it is asked whether hosts keep the rest.

On a busy machine answers take long, and one comes in after the other all the same."""


async def has_arrived(
    arrived: asyncio.Event, are_kept: Callable[[], bool], *, at_most_s: float
) -> bool:
    """Wait for one more; False where nothing comes in for so long, or hosts keep all the rest.

    Who waits for a place, or for Palette and its limits, is kept by no host.
    """
    loop = asyncio.get_running_loop()
    until_s = loop.time() + at_most_s
    while (left_s := until_s - loop.time()) > 0:
        try:
            async with asyncio.timeout(min(left_s, QUIET_S)):
                await arrived.wait()
        except TimeoutError:
            if are_kept():
                return False
        else:
            return True
    return False
