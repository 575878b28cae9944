"""Versions of texts in addresses and forms, and putting one of the desk's own texts into force."""

from __future__ import annotations

from flask import request

from api.console.access import me
from api.console.context import Context
from models.call import Lang
from models.desk import texts
from models.errors import NotFound

#: More digits are no version, and no number of databases.
_DIGITS = 9


def version_of(text: str) -> int:
    """A version's number. Raises NotFound where it is none."""
    if not text.isdecimal() or len(text) > _DIGITS:
        raise NotFound("There is no such version.")
    return int(text)


def put_into_force(context: Context, kind: str, lang: Lang) -> None:
    """Publishes the version that a form names; none is the product's own text. Raises NotFound."""
    text = request.form.get("version", "")
    version = version_of(text) if text else None
    with context.store.unit() as uow:
        texts.publish(uow, kind, lang, version, by=me().name, at=context.now())
        uow.commit()
