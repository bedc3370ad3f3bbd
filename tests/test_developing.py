"""The guide's steps work: a copy of the tree with its entity added is tried as the guide promises."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "docs" / "developing.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(python|diff) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COPIED = (
    "app",
    "models",
    "views",
    "jobs",
    "docx_templates",
    "tests",
    "docs",
    "deploy",
    "wsgi.py",
    "pyproject.toml",
    "README.md",
)


def blocks() -> list[tuple[str, str, str]]:
    """Return the blocks of the entity: kind, file, text."""
    return BLOCK.findall(GUIDE.partition("## Add an entity")[2].partition("\n## ")[0])


def added(kind: str, text: str) -> list[str]:
    lines = text.splitlines()
    return lines if kind == "python" else [line for line in lines if line.startswith("+")]


def apply(tree: Path, kind: str, name: str, text: str) -> None:
    file = tree / name
    if kind == "python":
        assert not file.exists(), name
        file.write_text(text, encoding="utf-8")
        return
    lines = text.splitlines()
    before = "\n".join(line[1:] for line in lines if line.startswith(" "))
    after = "\n".join(line[1:] for line in lines)
    content = file.read_text(encoding="utf-8")
    assert content.count(before) == 1, f"{name} holds {content.count(before)} times:\n{before}"
    file.write_text(content.replace(before, after), encoding="utf-8")


def test_the_cost_of_an_entity_is_what_the_guide_says():
    files = {name for _, name, _ in blocks()}
    lines = sum(len(added(kind, text)) for kind, _, text in blocks())
    assert (len(files), lines) <= (5, 80)
    assert f"Five files, {lines} lines." in GUIDE and len(files) == 5


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the entity added by the guide's blocks."""
    copy = tmp_path_factory.mktemp("guide")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / name)
    for block in blocks():
        apply(copy, *block)
    probe = ROOT / "tests" / "data" / "training_probe.txt"
    shutil.copy(probe, copy / "tests" / "panel" / "test_training.py")
    return copy


@pytest.mark.slow
@pytest.mark.timeout(1300)
@pytest.mark.parametrize(
    "chosen",
    [
        ("tests/panel/test_training.py",),
        ("tests/panel/test_matrix.py", "-k", "training"),
        ("tests/panel/test_traps.py", "-k", "training"),
        ("tests/registry/test_unit_records.py", "tests/test_house.py"),
    ],
    ids=["probe", "rights", "traps", "house"],
)
def test_the_entity_of_the_guide_works(tree, chosen):
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen],
        cwd=tree,
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-4000:]
    assert re.search(r"\b[1-9]\d* passed", ran.stdout), ran.stdout[-500:]
