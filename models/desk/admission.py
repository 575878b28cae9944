"""Whether a customer may order now."""

from __future__ import annotations

from datetime import datetime

from models.admission import Admission, admission
from models.customer import Customer
from models.store import UnitOfWork


def admission_of(uow: UnitOfWork, customer: Customer | None, at: datetime) -> Admission:
    """How a customer stands with the desk; one that is not in the register is refused."""
    if customer is None:
        return Admission.REFUSED
    exception = None if customer.effective else uow.exceptions.latest(customer.id)
    return admission(effective=customer.effective, exception=exception, now=at)
