"""How utterances written by hand are scored, typed and as the recogniser heard them."""

import json

import pytest

from benchmarks import utterances
from benchmarks.utterances import Half, Judged, figures, judged
from nlp.understand import Understander


def test_a_name_written_otherwise_is_right_by_sound_only():
    said = {"consignee.name": "章伟", "pieces": 3, "intent": "order", "polarity": None}
    found = {**said, "consignee.name": "张伟"}
    result = figures([Judged("三箱给张伟", said, found)])
    assert result["f1"] == 0.5
    assert result["by_sound"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}


def test_another_name_is_wrong_by_sound_too():
    said = {"consignee.name": "章伟", "intent": "order", "polarity": None}
    result = figures([Judged("给李伟", said, {**said, "consignee.name": "李伟"})])
    assert result["by_sound"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0}


@pytest.mark.parametrize("half", ["dev", "heldout"])
def test_every_utterance_was_heard(half: Half):
    said, heard = ([item["id"] for item in utterances._lines(n)] for n in (half, f"{half}_heard"))
    assert said == heard


def test_other_hypotheses_are_at_hand_where_the_best_is_no_answer(tmp_path, monkeypatch):
    said = {"id": 1, "lang": "zh", "text": "三吨", "expecting": "weight", "intent": "order",
            "polarity": None, "fields": {"weight_kg": 3000.0}}  # fmt: skip
    heard = {"id": 1, "hypotheses": ["散蹲", "三吨"]}
    for name, item in (("dev", said), ("dev_heard", heard)):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(item), encoding="utf-8")
    monkeypatch.setattr(utterances, "_DIRECTORY", tmp_path)
    understander = Understander()
    (alone,) = judged(understander, "dev", "heard", seed=1)
    (together,) = judged(understander, "dev", "heard_all", seed=1)
    assert (alone.text, together.text) == ("散蹲", "散蹲")
    assert "weight_kg" in alone.wrong
    assert not together.wrong
