"""How long each part of an answer took."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class TurnTiming:
    """Milliseconds from the call's start at which each step of one answer was done.

    Attributes:
        speech_ended: the caller's last speech.
        turn_ended: the endpointer's decision.
        recognised: hypotheses are there.
        understood: the meaning is there.
        decided: the dialogue's actions are there.
        first_frame: the reply's first frame went out.
    """

    speech_ended: int
    turn_ended: int = 0
    recognised: int = 0
    understood: int = 0
    decided: int = 0
    first_frame: int = 0

    def parts(self) -> dict[str, int]:
        """The answer's time in milliseconds, whole and split.

        Recognition runs beside the endpointer; its part is only what the caller still
        waited for after the endpointer's decision.
        """
        return {
            "endpointing_ms": self.turn_ended - self.speech_ended,
            "recognition_ms": max(0, self.recognised - self.turn_ended),
            "understanding_ms": self.understood - max(self.recognised, self.turn_ended),
            "deciding_ms": self.decided - self.understood,
            "synthesis_ms": self.first_frame - self.decided,
            "response_ms": self.first_frame - self.speech_ended,
        }
