"""The signed document's time stamp: asked for, verified, and as safe as every other byte."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from api.commands.verify import command as verify
from api.config import Settings
from api.signed.check import NotGenuine, check
from api.signed.papers import Papers
from api.signed.seal import known_authorities, known_chains, read_chain
from models.errors import ExternalError
from models.store import Store
from tests.integration.test_paper import signed
from tests.tsa_standin import StandInAuthority, authority


@pytest.fixture(scope="module")
def clock() -> Iterator[StandInAuthority]:
    with authority() as found:
        yield found


@pytest.fixture
def settings(tmp_path: Path, clock: StandInAuthority) -> Settings:
    return Settings(
        data=tmp_path / "data",
        home=tmp_path,
        tsa_url=clock.url,
        tsa_certificate=clock.write_certificate(tmp_path / "tsa.pem"),
    )


def made(store: Store, settings: Settings) -> bytes:
    signed(store)
    return Papers(store, settings).ensure("o1", 1)


def test_the_authoritys_time_is_in_the_document_and_verified(
    store: Store, settings: Settings, clock: StandInAuthority, tmp_path: Path
) -> None:
    pdf = made(store, settings)
    found = check(pdf, known_chains(settings), known_authorities(settings))
    assert found.stamped_at is not None
    assert abs(datetime.now(UTC) - found.stamped_at) < timedelta(minutes=10)
    assert (found.stamped_by, found.authority_known) == (clock.name, True)
    alone = check(pdf, known_chains(settings))
    assert (alone.stamped_at, alone.authority_known) == (found.stamped_at, False)
    file = tmp_path / "paper.pdf"
    file.write_bytes(pdf)
    (certificate,) = (settings.data_dir / "certificates").iterdir()
    arguments = [str(file), "--certificate", str(certificate)]
    told = CliRunner().invoke(verify, [*arguments, "--authority", str(tmp_path / "tsa.pem")])
    assert told.exit_code == 0, told.output
    assert f"by {clock.name}\n" in told.output
    assert "not verified here" in CliRunner().invoke(verify, arguments).output


def test_a_changed_byte_of_the_stamp_is_found(store: Store, settings: Settings) -> None:
    pdf = made(store, settings)
    chains, known = known_chains(settings), known_authorities(settings)
    start = pdf.index(b"/Contents <") + len(b"/Contents <")
    end = pdf.index(b">", start)
    used = len(pdf[start:end].rstrip(b"0"))
    # The token lies in the signed attributes, in the container's second half.
    for at in range(start, start + used, 37):
        other = b"1" if pdf[at : at + 1] != b"1" else b"2"
        with pytest.raises(NotGenuine):
            check(pdf[:at] + other + pdf[at + 1 :], chains, known)


def test_a_stamp_of_another_authority_is_refused(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    pdf = made(store, settings)
    other = StandInAuthority("Time of nowhere").write_certificate(tmp_path / "other.pem")
    with pytest.raises(NotGenuine):
        check(pdf, known_chains(settings), read_chain(other.read_bytes()))
    wrong = settings.model_copy(update={"tsa_certificate": other, "data": tmp_path / "new"})
    signed(store, "o2")
    with pytest.raises(ExternalError, match="INTAKE_TSA_CERTIFICATE"):
        Papers(store, wrong).ensure("o2", 1)


def test_an_authority_that_is_away_is_asked_again(
    store: Store, settings: Settings, clock: StandInAuthority
) -> None:
    signed(store)
    clock.down = True
    try:
        with pytest.raises(ExternalError) as told:
            Papers(store, settings).ensure("o1", 1)
        assert told.value.retryable
        with store.reading() as uow:
            assert uow.papers.get("o1", 1) is None
    finally:
        clock.down = False
    assert check(Papers(store, settings).ensure("o1", 1), known_chains(settings)).stamped_at


def test_url_and_certificate_go_together(store: Store, settings: Settings) -> None:
    signed(store)
    alone = settings.model_copy(update={"tsa_certificate": None})
    with pytest.raises(ExternalError, match="both"):
        Papers(store, alone).ensure("o1", 1)
