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
from models.desk.signing import LinkClosed, LinkState, SigningView, sign, view_link

__all__ = [
    "LinkClosed",
    "LinkState",
    "SigningView",
    "accept",
    "append_event",
    "begin_call",
    "begin_order",
    "call_status",
    "cancel_order",
    "change_order",
    "confirm_order",
    "count_today",
    "end_call",
    "expire_links",
    "find_customer_by_phone",
    "keep_draft",
    "latest_order",
    "match_company",
    "message_sent",
    "open_task",
    "order_of_call",
    "put_turn",
    "record_notice",
    "resumable",
    "send_link",
    "set_lang",
    "sign",
    "sms_status",
    "view_link",
    "want_call_back",
    "want_transfer",
]
