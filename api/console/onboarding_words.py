"""The pages' words for handover forms and exceptions, and the sentences about them."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

Words = Mapping[str, LazyString]

BUSINESS: Words = {"warehouse": _("Warehouse"), "distribution": _("Distribution")}
SETTLEMENT: Words = {
    "monthly": _("monthly account"),
    "per_order": _("per order"),
    "prepaid": _("prepaid"),
}
STATE: Words = {
    "draft": _("being written"),
    "in_approval": _("in approval"),
    "returned": _("returned"),
    "effective": _("in force"),
    "withdrawn": _("given up"),
}
#: The colour of each state's badge.
TONE = {"in_approval": "warn", "returned": "bad", "effective": "good"}
STEP: Words = {
    "begin": _("begun"),
    "change": _("changed"),
    "submit": _("submitted"),
    "ask_again": _("asked again"),
    "approve": _("approved"),
    "return": _("returned"),
    "withdraw": _("given up"),
    "first_period_over": _("first period ended"),
}
LACKS: Words = {
    "company": _("Company"),
    "contacts": _("A contact with a telephone number"),
    "business": _("Kind of business"),
    "settlement": _("Settlement"),
    "period_days": _("Period of the monthly account, up to 180 days"),
    "papers": _("A contract, a quotation or an interim settlement agreement"),
}
MEANS: Words = {"phone": _("by telephone"), "voice": _("by word of mouth")}
ADMISSION: Words = {
    "approved": _("may order"),
    "exception": _("exception by phone"),
    "suspended": _("suspended"),
    "refused": _("may not order yet"),
}
VIA: Words = {"console": _("in the console"), "mail": _("by e-mail link")}
#: Why an order is risky, by the rules of `models.risk`.
RISKS: Words = {
    "first_period": _("new customer in its first period, or not in the register"),
    "exception": _("customer without approved papers, by an exception"),
    "high_value": _("high declared value (50,000 yuan or more)"),
    "very_high_value": _("very high declared value (200,000 yuan or more)"),
    "dangerous": _("dangerous goods"),
    "look_alike": _("goods that often are dangerous"),
    "new_route": _("a way that this customer never used"),
    "much": _("far more than usual for this customer (weight, pieces or volume)"),
    "unusual_value": _("declared value far above what is usual for this customer"),
    "many_orders": _("far more orders on one day than usual for this customer"),
    "unsigned_before": _("one notice not signed in time before"),
    "often_unsigned": _("several notices not signed in time before"),
}
#: Sentences that the models write about new customers.
SENTENCES = (
    _("Somebody else is asked to approve this form now."),
    _("The form was changed meanwhile. Open it again."),
    _("The form is not complete. Fill in what is missing first."),
    _("The form cannot take this step now."),
    _("This form waits for nobody's approval."),
    _("This customer has a form already."),
    _("This customer's papers are approved already."),
    _("Your role does not write handover forms."),
    _("Your role does not record exceptions."),
    _("Only the head of customer service ends the first period."),
    _("Only the approvals of its handover form make this customer effective."),
    _("Only the marketing manager or the general manager allows an exception."),
    _("Say what exactly was allowed."),
    _("An exception is recorded after it was given."),
    _("The papers are due within 14 days, and not in the past."),
    _("The papers are approved; no exception is needed."),
    _("Another leader gave this exception."),
    _("During this customer's first period the head of customer service takes its orders."),
    _("This order is risky: its release has to be approved first."),
    _("Somebody else has to approve this release."),
    _("This order is over."),
    _("first period of a new customer"),
    _("There is no such form."),
    _("There is no such exception."),
    _("There is no such paper."),
    _("There is no such recording."),
    _("Write the moment as date and time."),
    _("Choose a file first."),
    _("This file is too large: a paper may have 10 MB."),
    _("This is no PDF, PNG, JPEG, Word (docx) or Excel (xlsx) file."),
    _("This file holds too much; save it as PDF."),
    _("This file holds macros; save it without, or as PDF."),
    _("This is no e-mail address."),
    _("A contact is written as: name; telephone; e-mail."),
    _("The period is a number of days."),
    _("an exception by phone ran out before the customer's papers were approved"),
    _("An e-mail to one of the desk's people could not be sent."),
)
