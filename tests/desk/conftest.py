"""One server for all tests of the desk, by the machine's own clock."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from desk_client import URL, Desk
from django.core.handlers.wsgi import WSGIHandler

from countermark.adapters.clock import SystemClock
from countermark.adapters.founding import connect_partner, found_party
from countermark.adapters.party import Terms
from countermark.corridor.card import read_card
from countermark.desk.server import server
from countermark.document.certificate import Body
from two_parties import disconnect, found_pair


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    pair = found_pair(folder, SystemClock(), {})
    body = Body("301", "Sample Chamber, Astana", "1 Example Street, Astana")
    terms = Terms(
        "KZ", "Kazakhstan", "kz.countermark.example/log/1", "Asia/Almaty", "http://127.0.0.1:8103", "", body
    )
    kz = found_party(folder / "kz", terms, SystemClock())
    connect_partner(pair.by, read_card(kz.card))
    connect_partner(kz, read_card(pair.by.card))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("COUNTERMARK_PARTY", str(pair.by.folder))
        server.cache_clear()
        with httpx.Client(transport=httpx.WSGITransport(WSGIHandler()), base_url=URL) as http:
            yield Desk(http, pair, kz)
        server.cache_clear()
    pair.close()
    disconnect(kz)
