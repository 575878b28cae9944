"""Field accuracy on mails of our own making: `python -m benchmarks.mails dev|held_out`.

Every mail goes through the product's own path: bytes, parts read in processes of their own,
recognition of pictures, orders.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping

import click

from api.intake import mail
from benchmarks import mail_heldout, mail_layouts, mail_orders
from benchmarks.mail_layouts import Layout
from nlp.understand import Understander
from nlp.written import orders
from nlp.written.values import Reader

_HALVES: Mapping[str, Mapping[str, tuple[Layout, int]]] = {
    "dev": mail_layouts.DEV,
    "held_out": mail_heldout.HELD_OUT,
}


@click.command()
@click.argument("half", type=click.Choice(list(_HALVES)))
@click.option("--seed", default=1)
@click.option("--json", "as_lines", is_flag=True, help="only the figures, as one JSON object")
@click.option("--only", default="", help="one layout")
@click.option("--totals", is_flag=True, help="no wrong values: for the half that is not looked at")
def main(half: str, seed: int, as_lines: bool, only: str, totals: bool) -> None:
    """Prints what was read right of each mail, and the totals."""
    understander = Understander()
    understander.warm_up()
    sums = [0, 0, 0]
    whole = mails = 0
    for name, (layout, count) in _HALVES[half].items():
        if only not in name:
            continue
        lang = "en" if name.startswith("english") else "zh"
        said, right = mail_orders.orders(half, name, count, lang, seed)
        raw = layout(said)
        began = time.monotonic()
        message = mail.parse(raw)
        head = mail.envelope(message)
        parts = mail.parts(message, forward=head.forward)
        reader = Reader(understander, mail_orders.NOW.replace(tzinfo=None))
        drafts = orders.read(reader, parts, forward=head.forward)
        took = time.monotonic() - began
        read = [{n: f.value for n, f in draft.fields.items()} for draft in drafts]
        correct, wanted, got, wrong = mail_orders.score(right, read, mail_orders.written(said))
        sums = [a + b for a, b in zip(sums, (correct, wanted, got), strict=True)]
        mails += 1
        whole += not wrong and len(read) == len(right)
        if not as_lines:
            print(f"{name:14} {correct}/{wanted} orders {len(read)}/{len(right)} {took:.1f} s")
            refused = [(p.name, p.refused) for p in parts if p.refused]
            for line in [] if totals else [*wrong, *map(str, refused)]:
                print(f"    {line}")
    correct, wanted, got = sums
    figures = {
        "mails": mails,
        "whole": whole,
        "fields": wanted,
        "recall": round(correct / max(wanted, 1), 4),
        "precision": round(correct / max(got, 1), 4),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
