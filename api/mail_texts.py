"""What the desk's e-mails to its own people say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from api.config import Settings
from api.mail import Mail
from models import links
from models.call import Lang
from models.repositories.outbox import Effect
from models.store import Store

#: Message to its subject and body. `{link}` is a manager's own link, `{page}` the form's page.
_TEXTS: Mapping[Lang, Mapping[str, tuple[str, str]]] = {
    "zh": {
        "approve": (
            "请审批《客户服务交接表》：{company}",
            "{company} 的《客户服务交接表》等待您审批。\n\n"
            "请打开下面的链接查看并批准或退回，链接7天内有效，只能用一次，请勿转发：\n{link}\n\n"
            "也可以在工作台处理：\n{page}\n",
        ),
        "returned": (
            "《客户服务交接表》已退回：{company}",
            "{company} 的《客户服务交接表》被退回。原因：{reason}\n\n请修改后重新提交：\n{page}\n",
        ),
        "effective": (
            "《客户服务交接表》已生效：{company}",
            "{company} 的《客户服务交接表》已全部批准，可以接单。\n"
            "初期的订单由客服主管亲自处理，直到主管结束初期。\n{page}\n",
        ),
        "exception_remind": (
            "请补齐手续：{company}",
            "{company} 凭电话同意先行接单，手续须在 {due} 前批准完毕，否则自动停止接单。\n{page}\n",
        ),
        "exception_escalate": (
            "手续即将到期：{company}",
            "{company} 凭电话同意先行接单，{due} 到期，手续仍未批准完毕。到期后自动停止接单。\n"
            "同意人：{leader}\n{page}\n",
        ),
        "exception_suspended": (
            "已停止接单：{company}",
            "{company} 的手续在 {due} 前没有批准完毕，已自动停止接单。批准完毕后自动恢复。\n"
            "同意人：{leader}\n{page}\n",
        ),
    },
    "en": {
        "approve": (
            "Please approve the handover form: {company}",
            "The customer service handover form of {company} waits for your approval.\n\n"
            "Please open this link to approve it or to return it. It is valid for 7 days, serves "
            "once, and is yours alone:\n{link}\n\nYou can do so in the console, too:\n{page}\n",
        ),
        "returned": (
            "Handover form returned: {company}",
            "The handover form of {company} was returned. Reason: {reason}\n\n"
            "Please change it and submit it again:\n{page}\n",
        ),
        "effective": (
            "Handover form in force: {company}",
            "Everybody approved the handover form of {company}; its orders can be taken.\n"
            "During the first period the head of customer service takes them personally.\n{page}\n",
        ),
        "exception_remind": (
            "Papers wanted: {company}",
            "{company} may order by an exception by phone. Its papers have to be approved by "
            "{due}; after that its orders are stopped.\n{page}\n",
        ),
        "exception_escalate": (
            "Papers nearly overdue: {company}",
            "{company} may order by an exception by phone until {due}, and its papers are not "
            "approved yet. After that its orders are stopped.\nAllowed by: {leader}\n{page}\n",
        ),
        "exception_suspended": (
            "Orders stopped: {company}",
            "The papers of {company} were not approved by {due}; its orders are stopped. They go "
            "on once the papers are approved.\nAllowed by: {leader}\n{page}\n",
        ),
    },
}


def mail_of(store: Store, settings: Settings, effect: Effect) -> Mail | None:
    """The e-mail that an outbox row stands for; None where its form is gone."""
    wanted = effect.payload
    with store.reading() as uow:
        form = uow.onboardings.get(str(wanted["onboarding_id"]))
        if form is None:
            return None
        exception = uow.exceptions.latest(form.customer_id)
        token = links.token(uow.secret, str(wanted["nonce"])) if "nonce" in wanted else ""
    subject, body = _TEXTS[cast(Lang, wanted["lang"])][str(wanted["what"])]
    words = {
        "company": form.form.company,
        "link": f"{settings.base_url}/approve/{token}",
        "page": f"{settings.base_url}/console/onboarding/{form.id}",
        "reason": form.returned,
        "due": "" if exception is None else _moment(exception.due, settings),
        "leader": "" if exception is None else exception.leader,
    }
    subject = " ".join(subject.format(**words).split())
    return Mail(str(wanted["to"]), subject, body.format(**words), effect.key)


def _moment(at: datetime, settings: Settings) -> str:
    return at.astimezone(settings.zone).strftime("%Y-%m-%d %H:%M")
