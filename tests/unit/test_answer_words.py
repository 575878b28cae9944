"""The file of answers: what each section needs to be read."""

import re

import pytest

from models.call import Lang
from nlp import answers
from nlp.meaning import Wish

LANGS: list[Lang] = ["zh", "en"]


def test_both_languages_know_the_same_answers() -> None:
    zh, en = (set(answers._sections(lang)) for lang in LANGS)
    assert en - zh == {"takes_back"}
    assert not zh - en


@pytest.mark.parametrize("lang", LANGS)
def test_every_wish_has_its_words(lang: Lang) -> None:
    assert {wish for wish, _ in answers._words(lang).wishes} == set(Wish)


@pytest.mark.parametrize("lang", LANGS)
def test_every_line_is_a_pattern_of_its_own(lang: Lang) -> None:
    for kind, lines in answers._sections(lang).items():
        for line in lines:
            assert line == line.strip(), (kind, line)
            assert not re.compile(line).fullmatch(""), (kind, line)
