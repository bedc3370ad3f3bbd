"""核对证据包：在解压后的文件夹里运行 python3 核对.py。只用 Python 自带的模块，不联网。"""

import hashlib
import json
import sys
from pathlib import Path

MANIFEST = "清单.json"


def main(folder):
    """Compare every file with the manifest; 0: all as packed, 1: something is changed, missing or added."""
    listed = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    wrong = 0
    for entry in listed["files"]:
        wrong += not say(folder, entry)
    known = {entry["path"] for entry in listed["files"]} | {MANIFEST, Path(__file__).name}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in known and "__pycache__" not in name:
            print(f"多出　{name}：清单中没有这个文件")
            wrong += 1
    for gap in listed["gaps"]:
        print(f"缺口　{gap['item']}：{gap['why']}")
    digest = hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
    print(f"清单的 SHA-256：{digest}（与系统中导出记录所载的一致，清单才没有被换过）")
    print(
        f"共 {len(listed['files'])} 个文件，{'全部一致' if not wrong else f'{wrong} 处不一致'}；缺口 {len(listed['gaps'])} 处。"
    )
    return int(bool(wrong))


def say(folder, entry):
    """Whether one file is there and unchanged; prints what is wrong."""
    path = folder / entry["path"]
    if not path.is_file():
        print(f"缺少　{entry['path']}")
        return False
    if hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]:
        print(f"一致　{entry['path']}")
        return True
    print(f"改动　{entry['path']}：内容与清单不一致")
    return False


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent))
