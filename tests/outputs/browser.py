"""A browser driven by hand: Chromium's own protocol over a pipe, and what it asked the network."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

_KEYS = {"Tab": 9, "ArrowDown": 40, "Enter": 13, " ": 32}


def _wire(theirs: int, answers: int) -> None:
    """Put the pipes where the protocol looks for them, whichever numbers they had."""
    ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (theirs, answers)]
    os.dup2(ends[0], 3)
    os.dup2(ends[1], 4)


class Browser:
    """One page of a headless Chromium."""

    def __init__(self, profile: Path) -> None:
        program = shutil.which("chromium")
        if program is None:
            pytest.skip("chromium is not installed")
        # The protocol writes to descriptor 4 and reads from 3.
        theirs, self._out = os.pipe()
        self._in, answers = os.pipe()
        self._process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
             f"--user-data-dir={profile}"],
            preexec_fn=lambda: _wire(theirs, answers), pass_fds=(3, 4),  # noqa: PLW1509  # no threads
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(theirs)
        os.close(answers)
        self._number, self._held, self._session = 0, b"", ""
        self.requests: list[str] = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self.ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        self.ask("Network.enable")
        self.ask("Page.enable")

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._out, data) :]
        while (answer := self._next()).get("id") != self._number:
            pass
        assert "error" not in answer, answer
        result: dict[str, Any] = answer["result"]
        return result

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._held:
            read = os.read(self._in, 1 << 20)
            assert read, "chromium ended"
            self._held += read
        text, _, self._held = self._held.partition(b"\0")
        told: dict[str, Any] = json.loads(text)
        if told.get("method") == "Network.requestWillBeSent":
            self.requests.append(told["params"]["request"]["url"])
        return told

    def open(self, path: Path) -> None:
        self.ask("Page.navigate", url=path.as_uri())
        while self._next().get("method") != "Page.loadEventFired":
            pass

    def run(self, code: str) -> Any:
        found = self.ask("Runtime.evaluate", expression=code, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def press(self, key: str) -> None:
        number = _KEYS.get(key, ord(key[0].upper()))
        said = {"key": key, "windowsVirtualKeyCode": number}
        if len(key) == 1 or key == "Enter":
            said["text"] = "\r" if key == "Enter" else key
        self.ask("Input.dispatchKeyEvent", type="keyDown", **said)
        self.ask("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=number)

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)
        os.close(self._out)
        os.close(self._in)
