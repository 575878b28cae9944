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
#: Kinds of data with a period of their own, and why it is as long as it is.
KINDS: Words = {
    "recordings": _("Recordings of calls"),
    "transcripts": _("Transcripts of calls"),
    "messages": _("Text messages"),
    "personal": _("Personal details in orders, callers' numbers"),
    "notices": _("Signatures, signed documents and links"),
    "training": _("Practice calls, answers to the course, and their results"),
}
PERIODS: Words = {
    "recordings": _(
        "Desk's choice: complaints come within months. No longer than needed (PIPL, article 19)."
    ),
    "transcripts": _("Claims about carriage by air end after two years (Civil Aviation Law)."),
    "messages": _("Desk's choice: whether a link arrived is asked within months."),
    "personal": _("Claims end after three years (Civil Code, article 188)."),
    "notices": _(
        "Desk's choice: proof of the declaration outlasts claims (Civil Code, article 188)."
    ),
    "training": _(
        "Desk's choice: long enough to see what somebody has learned. No longer than needed (PIPL, "
        "article 19)."
    ),
}
#: What a call is scored by; the signature in calls with real customers alone.
TRAINING_CHECKS: Words = {
    "greeting": _("Greeted the customer"),
    "recorded": _("All fields recorded as the customer wanted"),
    "read_back": _("Everything read back"),
    "prohibited": _("Prohibited goods named"),
    "danger_asked": _("Asked about dangerous goods"),
    "link": _("Notice and text message announced"),
    "goodbye": _("Said goodbye"),
    "signed": _("The customer signed"),
}
#: The parts of a customer's address book, and what calls do with them.
BOOK: Words = {
    "places": _("Pick-up places"),
    "receivers": _("Receivers"),
    "people": _("Callers"),
    "goods": _("Usual goods"),
}
BOOK_HELP: Words = {
    "places": _(
        "The first one is offered to callers of this customer. Unclear addresses are compared "
        "with all of them."
    ),
    "receivers": _(
        "The first one is taken when a caller says that it goes where it always goes. Unclear "
        "names and addresses are compared with all of them."
    ),
    "people": _("Who rings from which number: such a caller is known and greeted by name."),
    "goods": _("Words for goods as this customer says them. Unclear ones are compared with them."),
}
CONTRACTS: Words = {
    "contract": _("Contract"),
    "quotation": _("Quotation"),
    "interim": _("Interim settlement agreement"),
}
STANDINGS: Words = {
    "future": _("does not hold yet"),
    "valid": _("holds"),
    "ending": _("ends soon"),
    "ended": _("has ended"),
}
HOLD_SCOPES: Words = {
    "call": _("call"),
    "order": _("order"),
    "customer": _("customer"),
    "phone": _("telephone number"),
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
    "hear_again": _("Listen again"),
    "dangerous_goods": _("Dangerous goods"),
    "paper_failed": _("Document failed"),
    "mail_failed": _("E-mail failed"),
    "exception_over": _("Exception over"),
    "contract_ends": _("Contract ends"),
    "mail_refused": _("Attachment refused"),
    "mail_unread": _("E-mail without an order"),
    "mail_repeated": _("E-mail repeated"),
    "fax_refused": _("Fax not read"),
    "fax_unread": _("Fax without an order"),
    "fax_repeated": _("Fax repeated"),
    "fax_lost": _("Fax did not arrive"),
    "missing_order": _("Missing order"),
    "count_differs": _("Order too many"),
    "day_report": _("Day's report"),
    "late": _("Customer waits too long"),
    "transfer_clerk": _("Transfer"),
    "transfer_head": _("Transfer to the head"),
}
#: Tasks whose key names an e-mail after its colon.
MAIL_TASKS = ("mail_refused", "mail_unread", "mail_repeated")
POLARITIES: Words = {"yes": _("yes"), "no": _("no")}
#: What a text message is, by the beginning of its key.
TEXTS: Words = {
    "sms_link": _("link texted"),
    "sms_reminder": _("reminder sent"),
    "sms_code": _("code texted"),
    "mail_link": _("link e-mailed"),
    "mail_copy": _("the same link e-mailed"),
    "mail_reminder": _("reminder e-mailed"),
    "mail_code": _("code e-mailed"),
}
CALL_BACK_CAUSES: Words = {
    "dropped": _("the call broke"),
    "lines_busy": _("all lines were busy"),
    "draft": _("a written order is to be checked"),
    "clerk": _("asked for by a clerk"),
    "email": _("an order by e-mail is to be checked"),
    "fax": _("an order by fax is to be checked"),
}
CALL_BACK_STATES: Words = {
    "planned": _("planned"),
    "done": _("the customer was reached"),
    "settled": _("not needed any more"),
    "cancelled": _("called off"),
    "task": _("given to a person"),
}
CALL_BACK_WHY: Words = {
    "order_confirmed": _("the order is confirmed"),
    "order_closed": _("the order is closed"),
    "order_gone": _("the order is gone"),
    "called_in": _("the customer called himself"),
}
RINGS: Words = {
    "under_way": _("under way"),
    "busy": _("busy"),
    "no-answer": _("no answer"),
    "failed": _("did not get through"),
    "machine": _("answering machine"),
    "fax": _("fax machine"),
    "dropped": _("broke off"),
    "later": _("no time now"),
    "wrong_number": _("wrong number"),
    "refused": _("refused by the telephone company"),
    "reached": _("reached"),
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
    "not_now": _("not convenient"),
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
    "angry": _("angry caller"),
    "lost": _("not understood"),
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
    "email": _("E-mail"),
    "fax": _("Fax"),
}
ORDER_CHANNELS: Words = {
    "phone": _("Phone"),
    "email": _("E-mail"),
    "fax": _("Fax"),
    "web": _("Web form"),
}
FAX_STATES: Words = {
    "announced": _("being fetched"),
    "received": _("waits"),
    "read": _("read"),
    "repeated": _("repeated"),
    "lost": _("did not arrive"),
    "failed": _("could not be read"),
}
FAX_NO_ORDER: Words = {
    "announced": _("The pages of this fax are still at the fax service."),
    "received": _("This fax has not been read yet."),
    "read": _("No order could be read in this fax."),
    "repeated": _("It shows the same as a fax before it, so nothing was ordered again."),
    "lost": _("The pages of this fax never arrived. Ask the sender to send it again."),
    "failed": _("This program could not read it: enter its orders by hand."),
}
FAX_SOURCES: Words = {
    "folder": _("watched folder"),
    "service": _("fax service"),
    "mail": _("fax by e-mail"),
}
MAIL_STATES: Words = {
    "received": _("waits"),
    "read": _("read"),
    "repeated": _("repeated"),
    "automatic": _("automatic answer"),
    "failed": _("could not be read"),
    "fax": _("carries faxes"),
}
MAIL_NO_ORDER: Words = {
    "received": _("This e-mail has not been read yet."),
    "read": _("No order could be read in this e-mail."),
    "repeated": _("It says the same as an e-mail before it, so nothing was ordered again."),
    "automatic": _("An automatic answer orders nothing."),
    "failed": _("This program could not read it: enter its orders by hand."),
    "fax": _("What this e-mail carries stands among the faxes."),
}
MAIL_KINDS: Words = {
    "text": _("Text"),
    "html": _("Text"),
    "excel": _("Workbook"),
    "word": _("Document"),
    "pdf": _("PDF"),
    "picture": _("Picture"),
}
MAIL_CHECKS: Words = {
    "pass": _("proven"),
    "fail": _("failed"),
    "none": _("none"),
    "not_checked": _("not checked"),
    "unaligned": _("of another domain"),
}
REFUSALS: Words = {
    "too_large": _("It is too large. Ask for a smaller file."),
    "too_many": _("The e-mail has too many parts; the others were not looked at."),
    "zip_bomb": _("It would unpack to an enormous size and may be meant to do harm."),
    "macro": _("It holds macros. Ask for a file without them."),
    "archive": _("It is an archive, or holds one. Ask for the files themselves."),
    "encrypted": _("It has a password. Ask for a file without one."),
    "too_many_pages": _("It has too many pages. Ask for the order's pages alone."),
    "too_many_pixels": _("The picture is too large. Ask for a smaller one."),
    "old_format": _("It is in an old Office format. Ask for .xlsx, .docx or PDF."),
    "unknown_kind": _("Files of this kind are not read."),
    "broken": _("It cannot be opened; it may be damaged. Ask for it again."),
    "took_too_long": _("Reading it took too long."),
}
CARRIAGE: Words = {
    "forbidden": _("forbidden"),
    "papers": _("declared, with papers"),
    "": _("not known"),
}
CARRIAGE_SOURCE = _(
    "Air: IATA Dangerous Goods Regulations, sections 2 and 4.2 (forbidden: on passenger aircraft "
    "or altogether). Rail: the railways' list of dangerous goods by name. Classes and numbers: UN "
    "Model Regulations, chapter 3.2. What the desk's own list says goes before. With papers: "
    "packed, marked and declared as these rules say."
)
NOTICE: Words = {
    "title": _("Title"),
    "intro": _("Introduction"),
    "rules.air": _("By air"),
    "rules.rail": _("By rail"),
    "rules.road": _("By road"),
    "rules.warehouse": _("In storage"),
    "classes": _("The nine classes"),
    "declaration": _("What the signer declares"),
    "consents.read": _("Consent: has read"),
    "consents.truthful": _("Consent: is truthful"),
    "consents.liability": _("Consent: answers for it"),
    "sources.all": _("Sources for all"),
    "sources.air": _("Sources for air"),
    "sources.rail": _("Sources for rail"),
    "sources.road": _("Sources for road"),
    "sources.warehouse": _("Sources for storage"),
}
STRETCHES: Words = {
    "day": _("day"),
    "week": _("week"),
}
#: What the dialogue has done besides speaking.
ACTIONS: Words = {
    "listen": _("listens otherwise"),
    "keep_draft": _("keeps other values"),
    "confirm_order": _("confirms otherwise"),
    "record_notice": _("records another notice"),
    "record_count": _("records another number of faxes"),
    "send_link": _("sends the link otherwise"),
    "cancel_order": _("cancels otherwise"),
    "open_task": _("other tasks"),
    "match_company": _("looks the company up otherwise"),
    "find_order": _("looks the order up otherwise"),
    "begin_order": _("begins another order"),
    "transfer": _("transfers otherwise"),
    "hang_up": _("ends otherwise"),
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
    _("The notice names each of the nine classes once, in their order."),
    _("A part of the notice is too long: 4000 characters at most."),
    _("No part of the notice may be empty."),
    _("A class is written as: number | name | examples."),
    _("A name stands in the list twice."),
    _("The list is too long: 500 goods at most."),
    _("A good is written as: names | class | UN | air | rail | road."),
    _("A name has 2 to 60 characters."),
    _("A class is such as 3 or 2.1, or - for harmless goods."),
    _("A UN number is such as UN1263."),
    _("Air, rail and road are forbidden, papers, or empty."),
    _("There is no such replay."),
    _("A line is too long: 1000 characters at most."),
    _("The course has no chapter: begin one with # and its title."),
    _("The pass mark is a number of percent from 50 to 100."),
    _("Nothing follows the sign."),
    _("The course is too long: 30 chapters at most."),
    _("The course begins with a chapter: # and its title."),
    _("After a question come answers with + or -, then why with =."),
    _("An answer belongs below a question: ? and its words."),
    _("Why the answer is right stands once, below all answers."),
    _("The question offers this answer twice."),
    _("A question has one right answer, with +; this is another."),
    _("The question above offers 2 to 6 answers."),
    _("The question above has no right answer: mark it with +."),
    _("The question above does not say why: a line with =."),
    _("The chapter above has no text to read."),
    _("The chapter above ends with 2 or 3 questions."),
    _("Answer every question of the chapter."),
    _("There is no such result."),
    _("There is no such chapter."),
    _("The course was changed meanwhile. Read the chapter again, then answer."),
    _(
        "The course in the other language has other chapters, questions or another pass "
        "mark. Write it as a draft too; publishing then puts both into force."
    ),
    _("The period ends before it begins."),
    _("This period is too long. Choose a shorter one, or count by week."),
    _("A number is out of its bounds."),
    _("There is no such slot."),
    _("Mode, places and goods are always asked for."),
    _("Write at least one wording."),
    _("Each wording has to fill in the same variables as before."),
    _("A brace is left open: variables are written as {name}."),
    _("A variable is a name in braces and nothing more."),
    _("A wording with variables cannot be a recording: the voice fills them in."),
    _("A recording is of one wording: write this version with one line."),
    _("This file is too large: a recording may have 20 MB."),
    _("This recording is too long: two minutes at most."),
    _("An e-mail says the same as one before: ask whether it is a second order."),
    _("A part of an e-mail was not read; look at it, and ask the sender for it."),
    _("An e-mail holds no order that could be read."),
    _("An e-mail could not be read by this program: read it, and enter its orders by hand."),
    _("An e-mail to one of the desk's people could not be sent."),
    _("An e-mail to one of the desk's people was not sent, by a fault of this program."),
    _("The sender of the e-mail could not be proven."),
    _("A fax shows the same as one before: ask whether it is a second order."),
    _("A fax was not read; look at it, and ask the sender to send it again."),
    _("A fax holds no order that could be read."),
    _("A fax could not be read by this program: read it, and enter its orders by hand."),
    _("The pages of a fax could not be fetched: ask the sender to send it again."),
    _("A fax did not get through: ask the sender to send it again."),
    _("More orders were sent than received: have them sent again"),
    _("More orders were received than sent: look whether one came twice"),
    _("Orders of this day are missing or not called back yet"),
    _("The number of orders is from 0 to 300."),
    _("This recording has more than two channels."),
    _("There is nothing to be heard in this recording."),
    _("This is no WAV, FLAC or MP3 sound of 8 to 96 kHz."),
    _("There is no such version."),
    _("A customer needs a name."),
    _("Another customer has this name."),
    _("Another customer has this contract number."),
    _("Another customer has one of these telephone numbers."),
    _("There is no such contract."),
    _("A contract needs a number of at most 100 characters."),
    _("A contract cannot end before it begins."),
    _("Choose which paper it is, and how it is settled."),
    _("Give the day from which the contract holds, such as 2026-11-25."),
    _("Somebody else changed this contract meanwhile. Look at it again."),
    _("A contract ends within 30 days: renew it, or tell the customer."),
    _("This file is too large: a document may have 10 MB."),
    _("This is no PDF, JPEG or PNG file."),
    _("A text in the address book is too long: 200 characters at most."),
    _("Fill in a name, a number or an address."),
    _("This part of the address book is full: 500 entries at most."),
    _("This is in the address book already."),
    _("Somebody else changed this entry meanwhile. Look at it again."),
    _("This file is too large: a table may have 1 MB."),
    _("This table is too long: 1000 rows at most."),
    _("The first row has to name the columns, as in the table above."),
    _("This is no CSV or Excel file (.xlsx)."),
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
    _("A link went there a moment ago."),
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
    _("the customer is suspended: the papers of an exception by phone are overdue"),
    _("the line dropped while the order was being taken"),
    _("the order is confirmed, but its link has no number to go to"),
    _("the caller fell silent while the order was being taken"),
    _("a clerk took the call over"),
    _("the call could not be passed on"),
    _("the text message with the signing link could not be sent"),
    _("The text message with the signing link could not be sent."),
    _("The text message with the signer's code could not be sent."),
    _("The e-mail with the signing link could not be sent."),
    _("The e-mail with the signer's code could not be sent."),
    _("The e-mail with the signing link did not arrive."),
    _("The e-mail with the signer's code did not arrive."),
    _("Nobody knows whether an e-mail to the customer went out: ask, or send the link again."),
    _("The signed document could not be made."),
    _("Text messages about an order broke off by a fault of this program: see to it."),
    _("A recording was not heard again, by a fault of this program: listen to it."),
    _("An exception by phone is not watched any more, by a fault of this program."),
    _("A call-back broke off by a fault of this program: please call the customer."),
    _("Heard again, a yes or no of the caller is the opposite."),
    _("A hold needs a reason."),
    _("There is no such call, order or customer."),
    _("This hold was released before."),
    _("There is no such hold."),
    _("Nothing is on file for this request."),
    _("This is no telephone number."),
    _("the link ran out before the customer signed"),
    _("The server lacks the key of the one-time codes."),
    _("Nobody answered the transfer."),
    _("No number is set for transfers."),
    _("The line failed during the call."),
    _("This time is past."),
    _("Say when to call."),
    _("No call-back is planned any more."),
    _("Nothing of this order is left to be asked by telephone."),
    _("The clerk calls the customer."),
    _("The customer is to be called back, but there is no number."),
    _("There is no telephone line for the assistant: please call the customer."),
    _("The assistant does not call numbers like this one: please call the customer."),
    _("This number was called too often today: please call the customer."),
    _("The assistant called several times and did not reach the customer: please call."),
    _("The telephone company does not place this call: check the number, then call."),
    _("Who answered the call-back knows nothing of the order: check the number, then call."),
    _("A fax machine answered the call-back: check the number, then call."),
)
