"""The one party this process serves, opened once from the folder named by ``COUNTERMARK_PARTY``."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from countermark.adapters.party import OpenParty, open_party


@lru_cache(maxsize=1)
def server() -> OpenParty:
    """The open party; its office, its partners' keys, its access tokens."""
    return open_party(Path(os.environ["COUNTERMARK_PARTY"]))
