"""`intake verify`: whether a signed document is genuine."""

from __future__ import annotations

from pathlib import Path

import click

from api.config import Settings
from api.signed.check import LARGEST, NotGenuine, check
from api.signed.seal import known_authorities, known_chains, read_chain


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--certificate",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="PEM file with the company's certificate; without it those of this installation.",
)
@click.option(
    "--authority",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="PEM file with the time-stamping authority's root; without it those of this installation.",
)
def command(file: Path, certificate: Path | None, authority: Path | None) -> None:
    """Verify a signed document; the exit code is 0 only for a genuine one."""
    chains = [read_chain(certificate.read_bytes())] if certificate else known_chains(Settings())
    authorities = () if certificate else known_authorities(Settings())
    if authority:
        authorities = read_chain(authority.read_bytes())
    if not chains:
        raise NotGenuine("No certificate is known here. Give one by --certificate.")
    with file.open("rb") as opened:
        genuine = check(opened.read(LARGEST + 1), chains, authorities)
    click.echo(f"Genuine: not a byte of {file} was changed since it was sealed.")
    click.echo(f"sealed by    {genuine.signer}")
    click.echo(f"sealed at    {genuine.signed_at.isoformat()}")
    click.echo(f"certificate  {genuine.fingerprint}")
    click.echo(f"sha256       {genuine.sha256}")
    if genuine.stamped_at is not None:
        known = "" if genuine.authority_known else " (an authority not verified here)"
        click.echo(f"time stamp   {genuine.stamped_at.isoformat()} by {genuine.stamped_by}{known}")
