"""The one normaliser: what may differ between two runs of the same tools.

Applied to both sides of every comparison. It replaces, in this order:

1. the folder the tools ran in, as a path and inside `file://` URIs, by `/checkout`;
2. in JUnit XML, the values of `timestamp`, `hostname` and `time`.

Everything else has to be the same to the byte.
"""

from __future__ import annotations

import re

CHECKOUT = b"/checkout"
JUNIT_VALUES = re.compile(rb' (timestamp|hostname|time)="[^"]*"')


def normalise(name: str, content: bytes, checkout: str) -> bytes:
    """Return the bytes of a recorded file without what may differ."""
    content = content.replace(checkout.encode(), CHECKOUT)
    if name.endswith(".xml"):
        content = JUNIT_VALUES.sub(rb' \1=""', content)
    return content
