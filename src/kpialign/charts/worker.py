"""A process that renders: charts as JSON on standard input, SVG and PNG on standard output."""

from __future__ import annotations

import json
import sys
from base64 import b64encode

from kpialign.charts.render import both

if __name__ == "__main__":
    images = [both(spec, name) for spec, name in json.loads(sys.stdin.buffer.read())]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    json.dump([(svg, b64encode(png).decode("ascii")) for svg, png in images], sys.stdout)
