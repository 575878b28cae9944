"""Customers' contracts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.contract import WARN, Kind, Terms
from models.errors import NotFound
from models.fields import Payment
from models.rows import CustomerRow
from models.rows_contract import ContractRow


class Contracts:
    """What customers agreed to."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, row: ContractRow) -> ContractRow:
        """Stores a new contract."""
        self._session.add(row)
        self._session.flush()
        return row

    def locked(self, contract_id: int) -> ContractRow:
        """The contract, locked until the unit ends. Raises NotFound."""
        query = select(ContractRow).where(ContractRow.id == contract_id).with_for_update()
        row = self._session.scalars(query).one_or_none()
        if row is None:
            raise NotFound("There is no such contract.")
        return row

    def delete(self, row: ContractRow) -> None:
        """Takes a contract out."""
        self._session.delete(row)
        self._session.flush()

    def of_customer(self, customer_id: str) -> Sequence[ContractRow]:
        """A customer's contracts, the one that began last first."""
        query = select(ContractRow).where(ContractRow.customer_id == customer_id)
        query = query.order_by(ContractRow.valid_from.desc(), ContractRow.id.desc())
        return self._session.scalars(query).all()

    def ending(self, today: date) -> Sequence[tuple[ContractRow, str]]:
        """Contracts that end soon, with the customer's name; the nearest end first."""
        query = (
            select(ContractRow, CustomerRow.name)
            .join(CustomerRow, CustomerRow.id == ContractRow.customer_id)
            .where(ContractRow.valid_to >= today, ContractRow.valid_to <= today + WARN)
            .order_by(ContractRow.valid_to, ContractRow.id)
        )
        return [(row, name) for row, name in self._session.execute(query)]

    def count_ending(self, today: date) -> int:
        """How many end soon."""
        query = select(func.count()).where(
            ContractRow.valid_to >= today, ContractRow.valid_to <= today + WARN
        )
        return self._session.scalar(query) or 0

    def with_files(self) -> Sequence[ContractRow]:
        """Those with a sealed copy."""
        query = select(ContractRow).where(ContractRow.file.is_not(None))
        return self._session.scalars(query.order_by(ContractRow.id)).all()


def terms_of(row: ContractRow) -> Terms:
    """What a contract says."""
    return Terms(
        number=row.number,
        kind=Kind(row.kind),
        settlement=Payment(row.settlement),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        clerk=row.clerk,
    )
