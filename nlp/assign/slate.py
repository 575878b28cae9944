"""The fields while they are being filled, and what was said last of whom (pure)."""

from __future__ import annotations

from models.errors import RuleError
from models.fields import DangerousGood, Value, check
from nlp.components.scene import Entity, Scene
from nlp.meaning import Ambiguity, HeardField

_PARTIES = ("consignor", "consignee", "contact")


def slot_of(scene: Scene) -> str:
    """What a bare value is of: the slot asked for, or the one value that was read to check it."""
    read = scene.expectation.readback
    if scene.slot == "confirm" and len(read) == 1 and read[0].endswith(".detail"):
        return read[0]
    return "" if scene.slot in {"open", "confirm", "yes_no", "more"} else scene.slot


def party_of(slot: str) -> str:
    """The party that a slot is about, or an empty text."""
    head = slot.split(".", maxsplit=1)[0]
    return head if head in _PARTIES else "contact" if slot == "mobile" else ""


class Slate:
    """What the entities say of the order so far.

    Attributes:
        corrects: the utterance corrects a value that is known.
        slot, party: what is being talked about; a cue word changes it.
        party_said: the party was named, not only asked for.
        dangers, asks: dangerous goods, and goods that may hide some.
    """

    def __init__(self, scene: Scene, *, corrects: bool) -> None:
        self.scene = scene
        self.corrects = corrects
        self.known = scene.expectation.known
        self.slot = slot_of(scene)
        self.party = party_of(self.slot)
        self.party_said = False
        self.fields: dict[str, HeardField] = {}
        self.ambiguities: list[Ambiguity] = []
        self.asks: list[str] = []
        self.dangers: list[DangerousGood] = []

    def set(self, name: str, value: Value, entity: Entity | HeardField | None) -> None:
        """Fills a field; a value that breaks its rule is left out."""
        try:
            value = check(name, value)
        except RuleError:
            return
        heard, confidence, repaired = self.scene.text, 1.0, False
        if isinstance(entity, Entity):
            heard = self.scene.text[entity.start : entity.end]
        elif entity is not None:
            heard = entity.heard
        if entity is not None:
            confidence, repaired = entity.confidence, entity.repaired
        corrects = self.corrects and name in self.known and self.known[name] != value
        self.fields[name] = HeardField(
            name=name, value=value, heard=heard, confidence=confidence, repaired=repaired,
            corrects=corrects,
        )  # fmt: skip

    def cue(self, entity: Entity) -> None:
        """A word that names a field."""
        slot = str(entity.value)
        if slot == "phone":
            return
        self.slot = slot
        if party_of(slot):
            self.party, self.party_said = party_of(slot), True
