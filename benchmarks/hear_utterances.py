"""Lets callers speak the written utterances, and writes down what the recogniser heard.

`python -m benchmarks.hear_utterances` writes `utterances/dev_heard.jsonl` and
`utterances/heldout_heard.jsonl`: by utterance the hypotheses of Whisper base, best first, for
seeded synthetic voices over a noisy 8 kHz line, with the hint of the question that was asked. They
are kept, since a run takes half an hour and understanding is measured on them often.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from api.config import Settings
from benchmarks.callers import VOICES, Cast, on_the_line
from models.call import Lang
from nlp.meaning import Expectation
from voice.catalog import Catalog
from voice.ports import Recognizer
from voice.recognizers.whisper import WhisperRecognizer

_DIRECTORY = Path(__file__).with_name("utterances")
_NOW = datetime(2026, 11, 24, 10, 0)


def heard(half: str, seed: int, settings: Settings) -> Iterator[dict[str, object]]:
    """Each utterance of a half as `{"id", "hypotheses"}`."""
    catalog = Catalog(settings.home_dir)
    recognizer = WhisperRecognizer(catalog.path("whisper-base"))
    cast = Cast(catalog.path("kokoro-82m-int8"), settings.home_dir / "benchmark")
    for line in (_DIRECTORY / f"{half}.jsonl").read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        chance = random.Random(f"{seed}:{item['id']}")
        lang: Lang = item["lang"]
        rate = chance.uniform(0.9, 1.15)
        spoken = cast.speak(chance.choice(VOICES[lang]), item["text"], lang, rate=rate)
        asked = Expectation(slot=item.get("expecting"), lang=lang, now=_NOW)
        yield {
            "id": item["id"],
            "hypotheses": _hypotheses(recognizer, on_the_line(spoken, chance), asked),
        }


def _hypotheses(recognizer: Recognizer, pcm: bytes, asked: Expectation) -> list[str]:
    stream = recognizer.open(asked)
    stream.feed(pcm)
    return [hypothesis.text for hypothesis in stream.finish()]


def main() -> None:
    """Writes both halves."""
    settings = Settings()
    for half in sys.argv[1:] or ("dev", "heldout"):
        with (_DIRECTORY / f"{half}_heard.jsonl").open("w", encoding="utf-8") as out:
            for answer in heard(half, 1, settings):
                out.write(json.dumps(answer, ensure_ascii=False) + "\n")
                out.flush()


if __name__ == "__main__":
    main()
