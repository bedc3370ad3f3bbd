"""A watched child process: restarted when it dies, killed with its parent."""

import contextlib
import ctypes
import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

log = logging.getLogger(__name__)

PR_SET_PDEATHSIG = 1
SHORTEST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
_libc = ctypes.CDLL(None, use_errno=True)


class Child(threading.Thread):
    """A command, run and watched by a thread of its own until it is stopped.

    The parent-death signal belongs to the thread that forks: were that thread to end, the kernel would
    signal the child although the process lives on.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        death_signal: signal.Signals = signal.SIGKILL,
        output: Path | None = None,
        folder: Path | None = None,
    ) -> None:
        super().__init__(name=name, daemon=True)
        self.command = list(command)
        self.death_signal = death_signal
        self.output = output
        self.folder = folder
        self.failures = 0
        self.process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()

    def run(self) -> None:
        pause = SHORTEST_PAUSE
        while not self._stopping.is_set():
            began = time.monotonic()
            code = self._run_once()
            if self._stopping.is_set():
                return
            self.failures += 1
            pause = SHORTEST_PAUSE if time.monotonic() - began > 60 else min(pause * 1.5, LONGEST_PAUSE)
            log.warning("%s ended with %s; starting it again", self.name, code)
            self._stopping.wait(pause)

    def _run_once(self) -> int:
        parent = os.getpid()
        with contextlib.ExitStack() as stack:
            sink = stack.enter_context(self.output.open("ab")) if self.output else None
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                cwd=self.folder,
                start_new_session=True,  # Ctrl-C at the terminal reaches the parent, which ends us in order
                preexec_fn=lambda: _die_with(parent, self.death_signal),
            )
        if self._stopping.is_set():
            self.process.terminate()
        return self.process.wait()

    def stop(self, patience: float = 10) -> None:
        """End the command in order, by force when it takes longer than `patience` seconds."""
        self._stopping.set()
        self._signal(signal.SIGTERM)
        self.join(patience)
        if self.is_alive():
            self._signal(signal.SIGKILL)
            self.join(5)

    def _signal(self, number: signal.Signals) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)

    def last_words(self) -> str:
        """Return the end of the command's output for an error message."""
        with contextlib.suppress(OSError):
            return self.output.read_text(errors="replace")[-800:] if self.output else ""
        return ""


def _die_with(parent: int, number: int) -> None:
    _libc.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)  # the parent died between fork and prctl
