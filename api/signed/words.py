"""The signed document's own words: Chinese, with English beside it where English was signed."""

from __future__ import annotations

from collections.abc import Mapping

from models.call import Lang

_WORDS: Mapping[str, tuple[str, str]] = {
    "verify_at": ("验证：", "Verify at"),
    "number": ("订单号", "Order"),
    "version": ("版本", "version"),
    "order": ("订单内容", "The order"),
    "declared": ("已申报的危险品", "Dangerous goods declared"),
    "declared_none": ("未申报任何危险品。", "No dangerous goods were declared."),
    "notice": ("通知", "The notice"),
    "sources": ("依据：", "Sources:"),
    "declaration": ("声明", "Declaration"),
    "signature": ("签署", "Signature"),
    "drawn": ("手写签名", "Drawn signature"),
    "typed_only": ("未手写签名，以填写的姓名签署。", "Signed by the typed name."),
    "audit": ("签署过程记录", "Record of the signing"),
    "audit_intro": (
        "本页由系统自动生成，记录签署前后的事实。时间为公司所在地时间。",
        "Made by the system: what happened before and at the signing, in the desk's local time.",
    ),
    "digests": ("摘要（SHA-256）", "Digests (SHA-256)"),
    "digest_how": (
        "附件 record.json 含所签订单和通知的原文，其摘要须与上列一致。"
        "本文件带有公司的电子签名（PAdES），任何改动都会使其失效。",
        "The attached record.json holds the very texts of the order and the notice; their digests "
        "are those above. This file carries the company's electronic signature (PAdES), which any "
        "change voids.",
    ),
    "record": ("所签订单与通知的原文", "The texts that were signed"),
    "semicolon": ("；", "; "),
    "name": ("签署人", "Signed by"),
    "at": ("签署时间", "Signed at"),
    "mobile": ("手机或邮箱", "Mobile or e-mail"),
    "proven": ("验证码验证", "Proven by code"),
    "unproven": ("未要求", "not asked for"),
    "ip": ("网络地址", "Network address"),
    "browser": ("浏览器", "Browser"),
    "call": ("通话", "The call"),
    "call_id": ("通话编号", "Call"),
    "heard": ("通知播放", "Notice played"),
    "heard_ratio": ("已听", "heard"),
    "not_heard": ("本版本无播放记录", "not played for this version"),
    "messages": ("短信与邮件", "Messages"),
    "link": ("签署链接", "Signing link"),
    "code": ("验证码", "Code"),
    "by_sms": ("短信", "by text message"),
    "by_mail": ("电子邮件", "by e-mail"),
    "handed": ("已交邮件服务器", "taken by the mail server"),
    "to": ("发往", "to"),
    "sent": ("发送", "sent"),
    "valid": ("有效期至", "valid until"),
    "page": ("签署页面", "The signing page"),
    "opened": ("打开", "Opened"),
    "code_asked": ("请求验证码", "Code asked for"),
    "code_wrong": ("验证码错误", "Wrong code"),
    "code_right": ("验证码正确", "Right code"),
    "signed": ("签署", "Signed"),
    "order_digest": ("订单", "Order"),
    "notice_digest": ("通知", "Notice"),
    "notice_id": ("通知编号", "Notice"),
    "language": ("签署语言", "Language"),
    "accepted": ("已受理", "accepted"),
    "scheduled": ("已排期", "scheduled"),
    "queued": ("排队中", "queued"),
    "sending": ("发送中", "sending"),
    "delivered": ("已送达", "delivered"),
    "undelivered": ("未送达", "undelivered"),
    "failed": ("失败", "failed"),
    "canceled": ("已取消", "cancelled"),
    "read": ("已读", "read"),
}


def words(lang: Lang) -> dict[str, str]:
    """The words of a document that was signed in `lang`."""
    if lang == "zh":
        return {key: zh for key, (zh, _) in _WORDS.items()}
    return {key: en if len(zh) == 1 else f"{zh} {en}" for key, (zh, en) in _WORDS.items()}
