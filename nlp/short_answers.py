"""A short yes or no in Mandarin that was written as other words of the same sound."""

from __future__ import annotations

from functools import lru_cache

from nlp.meaning import Polarity
from nlp.phonetics import blurred, syllables

_YES = (
    "对 对的 对啊 对吧 对对 对对对 是 是的 是啊 是是 就是 好 好的 好啊 好吧 好嘞 行 行的 行啊 行吧 可以 可以的 可以啊 没错 没有错 "
    "没问题 没有问题 正确 确认 有 有的 有啊 要 要的 需要 需要的 必须的 那必须 那必须的 得嘞 没毛病 没有毛病 同意 嗯 嗯对 嗯是的 确定 当然 推的"
).split()
_NO = (
    "不 不乐 不是 不是的 不是啊 不对 不对的 不对啊 不行 不可以 不要 不要了 不用 不用了 不需要 不需要了 没有 没有的 没有啊 没 没了 不了 "
    "不好 错 错了 不正确 不要谢谢 不用谢谢 不需要谢谢 否 否的 无是 无是的 不带 不含 都没有 没带 不同意 不确认"
).split()


_APART = str.maketrans("", "", "，？ ")


def by_sound(text: str) -> Polarity | None:
    """The answer that the whole text sounds like; None where it sounds like none, or like both."""
    said = text.translate(_APART)
    half = len(said) // 2
    twice = half > 1 and said[:half] == said[half:]
    return _answers().get(_sound(said[:half] if twice else said))


def _sound(text: str) -> tuple[str, ...]:
    return tuple(map(blurred, syllables(text)))


@lru_cache(maxsize=1)
def _answers() -> dict[tuple[str, ...], Polarity]:
    yes: dict[tuple[str, ...], Polarity] = {_sound(said): "yes" for said in _YES}
    no: dict[tuple[str, ...], Polarity] = {_sound(said): "no" for said in _NO}
    both = yes.keys() & no.keys()
    return {sound: said for sound, said in (yes | no).items() if sound not in both}
