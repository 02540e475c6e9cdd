"""Write a file so that a reader sees the old one or the new one, never half of it."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile


def write_bytes(path: Path, data: bytes) -> Path:
    """Write beside the file, then put it in its place; folders are made as needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".kpialign-", delete=False) as handle:
        part = Path(handle.name)
        try:
            handle.write(data)
            handle.close()  # Windows cannot rename an open file
            part.chmod(0o666 & ~_umask())  # temporary files are private, reports are not
            part.replace(path)
        except BaseException:
            handle.close()
            part.unlink(missing_ok=True)
            raise
    return path


def write_text(path: Path, text: str) -> Path:
    """Write UTF-8 with the line ends as they stand."""
    return write_bytes(path, text.encode())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
