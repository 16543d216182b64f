"""Drawing with matplotlib: one thing at a time, for its font cache and settings are shared by every thread."""

from __future__ import annotations

import threading
from typing import Final

DRAWING: Final = threading.Lock()
