"""Answers in any words, where the question allows them (pure)."""

from __future__ import annotations

import re
from dataclasses import replace

from models.call import Lang
from nlp import answers
from nlp.assign import Assigned
from nlp.components.scene import Scene
from nlp.meaning import HeardField

_FREE_TEXT = {
    "remarks": "remarks",
    "goods": "goods",
    "customer": "customer.name",
    "customer.name": "customer.name",
}


def with_free_text(scene: Scene, assigned: Assigned) -> Assigned:
    """An answer in any words, where the question allows it."""
    name = _FREE_TEXT.get(scene.slot)
    text = scene.text
    if name is None or assigned.fields or answers.wish(text, scene.expectation.lang):
        return assigned
    if answers.intent(text, scene.expectation.lang) or _is_mere_answer(
        text, scene.expectation.lang
    ):
        return assigned
    if name == "remarks":
        body = text
    else:
        body = re.sub(
            r"^(?:嗯，?|我们?(?:公司)?(?:是|叫)|就?是(?:一些|一批)?|公司(?:名称)?(?:是|叫)|叫|it's |it is |we are |this is |some |the |they are )+|(?:的|吧|啊|呢)$",
            "",
            text,
        )
    limit = 60 if name == "remarks" else 24
    if not 1 < len(body) <= limit:
        return assigned
    if name == "customer.name" and scene.expectation.lang == "en":
        body = " ".join(word[:1].upper() + word[1:] for word in body.split())
    heard = HeardField(name=name, value=body, heard=text, confidence=0.7)
    return replace(assigned, fields={**assigned.fields, name: heard})


def _is_mere_answer(text: str, lang: Lang) -> bool:
    return len(text) <= 6 and answers.polarity(text, lang) is not None
