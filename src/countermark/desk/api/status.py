"""The state of the corridors for headquarters, and the offline bundle for everyone."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse, JsonResponse

from countermark.adapters.party import OpenParty
from countermark.casework.bundling import offline_bundle
from countermark.casework.corridor_status import CorridorStatus, Cosigned, PartnerStatus, corridor_status
from countermark.casework.inquire import Inquiry
from countermark.corridor.card import read_card
from countermark.desk.access import caller
from countermark.desk.answer import answers
from countermark.desk.server import server

REUSE_SECONDS = 60
"""A bundle costs a pass over the log, and anyone may ask for it: it is made at most once in this time."""


@answers("GET")
def corridor(request: HttpRequest) -> HttpResponse:
    """Both directions with every partner."""
    caller(request, "officer")
    return JsonResponse(corridor_json(corridor_status(server().office)))


@answers("GET")
def bundle(request: HttpRequest) -> HttpResponse:
    """The offline bundle of this party's log."""
    return HttpResponse(_shelf.bundle(server()), content_type="application/cose")


@dataclass(slots=True)
class _Shelf:
    """The bundle made last."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    made_at: float = 0
    data: bytes = b""

    def bundle(self, party: OpenParty) -> bytes:
        with self.lock:
            now = party.office.clock.now().timestamp()
            if not 0 <= now - self.made_at < REUSE_SECONDS:
                self.data = offline_bundle(party.office, read_card(party.card).roots)
                self.made_at = now
            return self.data


_shelf = _Shelf()


def corridor_json(status: CorridorStatus) -> dict[str, object]:
    """The state of the corridors as the API and the command line show it."""
    return {
        "party": status.party,
        "origin": status.origin,
        "size": status.size,
        "root": status.root.hex(),
        "pending": status.pending,
        "partners": [_partner_json(partner) for partner in status.partners],
    }


def _partner_json(partner: PartnerStatus) -> dict[str, object]:
    incoming, outgoing = partner.incoming, partner.outgoing
    return {
        "party": partner.party,
        "origin": partner.origin,
        "url": partner.url,
        "outgoing": {"received": outgoing.received, "cosigned": _cosigned_json(outgoing.cosigned)},
        "incoming": {
            "state": incoming.state.value,
            "fault": incoming.fault,
            "size": incoming.size,
            "root": incoming.root.hex(),
            "shown": incoming.shown,
            "answered": incoming.answered,
            "cosigned": _cosigned_json(incoming.cosigned),
            "missing": list(incoming.missing),
            "refused": [{"index": index, "code": code} for index, code in incoming.refused],
        },
        "inquiries": {
            "to_answer": [_inquiry_json(inquiry) for inquiry in partner.to_answer],
            "awaited": [_inquiry_json(inquiry) for inquiry in partner.awaited],
        },
    }


def _cosigned_json(cosigned: Cosigned | None) -> dict[str, object] | None:
    return None if cosigned is None else {"size": cosigned.size, "time": cosigned.time}


def _inquiry_json(inquiry: Inquiry) -> dict[str, object]:
    return {
        "id": inquiry.row.id,
        "number": inquiry.row.number,
        "state": inquiry.state.value,
        "deadline": inquiry.request.deadline.isoformat(),
    }
