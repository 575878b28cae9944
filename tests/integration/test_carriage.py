"""How dangerous goods may travel: the desk's own list first, the product's else."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.config import Settings
from api.console.carriage import KIND, Carriage, carriage_of
from models import dangerous_list
from models.call import Lang
from models.desk import texts
from models.fields import DangerousGood
from models.store import Store
from tests.console import Desk, log_in, post
from tests.orders import NOW

GAS = DangerousGood("丙烷", "2.1", "UN1978")


def carried(store: Store, good: DangerousGood) -> Carriage:
    with store.reading() as uow:
        (found,) = carriage_of(uow, [good])
    return found


def publish(store: Store, lang: Lang, text: str) -> None:
    with store.unit() as uow:
        body = dangerous_list.read(text, lang)
        version = texts.write(uow, KIND, lang, lambda _: body, note="", by="root", at=NOW)
        texts.publish(uow, KIND, lang, version, by="root", at=NOW)
        uow.commit()


@pytest.mark.parametrize(
    ("good", "air", "rail"),
    [
        (GAS, "forbidden", "papers"),
        (DangerousGood("锂电池", "9", "UN3480"), "papers", "papers"),
        (DangerousGood("丙烷", None, None), "forbidden", "papers"),
        (DangerousGood("propane", None, None), "forbidden", "papers"),
        (DangerousGood("月光石", None, None), "", ""),
        (DangerousGood("月光石", "1", "UN9999"), "", ""),
    ],
)
def test_the_products_list_tells_by_number_or_name(
    store: Store, good: DangerousGood, air: str, rail: str
) -> None:
    found = carried(store, good)
    assert (found.air, found.rail, found.road, found.own) == (air, rail, "", False)


def test_the_desks_own_list_goes_before(store: Store) -> None:
    publish(store, "en", "propane gas | 2.1 | UN1978 | papers | forbidden | papers")
    found = carried(store, GAS)
    assert (found.air, found.rail, found.road, found.own) == ("papers", "forbidden", "papers", True)
    assert found.by("rail") == "forbidden"
    assert found.by("warehouse") == found.by(None) == ""
    publish(store, "zh", "丙烷 | 2.1")
    assert carried(store, DangerousGood("丙烷", None, None)).air == "forbidden"


def test_the_order_tells_what_may_not_fly_in_both_languages(store: Store, tmp_path: Path) -> None:
    desk = Desk(store, Settings(data=tmp_path, home=tmp_path))
    desk.user()
    desk.dangerous(desk.call())
    client = desk.app().test_client()
    log_in(client)
    page = client.get("/console/orders/o1").get_data(as_text=True)
    assert "须申报并凭文件" in page
    assert "UN3480" in page
    assert "禁止空运" not in page
    publish(store, "zh", "锂电池 | 9 | UN3480 | forbidden | papers | papers")
    page = client.get("/console/orders/o1").get_data(as_text=True)
    assert "锂电池：禁止空运。" in page
    assert "本公司清单" in page
    english = post(client, "/console/lang", lang="en", next="/console/orders/o1")
    assert "锂电池: forbidden by air." in english.get_data(as_text=True)  # type: ignore[attr-defined]
