"""A process that renders: charts as JSON on standard input, a line of SVG and PNG for each."""

from __future__ import annotations

import json
import sys
from base64 import b64encode

from kpialign.charts.render import both

if __name__ == "__main__":
    for spec, name in json.loads(sys.stdin.buffer.read()):
        svg, png = both(spec, name)
        sys.stdout.write(json.dumps((svg, b64encode(png).decode("ascii"))) + "\n")
        sys.stdout.flush()
