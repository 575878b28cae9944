"""The pages' words for what the product keeps: states, steps, kinds, and its own sentences."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

Words = Mapping[str, LazyString]

STATUS: Words = {
    "draft": _("draft"),
    "confirmed": _("confirmed"),
    "awaiting_signature": _("awaiting signature"),
    "signed": _("signed"),
    "accepted": _("accepted"),
    "needs_review": _("needs review"),
    "rejected": _("rejected"),
    "cancelled": _("cancelled"),
    "expired": _("link expired"),
}
QUEUES: Words = {
    "needs_review": _("Needs review"),
    "unsigned": _("Unsigned"),
    "release": _("To release"),
    "open": _("All open"),
    "all": _("All"),
}
TASKS: Words = {
    "call_back": _("Call back"),
    "sms_failed": _("Message failed"),
    "link_expired": _("Not signed in time"),
    "dangerous_goods": _("Dangerous goods"),
    "paper_failed": _("Document failed"),
    "transfer_clerk": _("Transfer"),
    "transfer_head": _("Transfer to the head"),
}
STEPS: Words = {
    "begin": _("begun"),
    "change": _("changed"),
    "confirm": _("confirmed"),
    "send_link": _("link sent"),
    "sign": _("signed"),
    "accept": _("released"),
    "flag": _("set aside for review"),
    "clear": _("review ended"),
    "reject": _("rejected"),
    "cancel": _("cancelled"),
    "expire": _("link expired"),
    "own": _("taken on"),
    "hand_over": _("handed over"),
}
DISPOSITIONS: Words = {
    "ordered": _("ordered"),
    "abandoned": _("broken off"),
    "transferred": _("transferred"),
    "call_back": _("call-back promised"),
    "refused": _("refused"),
    "cancelled": _("cancelled"),
    "informed": _("informed"),
    "wrong_number": _("wrong number"),
    "failed": _("failed"),
}
ROLES: Words = {
    "clerk": _("Clerk"),
    "head": _("Head of customer service"),
    "marketing_manager": _("Marketing manager"),
    "warehouse_manager": _("Warehouse manager"),
    "distribution_manager": _("Distribution manager"),
    "general_manager": _("General manager"),
    "admin": _("Admin"),
}
DELIVERY: Words = {
    "accepted": _("accepted"),
    "scheduled": _("scheduled"),
    "queued": _("queued"),
    "sending": _("sending"),
    "sent": _("sent"),
    "delivered": _("delivered"),
    "undelivered": _("not delivered"),
    "failed": _("failed"),
    "canceled": _("cancelled"),
    "read": _("read"),
}
CONDITIONS: Words = {
    "confirmed": _("The customer's yes to this very version"),
    "signed": _("The Dangerous Goods Notice signed for this version"),
    "effective": _("A customer whose papers are approved"),
}
ALARMS: Words = {
    "dangerous": _("dangerous goods"),
    "unsure": _("hard to hear"),
    "silence": _("silence"),
}
SPEAKERS: Words = {
    "caller": _("Caller"),
    "assistant": _("Assistant"),
    "clerk": _("Clerk"),
}
ACTORS: Words = {
    "caller": _("Caller"),
    "customer": _("Customer"),
    "assistant": _("Assistant"),
    "record": _("register"),
}
CHOICES: Words = {
    "check_below": _("Ask about a value by itself below this confidence"),
    "echo_at_most": _("Repeat at most so many new values before the next question"),
    "unsure_at_most": _("Texts in one order that may be left to a clerk"),
    "hand_over_after": _("Failed turns before a person takes over"),
    "earned_back": _("Failed turns that a turn that works makes up for"),
    "hang_up_after": _("Silences in a row before the call ends"),
    "notice_plays": _("Plays of a notice that was not heard whole, at most"),
    "accept_unknown": _("Companies that are not in the register may order"),
    "required": _("Asked for, in this order"),
    "optional": _("Asked for once, together"),
}
SCOPES: Words = {
    "orders:read": _("Orders"),
    "calls:read": _("Calls and transcripts"),
    "messages:read": _("Text messages"),
}
MODES: Words = {
    "air": _("air"),
    "rail": _("rail"),
    "road": _("road"),
    "warehouse": _("warehouse"),
}
PAYMENTS: Words = {
    "monthly": _("monthly account"),
    "collect": _("collect"),
    "prepaid": _("prepaid"),
}
#: Sentences that the models and the dialogue write, translated where pages show them.
SENTENCES = (
    _("There is no such order."),
    _("There is no such call."),
    _("There is no such task."),
    _("There is no such user."),
    _("There is no such token."),
    _("There is no such customer."),
    _("A number is out of its bounds."),
    _("There is no such slot."),
    _("Mode, places and goods are always asked for."),
    _("Write at least one wording."),
    _("Each wording has to fill in the same variables as before."),
    _("A brace is left open: variables are written as {name}."),
    _("A variable is a name in braces and nothing more."),
    _("There is no such version."),
    _("A customer needs a name."),
    _("Another customer has this name."),
    _("Another customer has this contract number."),
    _("Another customer has one of these telephone numbers."),
    _("This line has too many parts."),
    _("contact.phone: needs a telephone number."),
    _("contact.phone: there is no such telephone number."),
    _("consignee.phone: needs a telephone number."),
    _("consignee.phone: there is no such telephone number."),
    _("Another clerk answers for this order."),
    _("This person cannot work on orders."),
    _("The caller is still on the line. Edit the order after the call."),
    _("Somebody else worked on this order meanwhile."),
    _("Say with whom you spoke."),
    _("Give a reason."),
    _("Text messages go to a mobile number; this one is none."),
    _("A link went to this number a moment ago."),
    _("Confirm this version of the order before sending its link."),
    _("This version has not been confirmed by the caller."),
    _("The Dangerous Goods Notice of this version is not signed."),
    _("The customer's hand-over form or agreement is not effective."),
    _("The stored signature is not for these values."),
    _("A token needs a name and something that it may read."),
    _("This is the last admin; make another one first."),
    _("Somebody has this login name already."),
    _("A login name has 2 to 32 small letters, digits, dots or dashes."),
    _("A password has at least 10 characters."),
    _("This password is too easy to guess."),
    _("The order was changed meanwhile; please try again."),
    _("This call is over."),
    _("A call from the browser cannot be passed on."),
    _("Nobody is there to take the call: set a telephone number first."),
    _("dangerous goods named by the caller"),
    _("the caller named dangerous goods"),
    _("the customer's hand-over form or agreement is not approved yet"),
    _("the line dropped while the order was being taken"),
    _("the order is confirmed, but its link has no number to go to"),
    _("the caller fell silent while the order was being taken"),
    _("a clerk took the call over"),
    _("the call could not be passed on"),
    _("the text message with the signing link could not be sent"),
    _("The text message with the signing link could not be sent."),
    _("The text message with the signer's code could not be sent."),
    _("The signed document could not be made."),
    _("Nobody answered the transfer."),
    _("No number is set for transfers."),
    _("The line failed during the call."),
)
