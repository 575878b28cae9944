"""The notice's text as an admin types it, and back (pure): lists are one entry a line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from models.errors import RuleError
from models.fields import Mode

_PARTS = re.compile(r"\s*[|｜]\s*")
_CLASS_PARTS = 3
_CLASSES = tuple(str(number) for number in range(1, 10))
_MODES = tuple(mode.value for mode in Mode)
_SOURCES = ("all", *_MODES)
#: The longest that a field may be, characters; a notice is read on a phone.
_LONGEST = 4000


class UnfitNotice(RuleError):
    """The notice cannot be signed; the message tells why."""


def typed(text: Mapping[str, Any]) -> dict[str, str]:
    """What a form shows; `read` takes it back."""
    rules = {f"rules.{mode}": text["rules"][mode] for mode in _MODES}
    consents = {f"consents.{key}": sentence for key, sentence in text["consents"].items()}
    sources = {f"sources.{of}": "\n".join(text["sources"].get(of, ())) for of in _SOURCES}
    return {
        "title": text["title"],
        "intro": text["intro"],
        **rules,
        "classes": "\n".join(
            f"{entry['number']} | {entry['name']} | {entry['examples']}"
            for entry in text["classes"]
        ),
        "declaration": "\n".join(text["declaration"]),
        **consents,
        **sources,
    }


def read(form: Mapping[str, str], before: Mapping[str, Any], label: str) -> dict[str, Any]:
    """The text that a form describes.

    Args:
        before: the text in force; consents keep its keys, and a mode whose notice reads the
            same keeps its version, and so its hash.
        label: the new version, for the modes whose notice changes.

    Raises:
        UnfitNotice: a part is empty or too long, or one of the nine classes is missing.
    """
    text: dict[str, Any] = {
        "version": label,
        "title": _required(form, "title"),
        "intro": _required(form, "intro"),
        "rules": {mode: _required(form, f"rules.{mode}") for mode in _MODES},
        "classes": [_hazard(line) for line in _lines(_required(form, "classes"))],
        "declaration": _lines(_required(form, "declaration")),
        "consents": {key: _required(form, f"consents.{key}") for key in before["consents"]},
        "sources": {of: _lines(form.get(f"sources.{of}", "")) for of in _SOURCES},
    }
    if tuple(entry["number"] for entry in text["classes"]) != _CLASSES:
        raise UnfitNotice("The notice names each of the nine classes once, in their order.")
    if any(len(value) > _LONGEST for value in form.values()):
        raise UnfitNotice("A part of the notice is too long: 4000 characters at most.")
    versions = before.get("versions", {})
    text["versions"] = {
        mode: versions.get(mode, before["version"])
        if _of_mode(text, mode) == _of_mode(before, mode)
        else label
        for mode in _MODES
    }
    return text


def _of_mode(text: Mapping[str, Any], mode: str) -> tuple[Any, ...]:
    """All that the notice of a mode says."""
    sources = (*text["sources"].get("all", ()), *text["sources"].get(mode, ()))
    shared = (typed(text)[name] for name in ("title", "intro", "classes", "declaration"))
    return (*shared, text["rules"][mode], tuple(sorted(text["consents"].items())), sources)


def _required(form: Mapping[str, str], name: str) -> str:
    value = "\n".join(line.strip() for line in form.get(name, "").splitlines()).strip()
    if not value:
        raise UnfitNotice("No part of the notice may be empty.")
    return value


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _hazard(line: str) -> dict[str, str]:
    parts = _PARTS.split(line, maxsplit=_CLASS_PARTS - 1)
    if len(parts) != _CLASS_PARTS or not all(parts):
        raise UnfitNotice("A class is written as: number | name | examples.")
    return dict(zip(("number", "name", "examples"), parts, strict=True))
