"""The tree as its tests read it: modules, their names and imports."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def modules() -> dict[str, Path]:
    folders = ("app", "models", "views", "jobs")
    files = [ROOT / "wsgi.py", *(file for folder in folders for file in (ROOT / folder).rglob("*.py"))]
    return {name_of(file): file for file in sorted(files)}


def name_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imports(file: Path, module: str) -> tuple[tuple[int, str], ...]:
    """Return line and full name of every import of a module, read once."""
    return tuple(_imports(file, module))


def _imports(file: Path, module: str) -> Iterator[tuple[int, str]]:
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([base] if base else [])])
            # `from app import clock` imports app.clock; `from app.clock import now` does not import a module
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)
