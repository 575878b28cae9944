"""The desk's doings. Each takes an open unit of work; the caller commits it."""

from models.desk.admission import admission_of
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
    want_call_back,
    want_transfer,
)
from models.desk.codes import code_is_out, prove_mobile, send_code
from models.desk.evidence import Evidence, evidence, signature_stands
from models.desk.life import Standing, other_number, queue_reminder, standing
from models.desk.lookups import count_today, find_customer_by_phone, latest_order, match_company
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
from models.desk.renewal import ask_anew
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
    "PAPER",
    "Evidence",
    "LinkClosed",
    "LinkState",
    "NotWhatWasShown",
    "Signing",
    "SigningView",
    "Standing",
    "Visit",
    "accept",
    "admission_of",
    "append_event",
    "ask_anew",
    "begin_call",
    "begin_order",
    "call_status",
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
    "is_new_visit",
    "keep_draft",
    "latest_order",
    "match_company",
    "message_lost",
    "message_sent",
    "note_opened",
    "open_task",
    "order_of_call",
    "other_number",
    "prove_mobile",
    "put_turn",
    "queue_reminder",
    "record_notice",
    "resumable",
    "send_code",
    "send_link",
    "set_lang",
    "sign",
    "signature_stands",
    "sms_status",
    "standing",
    "view_link",
    "want_call_back",
    "want_transfer",
]
