"""What sounds alike, one by one and many at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.nearest import NearestPhrase, Phrase
from nlp.phonetics import SoundIndex, blurred, cost, distance
from nlp.readings import all_syllables, syllables

SYLLABLES = st.sampled_from(sorted(all_syllables()))
KNOWN = ("收货地址", "提货时间", "乌鲁木齐", "石家庄", "深圳", "浦东新区", "联系电话号码")


@given(st.lists(SYLLABLES, min_size=1, max_size=40, unique=True), SYLLABLES | st.just("a1"))
def test_costs_counted_at_once_are_those_counted_one_by_one(known, heard):
    found = NearestPhrase(Phrase((one,), one) for one in known).find((heard,), 2.0)
    least = min(cost(heard, one) for one in known)
    assert found is not None
    assert found[1] == pytest.approx(least)
    assert cost(heard, found[0]) == pytest.approx(least)


@given(st.sampled_from(KNOWN), st.integers(0, 5), SYLLABLES, st.lists(SYLLABLES, max_size=3))
def test_a_phrase_with_one_wrong_syllable_is_found_wherever_it_is_wrong(
    phrase, place, wrong, before
):
    index = SoundIndex((name, name) for name in KNOWN)
    said = list(syllables(phrase))
    if len(said) >= 4:
        said[place % len(said)] = wrong
    limit = distance(said, syllables(phrase))
    matches = index.at([*before, *said, "de"], len(before), limit)
    assert phrase in {match.entry for match in matches}


@given(st.lists(SYLLABLES, max_size=9))
def test_nothing_is_found_that_has_two_wrong_syllables(said):
    index = SoundIndex((name, name) for name in KNOWN)
    for match in index.at(said, 0, 1.0):
        heard = [blurred(s) for s in said[: match.end]]
        known = [blurred(s) for s in syllables(match.entry)]
        assert sum(a != b for a, b in zip(heard, known, strict=True)) <= (len(known) >= 4)


def test_an_index_of_two_syllables_with_one_wrong_is_refused():
    with pytest.raises(ValueError, match="two syllables"):
        SoundIndex((), loose_from=2)
