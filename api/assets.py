"""Scripts that a package lock brings at set-up, given to the pages from our own address."""

from __future__ import annotations

from pathlib import Path

from models.errors import ExternalError

_FOLDER = Path(__file__).parent.parent / "node_modules"


def asset(path: str) -> Path:
    """A file of an installed package, such as `signature_pad/dist/signature_pad.umd.min.js`.

    Raises:
        ExternalError: the packages are not installed.
    """
    file = _FOLDER / path
    if not file.is_file():
        raise ExternalError("The pages' scripts are not installed. Run: npm ci")
    return file
