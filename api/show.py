"""How a simulated call looks in the terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.caller import CallResult

_STYLES = {"assistant": "cyan", "caller": "green", "clerk": "yellow"}


def show_turn(console: Console, turn: dict[str, Any]) -> None:
    """One turn of the conversation: time, speaker, text."""
    line = Text(f"{turn['started_ms'] / 1000:7.1f} s  ", style="dim")
    line.append(f"{turn['speaker']:<10}", style=_STYLES[turn["speaker"]])
    line.append(turn["text"])
    if turn["confidence"] is not None:
        line.append(f"  ({turn['confidence']:.2f})", style="dim")
    console.print(line)


def show_result(console: Console, result: CallResult) -> None:
    """The order with provenance, the text messages, and where everything is kept."""
    call, order = result.call, result.order
    if order is not None:
        console.print(_order_table(order, result.wrong))
        for message in order["messages"]:
            length = f"{message['encoding']}, {message['segments']} segment(s)"
            console.print(f"SMS to {message['mobile']} ({message['status']}; {length}):")
            console.print(f"    {message['body']}", soft_wrap=True)
        console.print(f"Order {order['number']}: {order['status']}, version {order['version']}")
    console.print(f"Recording: {call['recording']}", soft_wrap=True)
    console.print(f"Transcript: GET /api/v1/calls/{call['call_sid']}", soft_wrap=True)
    times = sorted(result.report.response_ms)
    if times:
        console.print(f"Response time: median {times[len(times) // 2]} ms, longest {times[-1]} ms")
    for name, (wanted, stored) in result.wrong.items():
        console.print(f"[red]{name}: ordered {wanted!r}, stored {stored!r}[/red]")


def _order_table(order: dict[str, Any], wrong: dict[str, tuple[object, object]]) -> Table:
    table = Table("field", "value", "heard", "confidence", "turn", "seconds", "changed by")
    for name, kept in order["fields"].items():
        began, ended = kept["started_ms"], kept["ended_ms"]
        span = "" if began is None or ended is None else f"{began / 1000:.1f}-{ended / 1000:.1f}"
        table.add_row(
            name,
            str(kept["value"]),
            kept["heard"],
            f"{kept['confidence']:.2f}",
            "" if kept["turn"] is None else str(kept["turn"]),
            span,
            kept["changed_by"],
            style="red" if name in wrong else None,
        )
    return table
