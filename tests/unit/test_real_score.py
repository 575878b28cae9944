"""The scorecard on the desk's own calls: what whole conversations score, and what stays open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from models.call import Call, Disposition, Turn
from models.fields import DangerousGood
from models.order import FieldValue, Order, Source, Status
from nlp.dialogue.actions import Say
from nlp.dialogue.events import CallerSpoke
from nlp.dialogue.settings import DialogueSettings
from nlp.simulation.textcall import TextCall
from nlp.training.real import real_score, speakers
from nlp.training.scorecard import CHECKS, Card
from tests.conversations import load_all, play

AT = datetime(2026, 11, 24, 10, 30)
REQUIRED = DialogueSettings().required
Played = tuple[Call, Order]


@pytest.fixture(scope="module")
def played() -> Callable[[str], Played]:
    found = {one.name: one for one in load_all()}

    def of(name: str) -> Played:
        call = play(found[name])
        made = Call(
            sid="CA1",
            caller=None,
            called=None,
            started_at=AT,
            ended_at=AT,
            lang=call.dialogue.lang,
            disposition=call.disposition,
            turns=said_in(call),
        )
        return made, call.order

    return of


def said_in(call: TextCall) -> tuple[Turn, ...]:
    """What was said, five seconds a turn."""
    turns: list[Turn] = []
    for entry in call.log:
        at = len(turns) * 5000
        if isinstance(entry, Say):
            said = Turn(
                index=len(turns),
                speaker="assistant",
                text=entry.text,
                started_ms=at,
                values=entry.values,
                heard_ratio=1.0,
            )
        elif isinstance(entry, CallerSpoke):
            text = entry.utterance.text
            said = Turn(index=len(turns), speaker="caller", text=text, started_ms=at)
        else:
            continue
        turns.append(said)
    return tuple(turns)


def card_of(call: Call, order: Order | None) -> Card:
    card = real_score(call, order, required=REQUIRED)
    assert card is not None
    return card


def passed(card: Card) -> dict[str, bool | None]:
    return {check.name: check.passed for check in card.checks}


@pytest.mark.parametrize("name", ["zh_whole_order", "en_whole_order"])
def test_the_assistant_takes_a_whole_order_by_the_book(
    name: str, played: Callable[[str], Played]
) -> None:
    card = card_of(*played(name))
    assert passed(card) == {**dict.fromkeys(CHECKS, True), "signed": None}
    assert (card.points, card.asked) == (7, 7)


def test_a_signature_passes_and_a_lapsed_link_fails(played: Callable[[str], Played]) -> None:
    call, order = played("zh_whole_order")
    signed = replace(order, status=Status.SIGNED, signed_version=order.version)
    assert passed(card_of(call, signed))["signed"] is True
    assert passed(card_of(call, replace(order, status=Status.EXPIRED)))["signed"] is False


@pytest.mark.parametrize(
    ("words", "failed"),
    [
        ("请听空运禁运通知", "prohibited"),
        ("服装，", "read_back"),
        ("再见", "goodbye"),
        ("您好，这里是", "greeting"),
        ("短信", "link"),
        ("有没有", "danger_asked"),
    ],
)
def test_what_the_desk_left_out_fails(
    words: str, failed: str, played: Callable[[str], Played]
) -> None:
    call, order = played("zh_whole_order")
    less = tuple(t for t in call.turns if t.speaker == "caller" or words not in t.text)
    if failed == "read_back":
        less = tuple(
            t if t.speaker == "caller" else replace(t, values={}, text=t.text.replace("服装", ""))
            for t in call.turns
        )
    assert len(less) < len(call.turns) or failed == "read_back"
    assert passed(card_of(replace(call, turns=less), order))[failed] is False


def test_a_field_that_orders_need_is_missed(played: Callable[[str], Played]) -> None:
    call, order = played("zh_whole_order")
    fields = {name: known for name, known in order.fields.items() if name != "goods"}
    card = card_of(call, replace(order, fields=fields))
    recorded = next(check for check in card.checks if check.name == "recorded")
    assert (recorded.passed, recorded.lacking) == (False, ("goods",))


def test_a_callback_on_a_written_order_cannot_show_how_it_was_recorded(
    played: Callable[[str], Played],
) -> None:
    call, order = played("zh_verify_at_once")
    card = card_of(call, replace(order, call_sid=None, channel="email"))
    assert passed(card)["recorded"] is None
    assert passed(card)["read_back"] is True


def test_who_names_dangerous_goods_need_not_be_asked(played: Callable[[str], Played]) -> None:
    call, order = played("zh_whole_order")
    source = Source(heard="锂电池", confidence=0.9, changed_by="caller", turn=1)
    goods = FieldValue((DangerousGood("锂电池", "9", "UN3480"),), source)
    named = order.change({"dangerous": goods})
    assert passed(card_of(call, named))["danger_asked"] is True
    silent = tuple(t for t in call.turns if t.speaker == "caller" or "有没有" not in t.text)
    assert passed(card_of(replace(call, turns=silent), named))["danger_asked"] is None


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("zh_hangs_up_half_way", {"greeting"}),
        ("zh_agent", {"greeting"}),
        ("zh_wrong_number", {"greeting", "goodbye"}),
        ("zh_not_effective_out_of_hours", {"greeting", "goodbye"}),
    ],
)
def test_a_call_without_an_order_is_judged_by_its_manners(
    name: str, asked: set[str], played: Callable[[str], Played]
) -> None:
    card = card_of(*played(name))
    assert {name for name, how in passed(card).items() if how is not None} == asked
    assert card.points == card.asked


def test_who_is_cut_off_while_talking_need_not_have_said_goodbye(
    played: Callable[[str], Played],
) -> None:
    call, order = played("zh_whole_order")
    *rest, last = call.turns
    cut = replace(call, turns=(*rest[:-1], replace(last, text="那么", heard_ratio=0.3)))
    assert passed(card_of(cut, order))["goodbye"] is None


def test_a_clerks_words_count_beside_the_assistants(played: Callable[[str], Played]) -> None:
    call, order = played("zh_whole_order")
    half = len(call.turns) // 2
    turns = tuple(
        replace(t, speaker="clerk", heard_ratio=None) if t.index > half else t
        for t in call.turns
        if t.index <= half or t.speaker == "assistant"
    )
    both = replace(call, turns=turns)
    assert speakers(both) == {"assistant", "clerk"}
    assert card_of(both, order).points == 7
    alone = replace(call, turns=tuple(replace(t, speaker="clerk") for t in turns))
    assert speakers(alone) == {"clerk"}
    assert card_of(alone, order).points == 7


def handed_over(call: Call) -> Call:
    """The assistant greets and leaves; everything else is a person's."""
    first, *rest = call.turns
    turns = [
        replace(t, speaker="clerk", heard_ratio=None, values={}) if t.speaker == "assistant" else t
        for t in rest
    ]
    return replace(call, turns=(first, *turns), disposition=Disposition.TRANSFERRED)


def typed(order: Order, *names: str) -> Order:
    """Values that a clerk wrote."""
    by = Source(heard="", confidence=1.0, changed_by="clerk:anna")
    return replace(
        order,
        fields={n: replace(k, source=by) if n in names else k for n, k in order.fields.items()},
    )


def test_what_a_person_says_after_taking_over_is_scored_as_a_whole(
    played: Callable[[str], Played],
) -> None:
    call, order = played("zh_whole_order")
    mine = typed(order, *order.fields)
    card = card_of(handed_over(call), mine)
    assert (card.points, card.asked) == (7, 7)
    silent = replace(call, turns=call.turns[:1], disposition=Disposition.TRANSFERRED)
    assert card_of(silent, mine).asked == 1


def test_a_person_must_read_back_what_he_writes_in_the_call_not_what_he_writes_later(
    played: Callable[[str], Played],
) -> None:
    call, order = played("zh_whole_order")
    handed = handed_over(call)
    other = replace(order.fields["goods"], value="轴承")
    mine = typed(replace(order, fields={**order.fields, "goods": other}), "goods")
    assert passed(card_of(handed, mine))["read_back"] is False
    late = real_score(handed, mine, required=REQUIRED, later={"goods"})
    assert late is not None
    assert passed(late)["read_back"] is True


def test_what_may_be_in_a_gap_is_held_against_nobody(played: Callable[[str], Played]) -> None:
    call, order = played("zh_whole_order")
    handed = handed_over(call)
    less = replace(handed, turns=tuple(t for t in handed.turns if "禁运" not in t.text))
    assert passed(card_of(less, order))["prohibited"] is False
    with_gap = real_score(less, order, required=REQUIRED, gaps=True)
    assert with_gap is not None
    assert passed(with_gap)["prohibited"] is None
    assert passed(with_gap)["greeting"] is True


def test_a_person_who_was_only_asked_something_is_judged_by_manners(
    played: Callable[[str], Played],
) -> None:
    call, order = played("zh_whole_order")
    assert card_of(handed_over(call), None).asked == 2
    assert card_of(handed_over(call), replace(order, status=Status.CANCELLED)).asked == 2


def test_a_call_that_runs_or_in_which_nobody_spoke_has_no_score(
    played: Callable[[str], Played],
) -> None:
    call, order = played("zh_whole_order")
    assert real_score(replace(call, ended_at=None), order, required=REQUIRED) is None
    assert real_score(replace(call, turns=()), order, required=REQUIRED) is None
