"""Keeps work going that an unforeseen error has ended."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import structlog

log = structlog.get_logger(__name__)

#: Waits before work that ended is begun again, seconds; the last one stays.
WAITS = (1.0, 5.0, 15.0, 60.0)
#: Work that went on for so long counts as mended, seconds.
_MENDED_S = 300.0


async def kept_going(
    begin: Callable[[], Coroutine[Any, Any, None]],
    on_fault: Callable[[], None],
    waits: Sequence[float] = WAITS,
) -> None:
    """Does work that has no end, and begins it anew whenever it ends, until cancelled.

    Args:
        begin: makes the work anew, with nothing left of what failed.
        on_fault: told of each end.
    """
    failures = 0
    while True:
        began = time.monotonic()
        work = asyncio.create_task(begin())
        try:
            await asyncio.wait([work])
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
        error = None if work.cancelled() else work.exception()
        failures = 0 if time.monotonic() - began >= _MENDED_S else failures
        wait = waits[min(failures, len(waits) - 1)]
        failures += 1
        log.critical("work_ended", error=type(error).__name__, again_in_s=wait)
        on_fault()
        await asyncio.sleep(wait)
