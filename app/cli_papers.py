"""`flask papers`: check the layout of a file, compare a file with the issued paper."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from app import documents
from app.documents.checks import report
from app.services.papers import verify_content

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("papers", help="公文。")
def papers() -> None:
    """Work on official documents."""


@papers.command(
    "check", help="按 GB/T 9704-2012 逐条检查 .docx 的版式，列出条款；装有 LibreOffice 时一并检查版面。"
)
@click.argument("file", type=FILE)
def check(file: Path) -> None:
    """Check any .docx; needs no database."""
    render = documents.preview_pdf if documents.available() else None
    try:
        status, text = report.check_file(file, render)
    except documents.PreviewError as error:
        click.echo(f"版面未检查：{error}")
        status, text = report.check_file(file)
    click.echo(text)
    if status:
        raise SystemExit(status)


@papers.command("verify", help="核对文件是否与已印发公文的存档一致（SHA-256）。")
@click.argument("file", type=FILE)
@with_appcontext
def verify(file: Path) -> None:
    verdict = verify_content(file.read_bytes())
    click.echo(verdict.message)
    for label, value in verdict.facts:
        click.echo(f"  {label}：{value}")
    if not verdict.ok:
        raise SystemExit(1)
