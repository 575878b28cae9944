"""The words of the page of settings: each one's name, and what it means."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from api.console.words import Words

WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
#: How a slot may be asked for.
WAYS: Words = {
    "required": _("required"),
    "optional": _("optional"),
    "never": _("never asked"),
}
SLOTS: Words = {
    "customer": _("Company"),
    "mode": _("Kind of transport"),
    "origin": _("Origin"),
    "destination": _("Destination"),
    "goods": _("Goods"),
    "packaging": _("Packaging"),
    "pieces": _("Pieces"),
    "weight": _("Weight"),
    "volume": _("Volume"),
    "pickup": _("Pick-up day and hours"),
    "deliver_by": _("Deliver by"),
    "consignor": _("Consignor"),
    "consignee": _("Consignee"),
    "contact": _("Contact"),
    "payment": _("Payment"),
    "declared_value": _("Declared value"),
    "remarks": _("Remarks"),
}
NAMES: Words = {
    "check_below": _("Ask about a value by itself below this confidence"),
    "echo_at_most": _("Repeat at most so many new values before the next question"),
    "unsure_at_most": _("Texts in one order that may be left to a clerk"),
    "tries_per_rung": _("Failed tries before a question is asked in another way"),
    "hand_over_after": _("Failed turns before a person takes over"),
    "earned_back": _("Failed turns that a turn that works makes up for"),
    "hang_up_after": _("Silences in a row before the call ends"),
    "notice_plays": _("Plays of a notice that was not heard whole, at most"),
    "accept_unknown": _("Companies that are not in the register may order"),
    "required": _("Asked for, in this order"),
    "optional": _("Asked for once, together"),
    "week": _("Opening hours"),
    "exceptions": _("Holidays and other exceptions, one a line"),
    "clerk_number": _("A clerk's number"),
    "head_number": _("The number of the head of customer service"),
    "fallback_number": _("A number for when nobody answers"),
    "quiet_hours": _("Quiet hours"),
    "remind_hours": _("Reminders, hours after the link"),
    "wait_call_back": _("First call-back, hours"),
    "wait_signature": _("Signature after the link, hours"),
    "wait_release": _("Release after the signature, hours"),
}
HELP: Words = {
    "check_below": _(
        "From 0 to 1. Higher: more questions, fewer mistakes. A value above it is only repeated "
        "within the next question."
    ),
    "echo_at_most": _("Of more new values at once, the assistant says that they are noted."),
    "unsure_at_most": _(
        "Names, streets and goods that stay unclear; a clerk hears the recording. With more of "
        "them a person takes over."
    ),
    "tries_per_rung": _(
        "The ways come one after the other: in other words, with a choice, by the keypad. After "
        "the last one a person takes over."
    ),
    "hand_over_after": _("Counted over the whole call, whatever the question."),
    "earned_back": _("0: no failed turn is forgiven. Less than the number above."),
    "hang_up_after": _("A caller who was giving an order is called back."),
    "notice_plays": _("When the last one is not heard whole either, a person takes over."),
    "accept_unknown": _("If not, such callers get the head of customer service, or a call-back."),
    "required": _("An order cannot do without what is required: asked one by one, by their place."),
    "optional": _("What is optional is asked for once, together; callers may leave any out."),
    "week": _(
        "Such as 08:30-18:00, or 08:30-12:00, 13:30-18:00 with a break; - is closed. Hours may go "
        "over midnight and belong to the day they begin on. Outside them nobody is rung: callers "
        "hear that somebody calls back."
    ),
    "exceptions": _(
        "A date, or first..last, then hours or - for closed. The last line that fits a day counts."
    ),
    "clerk_number": _("Who takes calls over. Empty: nobody does, callers are called back."),
    "head_number": _(
        "Who gets customers whose papers are not approved. Empty: the clerk's number."
    ),
    "fallback_number": _(
        "Is rung once when the first number does not answer. Empty: callers are called back "
        "at once."
    ),
    "quiet_hours": _(
        "Nobody is reminded then, in the desk's time; the reminder comes at their end. Empty: none."
    ),
    "wait_call_back": _("Opening hours only. From an order's arrival, or the wish to be called."),
    "wait_signature": _("Runs always."),
    "wait_release": _("Opening hours only."),
    "remind_hours": _(
        "With commas, such as 4,24,48; all before the link runs out. Empty: no reminders."
    ),
}
#: What is refused, for the catalog.
SENTENCES = (
    _("A turn that works must not make up for all failed turns."),
    _("A reminder would come after the link has run out."),
    _("Opening hours need seven days."),
    _("Without a clerk's number nobody is rung: fill it in as well."),
    _("The fallback has to be another number than the clerk's and the head's."),
    _("Hours of one day overlap."),
    _("At most 200 exceptions: delete those that are past."),
    _("A telephone number is not valid; write it as +8621… or 021…."),
    _("Write reminders as hours after the link with commas, such as 4,24,48."),
    _("Write an exception as 2026-10-01 09:00-17:00, or 2026-10-01..2026-10-07 - for closed."),
    _("Write hours as HH:MM-HH:MM, such as 08:30-18:00."),
    _("Write a wait as hours, such as 0.5; at most 240."),
)
