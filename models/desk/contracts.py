"""Contracts as the desk keeps them, and the tasks that their ends make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from models.contract import Standing, Terms
from models.errors import NotFound, RuleError
from models.repositories.contracts import terms_of
from models.rows_contract import ContractRow
from models.store import UnitOfWork

#: What the table of tasks calls a contract that ends.
TASK = "contract_ends"


class Changed(RuleError):
    """Somebody else changed the contract meanwhile."""


def add(
    uow: UnitOfWork,
    customer_id: str,
    terms: Terms,
    *,
    by: str,
    at: datetime,
    file: Mapping[str, Any] | None = None,
) -> ContractRow:
    """Stores a customer's new contract. Raises NotFound."""
    customer = uow.customers.locked(customer_id)
    row = uow.contracts.add(
        ContractRow(
            customer_id=customer.id,
            **_columns(terms),
            file=None if file is None else dict(file),
            version=1,
            by=by,
            at=at,
        )
    )
    uow.audit.add(by, "contract.add", f"contract:{row.id}", at=at, detail={"customer": customer_id})
    return row


def change(
    uow: UnitOfWork,
    row: ContractRow,
    terms: Terms,
    *,
    version: int,
    by: str,
    at: datetime,
    file: Mapping[str, Any] | None = None,
) -> None:
    """Stores other terms, and another copy where one is given.

    Args:
        row: the contract, locked.
        version: which version the change was made on.

    Raises:
        Changed: it is another one by now.
    """
    _must_be(row, version)
    for name, value in _columns(terms).items():
        setattr(row, name, value)
    if file is not None:
        row.file = dict(file)
    row.version, row.by, row.at = version + 1, by, at
    detail = {"customer": row.customer_id, "file": file is not None}
    uow.audit.add(by, "contract.change", f"contract:{row.id}", at=at, detail=detail)
    if terms.standing(uow.local_day(at)) is not Standing.ENDING:
        _no_longer_ends(uow, row, by=by, at=at)


def remove(uow: UnitOfWork, row: ContractRow, *, version: int, by: str, at: datetime) -> None:
    """Takes a contract (locked) out. Raises Changed."""
    _must_be(row, version)
    _no_longer_ends(uow, row, by=by, at=at)
    detail = {"customer": row.customer_id, "number": row.number}
    uow.audit.add(by, "contract.remove", f"contract:{row.id}", at=at, detail=detail)
    uow.contracts.delete(row)


def of_customer(uow: UnitOfWork, customer_id: str, contract_id: int) -> ContractRow:
    """A customer's contract, locked. Raises NotFound."""
    row = uow.contracts.locked(contract_id)
    if row.customer_id != customer_id:
        raise NotFound("There is no such contract.")
    return row


def warn_of_ends(uow: UnitOfWork, at: datetime) -> int:
    """Opens a task for each contract that ends soon, once for each end; how many are new."""
    return sum(
        uow.tasks.open(
            f"{TASK}:{row.id}:{_day(row.valid_to)}",
            kind=TASK,
            reason="A contract ends within 30 days: renew it, or tell the customer.",
            order_id=None,
            call_sid=None,
            customer_id=row.customer_id,
            clerk=row.clerk,
            at=at,
        )
        for row, _ in uow.contracts.ending(uow.local_day(at))
    )


def _no_longer_ends(uow: UnitOfWork, row: ContractRow, *, by: str, at: datetime) -> None:
    for task in uow.tasks.of_customer(row.customer_id):
        if task.state == "open" and task.key.startswith(f"{TASK}:{row.id}:"):
            task.state, task.done_at, task.done_by = "done", at, by


def _columns(terms: Terms) -> dict[str, Any]:
    return {**asdict(terms), "kind": terms.kind.value, "settlement": terms.settlement.value}


def _must_be(row: ContractRow, version: int) -> None:
    if row.version != version:
        raise Changed("Somebody else changed this contract meanwhile. Look at it again.")


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


__all__ = ["TASK", "Changed", "add", "change", "of_customer", "remove", "terms_of", "warn_of_ends"]
