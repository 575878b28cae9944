"""The words of the page that verifies documents."""

from __future__ import annotations

from collections.abc import Mapping

from models.call import Lang

VERIFY: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        "title": "验证已签文件",
        "intro": "上传由我们出具的已签《危险货物通知函》（PDF），系统会检查它是否由本公司签章、"
        "签章后是否被改动过。文件只用于验证，不会保存。",
        "file": "选择 PDF 文件（不超过 4 MB）",
        "check": "验证",
        "genuine": "文件真实，自签章以来一个字节也没有改动。",
        "not_genuine": "验证不通过：文件不是本公司出具的，或者已被改动。",
        "no_file": "请选择一个文件。",
        "too_large": "文件太大，不是本公司出具的文件。",
        "signer": "签章者",
        "at": "签章时间",
        "stamp": "时间戳",
        "unknown": "（时间戳机构未核实）",
        "fingerprint": "证书指纹",
        "hash": "文件摘要",
        "standing": "效力",
        "in_force": "对应订单的当前内容，签署有效。",
        "superseded": "订单后来有更改或已取消，这份签署不再有效。",
        "not_on_file": "文件真实，但本系统没有它的存档。",
        "other": "English",
        "other_lang": "en",
    },
    "en": {
        "title": "Verify a signed document",
        "intro": "Upload a signed Dangerous Goods Notice (PDF) of ours. We check that our company "
        "sealed it and that nothing was changed since. The file is not kept.",
        "file": "Choose a PDF file (4 MB at most)",
        "check": "Verify",
        "genuine": "Genuine: not a byte was changed since it was sealed.",
        "not_genuine": "Not genuine: it is not a document of ours, or it was changed.",
        "no_file": "Please choose a file.",
        "too_large": "The file is too large to be one of ours.",
        "signer": "Sealed by",
        "at": "Sealed at",
        "stamp": "Time stamp",
        "unknown": " (an authority not verified here)",
        "fingerprint": "Certificate",
        "hash": "Digest",
        "standing": "Standing",
        "in_force": "It is for the order as it stands: the signature counts.",
        "superseded": "The order was changed or cancelled later: this signature no longer counts.",
        "not_on_file": "Genuine, but there is no copy of it on file here.",
        "other": "中文",
        "other_lang": "zh",
    },
}
