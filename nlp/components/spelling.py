"""Characters spelled the way callers do: by a word (江河的江) or by their parts (弓长张)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from nlp.components.scene import Entity, Scene
from nlp.phonetics import blurred, distance, syllables

_BY_WORD = re.compile(r"(?P<word>[\u4e00-\u9fff]{2,4})[的得德](?P<one>[\u4e00-\u9fff])")
#: 三个石头的磊.
_BY_MANY = re.compile(
    r"[两三四](?:个)?(?:石头?|口|水|木|土|金|日|人|火|又|牛|马|直|羊|鱼|车|心)字?的?(?P<one>[磊品淼森垚鑫晶众焱双犇骉矗羴鱻轰昌林炎圭吕])"
)
#: How people name the parts of common surnames.
_BY_PARTS = (
    "弓长张 立早章 木子李 双木林 耳东陈 古月胡 口天吴 人可何 双人徐 言午许 言身谢 草头黄 三横王 文刀刘 "
    "走肖赵 干勾于 美女姜 禾呈程 木土杜 关耳郑 双口吕 水工江 草肃萧 日月明 日京景 "
    "木易杨 四维罗 竹间简 立里童 西早覃"
).split()

#: 长 has two readings, and a recogniser may take 工厂 for 弓长.
_NEAR = 0.15
#: Characters are spelled by a word of so many.
_WORD = 2


def find_zh(scene: Scene) -> Iterator[Entity]:
    """Words that only spell a character, so that nothing else is read into them (早晨的晨)."""
    for match in _BY_MANY.finditer(scene.text):
        yield Entity("spelling", *match.span(), match["one"])
    for match in _BY_WORD.finditer(scene.text):
        for start in range(match.start("word"), match.end("word") - 1):
            word = scene.text[start : match.end("word")]
            if scene.text[max(0, start - 1) : start + 2] in _BY_PARTS:
                continue
            if match["one"] in word and len(word) == _WORD:
                yield Entity("spelling", start, match.end(), match["one"])


def spelled(text: str) -> str:
    """The characters spelled in `text`, in their order; empty when none is."""
    found = {m.start(): c for m in _BY_WORD.finditer(text) if (c := _of_word(m["word"], m["one"]))}
    taken = {i for m in _BY_WORD.finditer(text) for i in range(m.start(), m.end())}
    for start in range(len(text) - 2):
        part = None if taken & {start, start + 2} else _of_parts(text[start : start + 3])
        if part:
            found[start] = part
    return "".join(found[start] for start in sorted(found))


def _of_word(word: str, one: str) -> str | None:
    """The character of the word that sounds like `one`; the same one before a mere homophone."""
    if one in word:
        return one
    sound = blurred(syllables(one)[0])
    return next(
        (c for c, s in zip(word, syllables(word), strict=True) if blurred(s) == sound), None
    )


def _of_parts(said: str) -> str | None:
    sounds = syllables(said)
    near = ((distance(sounds, known), own) for own, known in _parts().get(sounds[-1], ()))
    apart, character = min(near, default=(1.0, ""))
    return character if apart <= _NEAR else None


@lru_cache(maxsize=1)
def _parts() -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Surnames by their sound, each with the sounds of its parts and itself."""
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    for parts in _BY_PARTS:
        found[syllables(parts[-1])[0]].append((parts[-1], syllables(parts)))
    return found
