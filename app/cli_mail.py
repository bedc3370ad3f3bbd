"""`flask mail`: delivery reports that the mail server returns."""

import click
from flask.cli import with_appcontext
from pymongo.errors import PyMongoError

from app import clock
from app.exchange.bounces import MAX_BYTES, NotAReport
from app.services import reminders
from models.database import NotSaved

LATER = 75  # EX_TEMPFAIL: the mail server keeps the report and tries again


@click.group("mail", help="邮件。")
def mail() -> None:
    """Work on returned mail."""


@mail.command("returned", help="登记退信：读入退信报告（RFC 3464）的文件，或由邮件服务器经管道送入（-）。")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True)
)
@with_appcontext
def returned(files: tuple[str, ...]) -> None:
    """Register delivery reports; foreign mail is named and left alone, an error would make the server answer it."""
    for name in files:
        with click.open_file(name, "rb") as file:
            content = file.read(MAX_BYTES + 1)
        try:
            message = reminders.register_bounce(content, now=clock.now())
        except NotAReport as why:
            message = f"未登记：{why}。"
        except (PyMongoError, NotSaved) as error:
            click.echo(f"{name}　数据库暂时不可用，请稍后重试。", err=True)
            raise SystemExit(LATER) from error
        click.echo(f"{name}　{message}")
