"""One step of a person, in a unit of its own; a refused one says why on the page that follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from models.errors import NotFound, RuleError
from models.store import Store, UnitOfWork

T = TypeVar("T")


#: More digits are no number of ours, and no number of databases.
_DIGITS = 9


def posted_number(name: str = "version") -> int:
    """A number that the form brings, such as the version that the page showed; -1 for none."""
    text = request.form.get(name, "")
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else -1


def carry_out(
    store: Store, step: Callable[[UnitOfWork], T], done: Callable[[T], str], target: str
) -> ResponseReturnValue:
    """Takes the step and goes on to `target`.

    Args:
        done: what the person is told of the step's result.

    Raises:
        NotFound: there is nothing to take the step with.
    """
    try:
        with store.unit() as uow:
            result = step(uow)
            uow.commit()
    except NotFound:
        raise
    except RuleError as error:
        flash(gettext(str(error)), "problem")
    else:
        flash(done(result))
    return redirect(target)
