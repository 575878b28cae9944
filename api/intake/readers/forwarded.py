"""HTML bodies that pass another mail on: what they quote is what is to be read."""

from __future__ import annotations

from api.intake.readers.html import read_forwarded as read

__all__ = ["read"]
