"""spaCy without its command line.

`import spacy` also brings its command line (typer, httpx, weasel, rich), which takes a third of
its time and is never called here. Whoever asks for `spacy.cli` later gets the real one.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

_COMMAND_LINE = ("spacy.cli", "spacy.cli.info")


def _info(*args: object, **kwargs: object) -> object:
    return importlib.import_module("spacy.cli.info").info(*args, **kwargs)


@contextmanager
def without_command_line() -> Iterator[None]:
    """While it lasts, `import spacy` finds an empty command line in place of its own."""
    absent = [name for name in _COMMAND_LINE if name not in sys.modules]
    for name in absent:
        sys.modules[name] = ModuleType(name)
        sys.modules[name].__dict__.update(__path__=[], info=_info)
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


with without_command_line():
    import spacy
    from spacy.language import Language
    from spacy.tokens import Doc, Span

blank = spacy.blank

__all__ = ["Doc", "Language", "Span", "blank"]
