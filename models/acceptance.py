"""What an order still lacks before it may be accepted (pure)."""

from __future__ import annotations

from enum import StrEnum

from models.order import Order


class Condition(StrEnum):
    """The three conditions of acceptance, for the order's present version."""

    CONFIRMED = "confirmed"
    SIGNED = "signed"
    EFFECTIVE = "effective"


def missing(order: Order, *, customer_effective: bool) -> tuple[Condition, ...]:
    """The conditions that are not met, in the order in which they are worked on."""
    met = {
        Condition.CONFIRMED: order.confirmed_version == order.version,
        Condition.SIGNED: order.signed_version == order.version,
        Condition.EFFECTIVE: customer_effective,
    }
    return tuple(condition for condition, done in met.items() if not done)
