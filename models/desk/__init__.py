"""The desk's doings. Each takes an open unit of work; the caller commits it."""

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
from models.desk.lookups import count_today, find_customer_by_phone, latest_order, match_company
from models.desk.messages import message_sent, sms_status
from models.desk.orders import (
    accept,
    cancel_order,
    change_order,
    confirm_order,
    expire_links,
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
    "Visit",
    "accept",
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
    "find_customer_by_phone",
    "is_new_visit",
    "keep_draft",
    "latest_order",
    "match_company",
    "message_sent",
    "note_opened",
    "open_task",
    "order_of_call",
    "prove_mobile",
    "put_turn",
    "record_notice",
    "resumable",
    "send_code",
    "send_link",
    "set_lang",
    "sign",
    "signature_stands",
    "sms_status",
    "view_link",
    "want_call_back",
    "want_transfer",
]
