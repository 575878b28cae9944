"""One utterance under examination: its text, what is expected, and what was found so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from nlp.meaning import Expectation
from nlp.phonetics import syllables
from nlp.spacy_core import Doc, Span

_KEY = "scene"
GROUP = "entities"


@dataclass(frozen=True, slots=True)
class Entity:
    """Something found in the text, at characters `start` to `end`.

    Attributes:
        kind: `place`, `phone`, `weight`, … : the label of the span in the spaCy Doc.
        value: its meaning; the component that finds the kind says of what type.
        confidence: 0 to 1.
        repaired: found by its sound.
    """

    kind: str
    start: int
    end: int
    value: object
    confidence: float = 1.0
    repaired: bool = False


class Scene:
    """The text, the expectation and the entities; one for each utterance."""

    def __init__(self, text: str, expectation: Expectation) -> None:
        self.text = text
        self.expectation = expectation
        self.entities: list[Entity] = []
        self._taken = bytearray(len(text))

    @cached_property
    def sounds(self) -> tuple[str, ...]:
        """One toneless syllable a character."""
        return syllables(self.text)

    @property
    def slot(self) -> str:
        """The slot asked for, or an empty text."""
        return self.expectation.slot or ""

    def free(self, start: int, end: int) -> bool:
        """Whether nothing was found at these characters yet."""
        return not any(self._taken[start:end])

    def add(self, entity: Entity) -> None:
        """Keeps an entity; its characters are explained from now on."""
        self.entities.append(entity)
        self._taken[entity.start : entity.end] = b"\1" * (entity.end - entity.start)

    def drop(self, entity: Entity) -> None:
        """Takes an entity back; its characters may be explained anew."""
        self.entities.remove(entity)
        self._taken[entity.start : entity.end] = bytes(entity.end - entity.start)


Find = Callable[[Scene], Iterator[Entity]]


class Finder:
    """A spaCy component that adds what one function finds, as entities and as spans."""

    def __init__(self, find: Find) -> None:
        self._find = find

    def __call__(self, doc: Doc) -> Doc:
        scene = of(doc)
        if GROUP not in doc.spans:
            doc.spans[GROUP] = []
        spans = doc.spans[GROUP]
        for entity in self._find(scene):
            if not scene.free(entity.start, entity.end):
                continue
            scene.add(entity)
            span = doc.char_span(
                entity.start, entity.end, label=entity.kind, alignment_mode="expand"
            )
            if isinstance(span, Span):
                spans.append(span)
        return doc


def attach(doc: Doc, scene: Scene) -> Doc:
    """The Doc with its scene, ready for the pipeline."""
    doc.user_data[_KEY] = scene
    return doc


def of(doc: Doc) -> Scene:
    """The Doc's scene."""
    scene: Scene = doc.user_data[_KEY]
    return scene
