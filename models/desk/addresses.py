"""The e-mail address of an order's customer."""

from __future__ import annotations

from models.customer import Customer
from models.desk.proofs import doubtful
from models.order import Order
from models.rows_mail import MailRow
from models.store import UnitOfWork


def mail_address(uow: UnitOfWork, order: Order, customer: Customer | None = None) -> str | None:
    """Where the customer (looked up unless given) reads e-mail about this order, None if unknown.

    Whoever wrote the order by e-mail, unless the proofs speak against the mail; else the
    contact of the handover form, the order's own before others; else the only address that
    writes for this customer.
    """
    mail = mail_of(uow, order)
    if mail is not None and mail.sender and not doubtful(mail.checks):
        return mail.sender
    customer = customer or uow.customers.of_order(order)
    if customer is None:
        return None
    form = uow.onboardings.of_customer(customer.id)
    contacts = [] if form is None else [c for c in form.form.contacts if c.email]
    named = order.value("contact.name")
    own = [c for c in contacts if c.name == named]
    if own or contacts:
        return (own or contacts)[0].email
    writers = uow.mails.addresses_of(customer.id)
    return writers[0] if len(writers) == 1 else None


def mail_of(uow: UnitOfWork, order: Order) -> MailRow | None:
    """The e-mail that an order came by."""
    if order.channel != "email":
        return None
    places = (known.source.place for known in order.fields.values())
    mail_ids = {place.partition("/")[0] for place in places if place}
    found = [mail for mail in map(uow.mails.find, sorted(mail_ids)) if mail is not None]
    return next((mail for mail in found if order.id in mail.orders), None)
