"""When a field of a mail or a fax is to be looked at beside its page (pure)."""

from __future__ import annotations

#: Of 100 values above it that were read from worn faxes of unknown layouts, 82 were right; of those
#: below, 70 (docs/figures/fax.md).
SURE = 0.8


def is_sure(confidence: float) -> bool:
    """Whether a field's confidence is such that most of its like are right."""
    return confidence >= SURE
