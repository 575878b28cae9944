"""A simulated customer on the telephone: hears through the transcript, speaks by a voice."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx

from models.call import Lang
from models.codec import values_from
from models.errors import ExternalError
from nlp.simulation.behaviour import Said
from nlp.simulation.caller import SimulatedCaller
from nlp.simulation.scenario import Scenario
from nlp.verbalize import verbalize
from voice.legs.simulator import CallReport, PhoneCall, Ring
from voice.ports import Synthesizer

#: A call that takes longer has gone wrong.
_LONGEST_S = 900.0
_QUIET_MS = 700
#: A whole order is read, or a notice, without a pause that would make the caller answer.
_LONGEST_SPEECH_S = 180.0
_REQUEST_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CallResult:
    """What came of a call.

    Attributes:
        call, order: as the JSON API gives them; `order` is None when none was begun.
        wrong: flat name to (ordered, stored) where the two differ.
    """

    call: dict[str, Any]
    order: dict[str, Any] | None
    report: CallReport
    wrong: dict[str, tuple[object, object]] = field(default_factory=dict)


class ScriptedCaller:
    """Places one scenario's call to a running server.

    Args:
        base_url: the server's address.
        secret: what signs requests like Twilio.
        api_token: bearer of the JSON API, empty where none is needed.
        voice: the caller's own voice.
        show: told every turn of the transcript, once when it begins.
    """

    def __init__(
        self,
        *,
        base_url: str,
        secret: str,
        api_token: str,
        voice: Synthesizer,
        today: date,
        show: Callable[[dict[str, Any]], None],
    ) -> None:
        self._base_url = base_url
        self._secret = secret
        self._voice = voice
        self._today = today
        self._show = show
        self._shown = 0
        headers = {"Authorization": f"Bearer {api_token}"} if api_token else {}
        self._api = httpx.AsyncClient(
            base_url=f"{base_url}/api/v1", headers=headers, timeout=_REQUEST_S, trust_env=False
        )

    async def call(
        self, scenario: Scenario, *, call_sid: str | None = None, ring: Ring | None = None
    ) -> CallResult:
        """Speaks the scenario through and gives what the server has stored of it.

        Args:
            call_sid, ring: the call of the server's that is answered; without them the customer
                calls.

        Raises:
            ExternalError: the server cannot be reached, refuses the call, or falls silent.
        """
        phone = PhoneCall(
            base_url=self._base_url,
            secret=self._secret,
            caller=scenario.caller or "anonymous",
            called=scenario.called,
            call_sid=call_sid,
            ring=ring,
        )
        brain = SimulatedCaller(
            scenario.goal,
            behaviour=scenario.behaviour,
            lang=scenario.lang,
            rng=random.Random(scenario.seed),
            today=self._today,
            phrases=scenario.phrases,
        )
        async with self._api:
            await self._learn(scenario)
            await phone.place()
            try:
                async with asyncio.timeout(_LONGEST_S):
                    await self._talk(phone, brain, scenario.lang)
            except TimeoutError as error:
                await phone.hang_up()
                raise ExternalError("The assistant fell silent; the caller hung up.") from error
            await phone.finished()
            return await self._result(phone, scenario)

    async def _learn(self, scenario: Scenario) -> None:
        """Speaks the scenario's phrases once, so that the caller is not slow to answer."""
        for text in scenario.phrases.values():
            await self._spoken(text, scenario.lang)

    async def _talk(self, phone: PhoneCall, brain: SimulatedCaller, lang: Lang) -> None:
        answered = 0
        while not phone.ended:
            await phone.listen(quiet_ms=_QUIET_MS, timeout_s=_LONGEST_SPEECH_S)
            turns = await self._turns(phone.call_sid)
            said = [_said(turn) for turn in turns[answered:] if turn["speaker"] == "assistant"]
            answered = len(turns)
            if keys := brain.press(said):
                await phone.press(keys if len(keys) == 1 else f"{keys}#")
                continue
            reply = brain.reply(said)
            if reply is not None and not phone.ended:
                await phone.say(await self._spoken(reply, lang))

    async def _spoken(self, text: str, lang: Lang) -> bytes:
        return await asyncio.to_thread(self._voice.speak, verbalize(text, lang), lang=lang)

    async def _turns(self, call_sid: str) -> list[dict[str, Any]]:
        call = await self._get(f"/calls/{call_sid}")
        turns: list[dict[str, Any]] = call["turns"] if call else []
        for turn in turns[self._shown :]:
            self._show(turn)
        self._shown = max(self._shown, len(turns))
        return turns

    async def _result(self, phone: PhoneCall, scenario: Scenario) -> CallResult:
        await self._turns(phone.call_sid)
        call = await self._get(f"/calls/{phone.call_sid}")
        if call is None:
            raise ExternalError("The server knows nothing of the call.")
        order = await self._get(f"/orders/{call['order_id']}") if call["order_id"] else None
        stored = order["values"] if order else {}
        wrong = {
            name: (wanted, stored.get(name))
            for name, wanted in scenario.expected().items()
            if stored.get(name) != wanted
        }
        return CallResult(call=call, order=order, report=phone.report, wrong=wrong)

    async def _get(self, path: str) -> dict[str, Any] | None:
        try:
            response = await self._api.get(path)
        except httpx.HTTPError as error:
            raise ExternalError(f"The server's API does not answer: {error}.") from error
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        if response.is_error:
            raise ExternalError(f"The server's API refuses: {response.text}")
        found: dict[str, Any] = response.json()
        return found


def _said(turn: dict[str, Any]) -> Said:
    return Said(
        prompt=turn["prompt"] or "",
        text=turn["text"],
        values=values_from(turn["values"]),
        order_version=turn["order_version"],
    )
