"""The README says what the program says: step table, settings, commands, accounts, pictures."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from app import cli
from app.config import _Reader
from app.demo import accounts
from app.policy import access
from app.policy import papers as catalogue
from app.policy.filing import cultivation
from app.policy.grants import VERBS
from app.policy.resources import RESOURCES
from app.policy.terms import Role, Stage, as_set
from app.services.core import rules

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ASKED = {"reason": "理由", "corrections": "补正事项", "first_day": "公示首日"}


def section(name: str) -> str:
    return README.partition(f"<!-- {name} -->\n")[2].partition(f"<!-- /{name} -->")[0]


def words(terms, order) -> str:
    return "、".join(term.label for term in order if term in as_set(terms))


def steps_table() -> str:
    """The table of the application's steps as the README shows it."""
    lines = ["| 办理 | 从 | 到 | 由谁 | 须审签 | 须填写 | 印发 | 条 |", "|---|---|---|---|---|---|---|---|"]
    for step in cultivation.STEPS:
        cells = (
            step.label,
            words(step.source, Stage),
            step.target.label,
            words(step.by, type(next(iter(as_set(step.by))))),
            step.approved_by.label if step.approved_by else "",
            "、".join(ASKED[one] for one in step.asks),
            "、".join(catalogue.KINDS[kind].label for kind in step.papers),
            str(step.article),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def rights_table() -> str:
    """The table of rights as the README shows it."""
    roles = [role for role in Role if role is not Role.SYSTEM]
    lines = [f"| 资源 | {' | '.join(role.label for role in roles)} |", "|---|" + "---|" * len(roles)]
    for resource in RESOURCES.values():
        cells = [letters(access.grant(role, resource.name)) for role in roles]
        lines.append(f"| {resource.label}{'（待建）' if resource.planned else ''} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def letters(grant: access.Grant) -> str:
    return "".join(letter for letter, verb in VERBS.items() if verb in grant.verbs)


def commands(group: tuple[click.Command, ...], path: str = "") -> Iterator[str]:
    for one in group:
        if isinstance(one, click.Group):
            yield from commands(tuple(one.commands.values()), f"{path}{one.name} ")
        else:
            yield f"| `{path}{one.name}` | {(one.help or '').splitlines()[0]} |"


def commands_table() -> str:
    return "\n".join(["| 命令 | 作用 |", "|---|---|", *commands(cli.COMMANDS)]) + "\n"


def test_the_step_table_is_that_of_the_program():
    assert section("steps") == steps_table(), f"README 的环节表应为：\n{steps_table()}"


def test_the_table_of_rights_is_that_of_the_program():
    assert section("rights") == rights_table(), f"README 的权限表应为：\n{rights_table()}"


def test_every_command_is_told():
    assert section("commands") == commands_table(), f"README 的命令表应为：\n{commands_table()}"


def test_every_setting_is_told():
    told = re.findall(r"^\| `([A-Z_]+)`", section("settings"), re.MULTILINE)
    assert told == _Reader.NAMES


def test_every_account_is_told():
    told = set(re.findall(r"`([a-z]+[0-9]?(?:-[a-z0-9]+)?)`", README.partition("## 看一看")[0]))
    assert {one.username for one in accounts.all_accounts(rules.pack())} <= told


@pytest.mark.parametrize("page", ["README.md", "docs/operation.md"])
def test_every_picture_and_page_that_is_linked_is_there(page):
    file = ROOT / page
    linked = re.findall(r"\]\(([^)#:]+)\)", file.read_text(encoding="utf-8"))
    assert not [one for one in linked if not (file.parent / one).exists()]


def test_pictures_are_light_and_used():
    pictures = sorted((ROOT / "docs" / "images").glob("*.png"))
    assert pictures
    for picture in pictures:
        assert picture.stat().st_size < 300_000, picture.name
        assert f"images/{picture.name}" in README, f"{picture.name} is shown nowhere"
