"""Heads of letters and faxes: to whom, from whom, how many pages, of which day (pure).

Their date, names and numbers are not the order's.
"""

from __future__ import annotations

import re

_HEAD = (
    r"致|由|自|呈|收件|发件|抄送|(?:我方|本司|本公司)?传\s*真(?:号码?)?|页\s*[数码]|共?页数|日\s*期|发件日期|发送日期|"
    r"事\s*由|主\s*题|关\s*于|编\s*号|文号|fax(?: no\.?| number)?|date|pages?(?: no\.?)?|no\. of pages|re|subject|cc|ref"
)
_PAIR = re.compile(rf"(?:^|(?<=[\s　]))(?:{_HEAD})\s*[:：]", re.IGNORECASE)
_ANY = re.compile(r"[^\s:：　]*[^\s\d:：　]\s*[:：]")


def is_head(text: str) -> bool:
    """Whether a line begins with such a label, and has no other."""
    plain = text.strip()
    if not _PAIR.match(plain):
        return False
    return len(_ANY.findall(plain)) == len(_PAIR.findall(plain))
