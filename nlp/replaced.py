"""What a caller takes back within one utterance: "forty drums, no, fourteen", "not A but B"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from nlp.components.quantities import Quantity
from nlp.components.scene import Entity, Scene
from nlp.normalize.dates import Moment

_RESTART = re.compile(
    r"[，]?(?:哦|噢|啊|呃|哎)?[，]?"
    r"(?:不对不对|不是不是|不不不|不不|不对|不是(?=[，是])|说错了?|讲错了?|口误|错了|更正一?下?|应该是|我是说|哦不|噢不|啊不|不(?=[，\d一二三四五六七八九十两百]))"
    r"[，]?(?:不对|不是|是|应该是|应该|我是说|我说错了|说错了|是说|改成)*[，]?"
    r"|[, ]*\b(?:(?:oh |uh )?(?:no|wait|sorry|actually|correction|i mean|i meant|make that|make it|scratch that|"
    r"rather|or rather|pardon|excuse me|that's wrong|my mistake|i'm sorry|should be|it's)[, ]*)+\b"
)
#: Between the old value and the restart; between the restart and the new value.
_BEFORE = re.compile(r"(?:[，, 的了吧啊呃哦]|左右|过来|提货?|取货?|来拉货?){0,4}")
_AFTER = re.compile(
    r"[，, ]*(?:就是|是|从|由|到|发到|发往|送到|运到|寄到|在|要|发|给|一共|共|总共|叫|姓|走|用|改成|收货人|发货人|联系人|每[箱件托桶袋]?|"
    r"to|from|in|at|the|a|an|it's|it is|is|by|on|for|we need|going to|there are)?[，, ]*"
)
_DENIES = re.compile(
    r"(?:(?:^|，)不|而不是|并不是|不是|并非|而非|不走|不要|不用|不发|不去|不到|不送|不在|不叫|不姓|别走|别用|取代|代替|替换)(?:说|从|在|到|走|用|发|发到|送到|叫|是|按|做|要|个|什么)?$"
    r"|\b(?:not|isn't|wasn't|instead of|rather than|no longer|don't (?:use|want|do|ship|send)|won't be|replacing)(?: (?:to|from|in|by|on|at|for|the|a|an|via|with|be|use|in to))*\s*$"
)
#: "Phone cases, no batteries" takes nothing back.
_WITHOUT = re.compile(r"\bno $")
_NUMERIC = frozenset({"number", "weight", "volume", "pieces", "money"})
_KNOWN_NUMBERS = (
    ("weight_kg", "weight"),
    ("pieces", "pieces"),
    ("volume_m3", "volume"),
    ("declared_value_cny", "declared_value"),
)


def restarts(scene: Scene) -> list[tuple[int, int]]:
    """Spans of the text that the caller said again at once: the old value and the "no"."""
    entities = sorted((e for e in scene.entities if e.kind != "cue"), key=lambda e: e.start)
    spans = []
    for match in _RESTART.finditer(scene.text):
        old, new = _around(scene, entities, *match.span())
        if new and new.kind == "goods" and _WITHOUT.search(scene.text, 0, new.start):
            continue
        if old and new and _alike(old, new):
            if old.kind == "moment":
                _move(scene, old, new)
            else:
                spans.append((old.start, match.end()))
    return spans


def without(text: str, spans: Sequence[tuple[int, int]]) -> tuple[str, list[int]]:
    """The text without the spans, and where each of its characters stood before."""
    kept = [i for i in range(len(text)) if not any(a <= i < b for a, b in spans)]
    return "".join(text[i] for i in kept), kept


def drop_denied(scene: Scene) -> bool:
    """Drops values that are said to be wrong where the right one is said too."""
    values = [e for e in scene.entities if e.kind != "cue"]
    denied = [e for e in values if _DENIES.search(scene.text[max(0, e.start - 24) : e.start])]
    dropped = False
    for old in denied:
        rivals = [e for e in values if e not in denied and _rival(old, e)]
        if rivals:
            scene.entities.remove(old)
            _name_slot(scene, old, min(rivals, key=lambda e: abs(e.start - old.start)))
            dropped = True
    return dropped


def _around(
    scene: Scene, entities: Sequence[Entity], start: int, end: int
) -> tuple[Entity | None, Entity | None]:
    """The entities right before and right after a restart."""
    before = [e for e in entities if e.end <= start]
    after = [e for e in entities if e.start >= end]
    old = before[-1] if before and _BEFORE.fullmatch(scene.text, before[-1].end, start) else None
    new = after[0] if after and _AFTER.fullmatch(scene.text, end, after[0].start) else None
    return old, new


def _alike(old: Entity, new: Entity) -> bool:
    """Whether the new value can stand in the old one's place."""
    if old.kind == new.kind:
        return old.kind != "choice" or _field(old) == _field(new)
    return {old.kind, new.kind} <= _NUMERIC and "number" in {old.kind, new.kind}


def _rival(old: Entity, new: Entity) -> bool:
    return _alike(old, new) or {old.kind, new.kind} <= {"person", "company"}


def _field(entity: Entity) -> object:
    return entity.value[0] if isinstance(entity.value, tuple) else None


def _move(scene: Scene, old: Entity, new: Entity) -> None:
    """The new moment in the old one's place, with the clock or the day that it does not say."""
    if not (isinstance(old.value, Moment) and isinstance(new.value, Moment)):
        return
    moment = new.value
    if moment.implied:
        moment = replace(moment, day=old.value.day, implied=old.value.implied)
    elif moment.start is None and moment.end is None:
        moment = replace(moment, start=old.value.start, end=old.value.end, part=old.value.part)
    scene.entities.remove(old)
    scene.entities.remove(new)
    scene.entities.append(replace(new, start=old.start, value=moment))


def _name_slot(scene: Scene, old: Entity, new: Entity) -> None:
    """A lone new number is of the field whose known value was denied."""
    if new.kind != "number" or not isinstance(old.value, Quantity):
        return
    slots = [old.kind] if old.kind in {"weight", "volume", "pieces"} else list(_known(scene, old))
    if slots:
        scene.entities.append(Entity("cue", new.start, new.start, slots[0]))


def _known(scene: Scene, old: Entity) -> Iterator[str]:
    amount = old.value.amount if isinstance(old.value, Quantity) else None
    for name, slot in _KNOWN_NUMBERS:
        if scene.expectation.known.get(name) == amount:
            yield slot
