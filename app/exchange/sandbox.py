"""Parse foreign files in a child process with limits: a hostile one is refused, the server lives on.

Request and reply are JSON: a reply that the child could unpickle into code would make the limits worthless.
The child gets no environment (no secrets to read) and limits itself before it touches the file.
"""

import json
import logging
import math
import resource
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from app.exchange.errors import ExchangeError

PROJECT = Path(__file__).resolve().parents[2]
OPEN_FILES = 32

log = logging.getLogger(__name__)


def run(function: Callable[..., Any], data: bytes, *args: Any, seconds: float, memory: int) -> Any:
    """Call `function(data, *args)` in a limited child; arguments and result must be JSON values.

    The function is found by its module and name. Its ExchangeErrors are raised here again.
    """
    request = {
        "function": f"{function.__module__}:{function.__qualname__}",
        "args": args,
        "seconds": seconds,
        "memory": memory,
    }
    command = [sys.executable, "-B", "-E", "-s", "-m", "app.exchange.sandbox"]
    try:
        child = subprocess.run(
            command,
            input=json.dumps(request).encode() + b"\n" + data,
            capture_output=True,
            timeout=seconds,
            cwd=PROJECT,
            env={"LANG": "C.UTF-8"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ExchangeError(
            f"文件在{seconds:g}秒内未能读完；请删去多余的工作表、格式或图片后重新上传。"
        ) from None
    if child.returncode:
        log.warning(
            "sandboxed %s ended with %s: %s", request["function"], child.returncode, child.stderr[-2000:]
        )
        raise ExchangeError("文件已损坏或内容过大，读取中断；请用办公软件打开并另存后重新上传。")
    reply = json.loads(child.stdout)
    if "refused" in reply:
        raise ExchangeError(reply["refused"])
    return reply["value"]


def limit(seconds: float, memory: int) -> None:
    """Limit this process: address space in bytes, processor time, no new files, no core."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds), math.ceil(seconds) + 1))
    for resource_kind, maximum in (
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        resource.setrlimit(resource_kind, (maximum, maximum))


def main() -> None:
    """Serve one request on stdin with one reply on stdout, in the child process."""
    request = json.loads(sys.stdin.buffer.readline())
    limit(request["seconds"], request["memory"])
    module, name = request["function"].split(":")
    try:
        reply = {"value": getattr(import_module(module), name)(sys.stdin.buffer.read(), *request["args"])}
    except ExchangeError as refusal:
        reply = {"refused": str(refusal)}
    sys.stdout.write(json.dumps(reply))


if __name__ == "__main__":
    main()
