# 核对证据包：在解压后的文件夹里运行 python3 核对.py。只用 Python 自带的模块，不联网。

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

MANIFEST = "清单.json"


def main(folder: Path) -> int:
    """Compare every file with the manifest; return 0 if all agree, 1 if any is changed, missing or added."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    files = manifest["files"]
    faults = sum(not _check(folder, entry) for entry in files)
    for name in _unlisted(folder, files):
        print(f"多出　{name}：清单中没有这个文件")
        faults += 1
    for gap in manifest["gaps"]:
        print(f"缺口　{gap['item']}：{gap['why']}")
    print(f"清单的 SHA-256：{_digest(folder / MANIFEST)}（与系统中导出记录所载的一致，清单才没有被换过）")
    verdict = "全部一致" if not faults else f"{faults} 处不一致"
    print(f"共 {len(files)} 个文件，{verdict}；缺口 {len(manifest['gaps'])} 处。")
    return int(bool(faults))


def _check(folder: Path, entry: dict[str, Any]) -> bool:
    """Print and return whether a file is there and unchanged."""
    path = folder / entry["path"]
    if not path.is_file():
        print(f"缺少　{entry['path']}")
        return False
    if _digest(path) == entry["sha256"]:
        print(f"一致　{entry['path']}")
        return True
    print(f"改动　{entry['path']}：内容与清单不一致")
    return False


def _unlisted(folder: Path, files: list[dict[str, Any]]) -> list[str]:
    known = {entry["path"] for entry in files} | {MANIFEST, Path(__file__).name}
    names = (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file())
    return [name for name in names if name not in known and "__pycache__" not in name]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent))
