"""What the proofs of an e-mail's sender are worth (pure)."""

from __future__ import annotations

from collections.abc import Mapping


def doubtful(checks: Mapping[str, str]) -> bool:
    """Whether the sender's proofs speak against the mail. None at all speaks for nothing."""
    if checks.get("dmarc") in {"pass", "fail"}:
        return checks["dmarc"] == "fail"
    said = {checks.get("spf"), checks.get("dkim")}
    return "fail" in said and "pass" not in said


def proven(checks: Mapping[str, str]) -> bool:
    """Whether a proof of the sender speaks for the mail, and none against it."""
    said = set(checks.values())
    return "pass" in said and "fail" not in said
