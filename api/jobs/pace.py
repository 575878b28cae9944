"""How fast the workers go (pure)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """Waits of the workers, seconds.

    Attributes:
        dispatch: between two looks at the outbox.
        queue: between two looks at the workflows that wait for a worker.
        beat: between two signs of life; also between two looks at those of others.
        dead: so long without a sign of life, and a worker counts as dead.
        settle: so long after a try to send a message the telephone company can list it.
        retries: waits between the tries to send a message or to make a document.
        line: waits between the tries to pass a call on; a caller waits meanwhile.
        polls: after so long without a delivery report the telephone company is asked.
        room: waits for a machine that has time to hear a recording again; three days in all.
        step: the first wait after a step that failed for a passing reason; it doubles.
    """

    dispatch: float = 1.0
    queue: float = 0.25
    beat: float = 3.0
    dead: float = 20.0
    settle: float = 15.0
    retries: tuple[float, ...] = (5.0, 20.0, 80.0, 320.0, 1280.0)
    line: tuple[float, ...] = (1.0,)
    polls: tuple[float, ...] = (60.0, 120.0, 600.0, 1800.0)
    step: float = 1.0
    room: tuple[float, ...] = (60.0,) * 10 + (600.0,) * 420
