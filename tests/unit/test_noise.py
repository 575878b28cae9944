"""The noise model: repeatable, bounded, and near in sound."""

from __future__ import annotations

import random

from pypinyin import lazy_pinyin

from nlp.simulation.noise import damage

SENTENCE = "请把这批锂电池送到上海市浦东新区张江路收货人是王先生谢谢"


def test_the_same_seed_gives_the_same_damage() -> None:
    assert damage(SENTENCE, "zh", random.Random(3)) == damage(SENTENCE, "zh", random.Random(3))


def test_no_rate_means_no_damage() -> None:
    assert damage(SENTENCE, "zh", random.Random(1), rate=0) == SENTENCE
    assert damage("pick up two pallets", "en", random.Random(1), rate=0) == "pick up two pallets"


def test_about_a_fifth_of_mandarin_characters_change() -> None:
    rng = random.Random(5)
    text = "请把货物送到仓库门口" * 200
    heard = damage(text, "zh", rng)
    lost = len(text) - len(heard)
    assert 0.01 * len(text) < lost < 0.06 * len(text)


def test_replacements_sound_alike() -> None:
    heard = damage("上海", "zh", random.Random(2), rate=1.0)
    assert all(sound[0] in "shfwr" for sound in lazy_pinyin(heard))


def test_english_keeps_digits_and_loses_little() -> None:
    text = "please collect 14 drums from the warehouse in Shanghai tomorrow morning " * 40
    heard = damage(text, "en", random.Random(4))
    assert heard.count("14") == 40
    assert 0.85 * len(text.split()) < len(heard.split()) <= len(text.split())
