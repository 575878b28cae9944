"""What of a mail's text is new: quoted mails are read when they come, not again (pure)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.written.source import Text

_FORWARD = re.compile(r"^\s*(?:fwd?|转发|轉發)\s*[:：]", re.IGNORECASE)
_SEPARATOR = re.compile(
    r"^\s*(?:-{2,}\s*(?:原始邮件|原邮件|转发的?邮件(?:信息)?|回复的原邮件|original message|forwarded message"
    r"|original appointment)\s*-{2,}|_{20,}|begin forwarded message[:：])\s*$",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"^\s*(?:on\b.{6,120}\bwrote\s*[:：]|.{0,12}\d{4}.{4,100}(?:写道|寫道)\s*[:：]|在.{6,100}写道\s*[:：])\s*$",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"^\s*[*>]*\s*(?:发件人|收件人|抄送|发送时间|发送日期|日期|主题|from|to|cc|sent|date|subject)\s*[*]*\s*[:：]",
    re.IGNORECASE,
)
_FIRST_HEAD = re.compile(r"^\s*[*]*\s*(?:发件人|from)\s*[*]*\s*[:：].*(?:@|<|\[)", re.IGNORECASE)


def is_forward(subject: str) -> bool:
    """Whether a mail passes another one on: then that one is what is to be read."""
    return bool(_FORWARD.match(subject))


def fresh(lines: Sequence[Text], *, forward: bool) -> tuple[Text, ...]:
    """The lines without quoted mails; of a forwarded mail, its text without its head."""
    kept: list[Text] = []
    in_head = False
    for line in lines:
        text = line.text
        begins = bool(_SEPARATOR.match(text) or _WROTE.match(text) or _FIRST_HEAD.match(text))
        if begins and not forward:
            break
        if begins or (in_head and _HEAD.match(text)):
            in_head = True
            continue
        in_head = in_head and not text.strip()
        if text.lstrip().startswith(">"):
            if not forward:
                continue
            kept.append(Text(text.lstrip("> "), line.place, line.confidence))
            continue
        kept.append(line)
    return tuple(kept)
