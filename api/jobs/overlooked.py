"""What was said to a person by telephone and is in no transcript: who listened died meanwhile.

The recording was kept all the same, so that what is missing is read from there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from api.vault.recordings import Vault, begins_at
from models.call import Call, Turn
from models.desk import beside
from models.errors import NotFound
from models.store import Store
from nlp.meaning import Expectation
from voice.bystander import SPEAKERS, read, turn_of
from voice.legs.twilio_codec import Track
from voice.ports import Recognizer
from voice.sides import stretches_of
from voice.stretches import Stretch


class Overlooked:
    """Each method blocks, and may be done again."""

    def __init__(self, store: Store, vault: Vault, now: Callable[[], datetime]) -> None:
        self._store = store
        self._vault = vault
        self._now = now

    def missing(self, sid: str, name: str) -> list[int]:
        """The numbers of the stretches of a recording that no turn tells. Raises NotFound."""
        call, from_ms = self._call(sid), begins_at(name) or 0
        return [
            number
            for number, (track, said) in enumerate(self._stretches(name))
            if not _told(call.turns, track, said, from_ms)
        ]

    def write_down(self, sid: str, name: str, number: int, recognizer: Recognizer) -> None:
        """Reads one stretch and adds it to the transcript. Raises NotFound where that is gone."""
        call = self._call(sid)
        track, said = self._stretches(name)[number]
        expectation = Expectation(lang=call.lang, now=self._now())
        found = read(recognizer, expectation, said.pcm)
        turn = turn_of(SPEAKERS[track], said, found, begins_at(name) or 0)
        if turn is None:
            return
        with self._store.unit() as uow:
            beside.add_turn(uow, sid, turn)
            uow.commit()

    def _stretches(self, name: str) -> Sequence[tuple[Track, Stretch]]:
        with self._vault.open(name) as file:
            return list(stretches_of(file))

    def _call(self, sid: str) -> Call:
        with self._store.reading() as uow:
            call = uow.calls.get(sid)
        if call is None or not call.turns:
            raise NotFound("The call's transcript is not kept.")
        return call


def _told(turns: Sequence[Turn], track: Track, said: Stretch, from_ms: int) -> bool:
    """Whether a turn of this side has most of what was said."""
    begin, end = from_ms + said.started_ms, from_ms + said.ended_ms
    same = (t for t in turns if t.speaker == SPEAKERS[track] and t.ended_ms is not None)
    shared = (min(end, t.ended_ms or 0) - max(begin, t.started_ms) for t in same)
    return any(2 * ms > end - begin for ms in shared)
