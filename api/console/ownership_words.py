"""The pages' words for who answers for orders, waits, and what happened on which channel."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

Words = Mapping[str, LazyString]

CHANNEL: Words = {
    "phone": _("telephone"),
    "sms": _("text message"),
    "mail": _("e-mail"),
    "fax": _("fax"),
    "web": _("signing page"),
    "desk": _("desk"),
}
MOMENT: Words = {
    "call": _("call begun"),
    "call_over": _("call over"),
    "call_back": _("call-back planned"),
    "ring": _("called"),
    "call_back_over": _("call-back over"),
    "notice": _("notice played"),
    "sent": _("message sent"),
    "report": _("delivery report"),
    "opened": _("link opened"),
    "code_asked": _("code asked for"),
    "code_wrong": _("wrong code"),
    "code_right": _("right code"),
    "approve": _("release approved"),
    "task": _("given to a person"),
    "task_done": _("task done"),
    "heard_again": _("heard again, with doubts"),
    "doubts_settled": _("doubts settled"),
    "mail": _("e-mail came in"),
    "fax": _("fax came in"),
    "paper": _("signed document made"),
    "wait_soon": _("owner warned: due soon"),
    "wait_late": _("head told: late"),
    "day_count": _("asked how many orders were sent today"),
    "deleted": _("deleted by its period"),
    "hold": _("legal hold"),
    "hold_over": _("legal hold released"),
    "call.take_over": _("call taken over"),
    "call.listen": _("listened in"),
    "recording.play": _("recording heard"),
    "order.print": _("printed"),
}
WAIT: Words = {
    "call_back": _("call back by"),
    "signature": _("signature by"),
    "release": _("release by"),
}
LIGHTS: Words = {"fine": _("in time"), "soon": _("due soon"), "late": _("late")}
#: The colour of each light's badge.
LIGHT = {"fine": "", "soon": "warn", "late": "bad"}
#: Sentences that the models write about ownership.
SENTENCES = (
    _("Somebody else who works on orders has to stand in."),
    _("This person is given no orders."),
    _("There is no such absence."),
    _("Write the days as dates."),
    _("the customer's own clerk"),
    _("stands in for the customer's own clerk"),
    _("on shift, with the fewest open orders"),
    _("stands in during an absence"),
    _("the customer waits too long for a call-back"),
    _("the customer has not signed within the time"),
    _("a signed order waits too long for its release"),
    _("on shift, while the owner is away"),
    _("the owner works here no more"),
)
