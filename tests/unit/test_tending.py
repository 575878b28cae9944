"""Work that ends by an unforeseen error is begun again."""

from __future__ import annotations

import asyncio

import pytest

from api.jobs.tending import kept_going


async def test_work_that_ends_is_begun_again_with_growing_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun: list[int] = []
    waited: list[float] = []
    faults: list[int] = []
    working = asyncio.Event()
    really_sleep = asyncio.sleep

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        await really_sleep(0)

    async def work() -> None:
        begun.append(1)
        if len(begun) <= 4:
            raise ValueError("nobody foresaw this")
        if len(begun) == 5:
            return
        working.set()
        await asyncio.Event().wait()

    monkeypatch.setattr("api.jobs.tending.asyncio.sleep", sleep)
    task = asyncio.create_task(kept_going(work, lambda: faults.append(1), waits=(1, 5, 15)))
    await working.wait()
    assert waited == [1, 5, 15, 15, 15]
    assert len(faults) == 5
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_work_ends_with_whoever_waits_for_it() -> None:
    ended: list[str] = []
    working = asyncio.Event()

    async def work() -> None:
        try:
            working.set()
            await asyncio.Event().wait()
        finally:
            ended.append("in good order")

    task = asyncio.create_task(kept_going(work, lambda: None))
    await working.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == ["in good order"]
