"""What the desk's e-mails to a signer say, in both languages; the signer's own stands first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from api.config import Settings
from models.call import Lang

What = Literal["link", "changed", "reminder", "code"]

_SUBJECTS: Mapping[What, tuple[str, str]] = {
    "link": ("请签署《危险货物通知函》：订单{number}", "Please sign: order {number}"),
    "changed": ("订单{number}已更改，请重新签署", "Order {number} changed, please sign again"),
    "reminder": ("提醒：订单{number}尚未签署", "A reminder: order {number} is not signed yet"),
    "code": ("签署验证码", "Your code for signing"),
}
_BODIES: Mapping[Lang, Mapping[What, str]] = {
    "zh": {
        "link": (
            "您好，\n\n订单{number}已登记。请打开下面的链接，核对订单并签署《危险货物通知函》，"
            "{until}前有效：\n{link}\n\n{goods}"
        ),
        "changed": (
            "您好，\n\n订单{number}的内容已更改，之前的签署或链接不再有效。请打开下面的新链接，"
            "核对订单并重新签署《危险货物通知函》，{until}前有效：\n{link}\n\n{goods}"
        ),
        "reminder": (
            "您好，\n\n订单{number}尚未签署《危险货物通知函》，签署后我们才能安排运输。"
            "请打开下面的链接签署，{until}前有效：\n{link}\n\n{goods}"
        ),
        "code": "您好，\n\n签署验证码：{code}，10分钟内有效。请勿告诉他人。",
    },
    "en": {
        "link": (
            "Hello,\n\norder {number} is on file. Please open this link, check the order and sign "
            "the Dangerous Goods Notice by {until}:\n{link}\n\n{goods}"
        ),
        "changed": (
            "Hello,\n\norder {number} was changed; what was signed or sent before no longer "
            "counts. Please open the new link, check the order and sign the Dangerous Goods "
            "Notice again by {until}:\n{link}\n\n{goods}"
        ),
        "reminder": (
            "Hello,\n\norder {number} still waits for your signature on the Dangerous Goods "
            "Notice; we can ship once it is signed. Please open this link by {until}:\n{link}\n\n"
            "{goods}"
        ),
        "code": (
            "Hello,\n\nyour code for signing is {code}, valid for 10 minutes. Tell it to nobody."
        ),
    },
}
_GOODS: Mapping[Lang, str] = {
    "zh": "危险品、违禁品以及法律禁止运输的物品不得夹带托运；如有疑问请先致电我们。",
    "en": (
        "Dangerous and prohibited goods must not be shipped undeclared. "
        "If you are not sure, please call us first."
    ),
}
_AUTOMATIC: Mapping[Lang, str] = {
    "zh": "本邮件由系统自动发送，链接仅供您本人使用。",
    "en": "This e-mail is sent by the system; the link is for you alone.",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """Subject and text of an e-mail."""

    subject: str
    body: str


def letter(settings: Settings, what: What, lang: Lang, **given: str) -> Letter:
    """The e-mail; `given` are the values that its texts name."""
    first, second = (lang, "en" if lang == "zh" else "zh")
    subjects = dict(zip(("zh", "en"), _SUBJECTS[what], strict=True))
    parts = [_part(settings, what, "zh" if one == "zh" else "en", given) for one in (first, second)]
    subject = f"{subjects[first]} / {subjects[second]}".format(**given)
    return Letter(" ".join(subject.split()), "\n\n----\n\n".join(parts) + "\n")


def _part(settings: Settings, what: What, lang: Lang, given: Mapping[str, str]) -> str:
    company = settings.company_zh if lang == "zh" else settings.company_en
    text = _BODIES[lang][what].format(**given, goods=_GOODS[lang])
    return f"{text}\n\n{company}\n{_AUTOMATIC[lang]}"
