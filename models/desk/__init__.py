"""The desk's doings. Each takes an open unit of work; the caller commits it."""

from models.desk.admission import admission_of
from models.desk.arrivals import Written
from models.desk.callbacks import (
    CALL_BACK,
    NothingToAsk,
    call_back_for,
    cancel_callback,
    request_callback,
    wake_callbacks,
    want_call_back,
)
from models.desk.calls import (
    append_event,
    begin_call,
    begin_order,
    call_status,
    end_call,
    order_of_call,
    put_turn,
    resumable,
    set_lang,
    want_transfer,
)
from models.desk.codes import code_is_out, prove_mobile, send_code
from models.desk.evidence import Evidence, evidence, signature_stands
from models.desk.faxes import READ_FAX, ReceivedFax, receive_fax
from models.desk.life import Standing, other_number, queue_reminder, standing
from models.desk.lookups import count_today, find_customer_by_phone, latest_order, match_company
from models.desk.mails import READ_MAIL, Received, is_unread, keep_reading, receive_mail
from models.desk.messages import message_lost, message_sent, sms_status
from models.desk.orders import (
    accept,
    cancel_order,
    change_order,
    confirm_order,
    expire_links,
    expire_order,
    keep_draft,
    open_task,
    record_notice,
    send_link,
)
from models.desk.rehearing import HEAR_AGAIN, POLARITY, hear_again, note_second_hearing
from models.desk.renewal import ask_anew
from models.desk.rings import ring_status, waiting_for
from models.desk.signing import (
    PAPER,
    LinkClosed,
    LinkState,
    NotWhatWasShown,
    Signing,
    SigningView,
    sign,
    view_link,
)
from models.desk.visits import Visit, is_new_visit, note_opened

__all__ = [
    "CALL_BACK",
    "HEAR_AGAIN",
    "PAPER",
    "POLARITY",
    "READ_FAX",
    "READ_MAIL",
    "Evidence",
    "LinkClosed",
    "LinkState",
    "NotWhatWasShown",
    "NothingToAsk",
    "Received",
    "ReceivedFax",
    "Signing",
    "SigningView",
    "Standing",
    "Visit",
    "Written",
    "accept",
    "admission_of",
    "append_event",
    "ask_anew",
    "begin_call",
    "begin_order",
    "call_back_for",
    "call_status",
    "cancel_callback",
    "cancel_order",
    "change_order",
    "code_is_out",
    "confirm_order",
    "count_today",
    "end_call",
    "evidence",
    "expire_links",
    "expire_order",
    "find_customer_by_phone",
    "hear_again",
    "is_new_visit",
    "is_unread",
    "keep_draft",
    "keep_reading",
    "latest_order",
    "match_company",
    "message_lost",
    "message_sent",
    "note_opened",
    "note_second_hearing",
    "open_task",
    "order_of_call",
    "other_number",
    "prove_mobile",
    "put_turn",
    "queue_reminder",
    "receive_fax",
    "receive_mail",
    "record_notice",
    "request_callback",
    "resumable",
    "ring_status",
    "send_code",
    "send_link",
    "set_lang",
    "sign",
    "signature_stands",
    "sms_status",
    "standing",
    "view_link",
    "waiting_for",
    "wake_callbacks",
    "want_call_back",
    "want_transfer",
]
