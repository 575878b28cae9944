"""The wording of everything the assistant says: one YAML file a language, checked on loading.

A file maps `KEY@VERSION` to the wording's variants; placeholders are `{name}`. Raise the
version whenever the words change, so that a transcript tells what was really said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from string import Formatter
from typing import get_args

import yaml

from models.call import Lang
from models.errors import RuleError


class BadWording(RuleError):
    """A wording file breaks a rule; the message names the key and what to do."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One prompt's variants in one language."""

    version: int
    variants: tuple[str, ...]

    def placeholders(self) -> frozenset[str]:
        """The names that every variant fills in."""
        return _placeholders(self.variants[0])


@dataclass(frozen=True, slots=True)
class Prompts:
    """All wordings by language and key. Build it with `load` or `parse`."""

    wordings: Mapping[Lang, Mapping[str, Wording]]

    @classmethod
    def load(cls) -> Prompts:
        """The wordings that come with the product."""
        folder = files(__name__)
        return cls.parse(
            {lang: (folder / f"{lang}.yaml").read_text("utf-8") for lang in get_args(Lang)}
        )

    @classmethod
    def parse(cls, sources: Mapping[Lang, str]) -> Prompts:
        """The wordings in YAML texts by language.

        Raises:
            BadWording: a key without a version, an empty prompt, a key that a language lacks,
                or variants that do not fill in the same names.
        """
        prompts = cls({lang: _wordings(text) for lang, text in sources.items()})
        prompts._compare()
        return prompts

    def knows(self, key: str) -> bool:
        """Whether there is such a prompt."""
        return all(key in known for known in self.wordings.values())

    def render(
        self, key: str, *, lang: Lang, nth: int = 0, args: Mapping[str, str]
    ) -> tuple[str, str]:
        """The text and its `KEY@VERSION`.

        Args:
            nth: how often this prompt was said before; the variants take turns by it.
        """
        wording = self.wordings[lang][key]
        variant = wording.variants[nth % len(wording.variants)]
        return variant.format(**args), f"{key}@{wording.version}"

    def _compare(self) -> None:
        every = {key for known in self.wordings.values() for key in known}
        for lang, known in self.wordings.items():
            if lacking := sorted(every - known.keys()):
                raise BadWording(f"{lang}.yaml lacks {', '.join(lacking)}; add the wording.")
        for key in sorted(every):
            names = {known[key].placeholders() for known in self.wordings.values()}
            if len(names) > 1:
                raise BadWording(f"{key}: the languages fill in different names; make them equal.")


def _placeholders(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def _wordings(text: str) -> Mapping[str, Wording]:
    raw = yaml.safe_load(text)
    if not isinstance(raw, dict):
        raise BadWording("A wording file maps KEY@VERSION to text; this one does not.")
    return dict(_wording(str(key), value) for key, value in raw.items())


def _wording(name: str, value: object) -> tuple[str, Wording]:
    key, _, version = name.rpartition("@")
    if not key or not version.isdigit():
        raise BadWording(f"{name}: write it as KEY@VERSION, such as greeting@1.")
    variants = tuple(map(str, value)) if isinstance(value, list) else (str(value or ""),)
    if not variants or not all(text.strip() for text in variants):
        raise BadWording(f"{name}: give it at least one wording, and no empty one.")
    if len({_placeholders(text) for text in variants}) > 1:
        raise BadWording(f"{name}: all variants must fill in the same names.")
    return key, Wording(int(version), variants)
