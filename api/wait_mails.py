"""What clerks and heads are told by e-mail of customers who wait too long, or soon will."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from api.config import Settings
from api.mail import Mail
from models.call import Lang
from models.repositories.outbox import Effect
from models.sla import Wait
from models.store import Store

#: The beginnings of these messages' names.
WAITS = "wait_"
#: Message to its subject and first line.
_TEXTS: Mapping[Lang, Mapping[str, tuple[str, str]]] = {
    "zh": {
        "wait_soon": ("{count}票业务即将超时", "以下业务即将超过时限，请尽快处理："),
        "wait_late": ("{count}票业务已超时", "以下业务已超过时限："),
    },
    "en": {
        "wait_soon": ("Due soon: {count}", "These orders are nearly overdue. Please see to them:"),
        "wait_late": ("Overdue: {count}", "These orders are overdue:"),
    },
}
_WAIT: Mapping[Lang, Mapping[Wait, str]] = {
    "zh": {Wait.CALL_BACK: "回电", Wait.SIGNATURE: "签署", Wait.RELEASE: "放行"},
    "en": {Wait.CALL_BACK: "call back", Wait.SIGNATURE: "signature", Wait.RELEASE: "release"},
}


def wait_mail(store: Store, settings: Settings, effect: Effect) -> Mail | None:
    """The e-mail that an outbox row stands for; None where its orders are gone."""
    wanted = effect.payload
    lang = cast(Lang, wanted["lang"])
    lines = []
    with store.reading() as uow:
        for order_id, wait, due in wanted["waits"]:
            row = uow.board.order_row(order_id)
            if row is None:
                continue
            local = datetime.fromisoformat(due).astimezone(settings.zone)
            lines.append(
                f"{row.number or '-'}  {row.customer or '-'}  {_WAIT[lang][Wait(wait)]} "
                f"{local:%Y-%m-%d %H:%M}  {row.owner or '-'}\n"
                f"{settings.base_url}/console/orders/{order_id}"
            )
    if not lines:
        return None
    subject, first = _TEXTS[lang][str(wanted["what"])]
    body = "\n\n".join([first, *lines]) + "\n"
    return Mail(str(wanted["to"]), subject.format(count=len(lines)), body, effect.key)
