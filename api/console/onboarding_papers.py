"""Papers of a handover form: uploaded, fetched, removed."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.attachments import attachment
from api.console.access import me
from api.console.carry import posted_number
from api.console.context import Context
from api.vault.customer_papers import Kept, open_papers
from api.vault.filetypes import LARGEST, plain_name
from models.contract import PaperKind
from models.desk import onboarding
from models.errors import NotFound, RuleError
from models.onboarding import Paper
from models.rows_onboarding import OnboardingPaperRow
from models.staff import Permission


def add(routes: Blueprint, context: Context) -> None:
    """Adds the papers' addresses to the forms' own."""
    vault = open_papers(context.settings)

    @routes.post("/<form_id>/papers")
    def upload(form_id: str) -> ResponseReturnValue:
        file, kind = request.files.get("paper"), request.form.get("kind", "")
        try:
            if not me().may(Permission.CUSTOMERS):
                raise RuleError("Your role does not write handover forms.")
            with context.store.reading() as uow:
                if uow.onboardings.get(form_id) is None:
                    raise NotFound("There is no such form.")
            kept = vault.put(b"" if file is None else file.read(LARGEST + 1))
            try:
                name = plain_name(str(file.filename or "") if file else "") or "-"
                _note(context, form_id, PaperKind(kind), name, kept)
            except BaseException:
                # What no form names would never be found nor deleted.
                vault.delete(kept.object)
                raise
        except NotFound:
            raise
        except (RuleError, ValueError) as error:
            flash(gettext(str(error)), "problem")
        else:
            flash(gettext("The paper is kept."))
        return redirect(url_for(".one", form_id=form_id))

    @routes.post("/<form_id>/papers/<sha256>/remove")
    def remove(form_id: str, sha256: str) -> ResponseReturnValue:
        try:
            with context.store.unit() as uow:
                form = uow.onboardings.locked(form_id).form
                kept = tuple(paper for paper in form.papers if paper.sha256 != sha256)
                wanted = replace(form, papers=kept)
                onboarding.change(
                    uow, form_id, posted_number(), wanted, user=me(), at=context.now()
                )
                uow.commit()
        except NotFound:
            raise
        except RuleError as error:
            flash(gettext(str(error)), "problem")
        return redirect(url_for(".one", form_id=form_id))

    @routes.get("/<form_id>/papers/<int:paper_id>")
    def paper(form_id: str, paper_id: int) -> ResponseReturnValue:
        with context.store.unit() as uow:
            row = uow.onboardings.paper(paper_id)
            if row.onboarding_id != form_id:
                raise NotFound("There is no such paper.")
            uow.audit.add(me().name, "paper.view", f"paper:{paper_id}", at=context.now())
            uow.commit()
        content = vault.get(row.object, row.sha256)
        return attachment(content, name=row.name, media_type=row.media_type)


def _note(context: Context, form_id: str, kind: PaperKind, name: str, kept: Kept) -> None:
    with context.store.unit() as uow:
        form = uow.onboardings.locked(form_id).form
        paper = Paper(kind, name, kept.sha256)
        row = OnboardingPaperRow(
            onboarding_id=form_id,
            name=paper.name,
            media_type=kept.media_type,
            size=kept.size,
            sha256=kept.sha256,
            object=kept.object,
            key_id=kept.key_id,
            by=me().name,
            at=context.now(),
        )
        wanted = replace(form, papers=(*form.papers, paper))
        onboarding.add_paper(uow, form_id, posted_number(), wanted, row, user=me())
        uow.commit()
