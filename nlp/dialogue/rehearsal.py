"""A past call's events under another wording: what would have gone differently (pure).

The caller's words stay those of the past call, so that the comparison tells what the assistant
would have said and done up to there, not what the caller would have answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import zip_longest

from models.call import Lang
from nlp.dialogue.actions import Action, Say
from nlp.dialogue.events import CallBegan, Event
from nlp.dialogue.policy import Dialogue
from nlp.dialogue.prompts import Prompts, Wording
from nlp.dialogue.settings import DialogueSettings
from nlp.dialogue.states import RefusedEvent
from nlp.verbalize import verbalize

#: Chinese characters and English letters that the assistant says in a second, measured with the
#: product's own voice on a dozen of its sentences in each language.
PACE: Mapping[Lang, float] = {"zh": 4.2, "en": 16.0}


@dataclass(frozen=True, slots=True)
class Run:
    """A call's actions, and the place of the event that was refused, if one was."""

    actions: tuple[Action, ...]
    stopped: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Something said that would have been said differently; None where one side says nothing."""

    old: Say | None
    new: Say | None

    @property
    def seconds(self) -> float:
        """By how much the new words are longer, estimated."""
        return _seconds(self.new) - _seconds(self.old)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two runs of one call.

    Attributes:
        said: in the order of the call.
        steps: actions other than speaking that only one side takes, or takes with other values.
        stopped: the events could not be replayed to their end, on one side or both.
    """

    said: tuple[Change, ...]
    steps: tuple[str, ...]
    stopped: bool

    @property
    def seconds(self) -> float:
        """By how much the call's prompts are longer, estimated."""
        return sum(change.seconds for change in self.said)


def with_wording(prompts: Prompts, lang: Lang, key: str, wording: Wording) -> Prompts:
    """The prompts with one of them worded differently."""
    changed = {**prompts.wordings[lang], key: wording}
    return replace(prompts, wordings={**prompts.wordings, lang: changed})


def run(events: Iterable[Event], *, settings: DialogueSettings, prompts: Prompts) -> Run:
    """What the dialogue makes of a call's events, up to the first that it refuses.

    A call whose line broke begins anew with its second `CallBegan`.
    """
    dialogue = Dialogue(settings=settings, prompts=prompts)
    actions: list[Action] = []
    for place, event in enumerate(events):
        if isinstance(event, CallBegan) and place:
            dialogue = Dialogue(settings=settings, prompts=prompts)
        try:
            actions.extend(dialogue.handle(event))
        except RefusedEvent:
            return Run(tuple(actions), place)
    return Run(tuple(actions))


def compare(before: Run, after: Run) -> Comparison:
    """What differs between two runs of the same events."""
    said: list[Change] = []
    steps: list[str] = []
    for old, new in _paired(before.actions, after.actions):
        if _says(old) and _says(new):
            said.extend(_reworded(old, new))
        elif old != new:
            steps.extend(action.type for action in (new or old,) if action is not None)
    stopped = before.stopped is not None or after.stopped is not None
    return Comparison(tuple(said), tuple(steps), stopped)


def _reworded(old: Action | None, new: Action | None) -> tuple[Change, ...]:
    before = old if isinstance(old, Say) else None
    after = new if isinstance(new, Say) else None
    same = before is not None and after is not None and before.text == after.text
    return () if same else (Change(before, after),)


def _says(action: Action | None) -> bool:
    """Whether it is speaking, or nothing at all."""
    return action is None or isinstance(action, Say)


def _paired(
    before: Sequence[Action], after: Sequence[Action]
) -> Iterator[tuple[Action | None, Action | None]]:
    """The actions of both sides that stand for each other, else with None."""
    one, other = [list(map(_kind, actions)) for actions in (before, after)]
    if one == other:
        yield from zip(before, after, strict=True)
        return
    for _, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        yield from zip_longest(before[a:b], after[c:d])


def _kind(action: Action) -> str:
    key = action.prompt.partition("@")[0] if isinstance(action, Say) else ""
    return f"{action.type}:{key}"


def _seconds(say: Say | None) -> float:
    if say is None:
        return 0.0
    letters = sum(character.isalnum() for character in verbalize(say.text, say.lang))
    return letters / PACE[say.lang] / say.rate
