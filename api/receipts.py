"""The e-mail that tells a sender that orders came in and what happens now.

It says the same to everybody: who is in the register, and who may order, is told in the call-back
alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast
from urllib.parse import unquote, urlsplit

from api.config import Settings
from api.intake import mail
from api.mail import Mail
from models.call import Lang
from models.repositories.outbox import Effect
from models.store import Store

#: The name of this message in an outbox row.
RECEIVED = "received"
_TEXTS: Mapping[Lang, str] = {
    "zh": (
        "您好！\n\n您的邮件已收到，其中有 {count} 票委托。我们马上给您回电，逐项核对；"
        "未经电话核对的委托不办理。如果票数不对，请在电话里告诉我们。\n\n"
        "请注意：航空和铁路禁止夹带危险品，例如锂电池、充电宝、打火机、油漆、酒精、压缩气体、"
        "腐蚀品和强磁性物品。货物中如有这类物品，请在电话里说明；"
        "核对后我们会发送《危险货物通知函》的签署链接。\n\n此邮件由系统自动发送，请勿直接回复。\n"
    ),
    "en": (
        "Hello,\n\nYour e-mail has arrived; it holds {count} order(s). We call you back at once "
        "and go through every item: nothing is carried before. Please tell us on the telephone "
        "if the number of orders is not right.\n\n"
        "Please note: dangerous goods such as lithium batteries, power banks, lighters, paint, "
        "alcohol, compressed gas, corrosives and strong magnets must not be hidden in shipments "
        "by air or rail. Tell us on the telephone if there are any; afterwards we send the link "
        "to sign the Dangerous Goods Notice.\n\nThis e-mail was sent automatically; please do "
        "not answer it.\n"
    ),
}
_ID = re.compile(r"[^\s<>]{1,200}")


def receipt(store: Store, settings: Settings, effect: Effect) -> Mail | None:
    """The e-mail that an outbox row stands for; None where none may be sent: none are wanted, the
    mail is gone, or it is one that machines leave alone."""
    wanted = effect.payload
    with store.reading() as uow:
        raw = uow.mails.raw(str(wanted["mail_id"]))
    message = mail.parse(raw)
    to = str(wanted["to"])
    mailbox = unquote(urlsplit(settings.imap_url.get_secret_value()).username or "")
    ours = {settings.mail_from.lower(), mailbox.lower()}
    if not raw or not settings.mail_receipts or to in ours or not mail.is_answerable(message):
        return None
    head = mail.envelope(message)
    subject = head.subject if head.subject.lower().startswith("re:") else f"Re: {head.subject}"
    body = _TEXTS[cast(Lang, wanted["lang"])].format(count=wanted["count"])
    answers = head.message_id if _ID.fullmatch(head.message_id) else ""
    return Mail(to, " ".join(subject.split()), body, effect.key, answers)
