"""Every address of the party's server (docs/reference/http.md)."""

from __future__ import annotations

from django.urls import path

from countermark.desk.api import applications, certificates, clearance, corridor, inquiries, log, status

urlpatterns = [
    path("health", log.health),
    path("card", log.card),
    path("log/<path:path>", log.file),
    path("bundle", status.bundle),
    path("corridor/feed", corridor.feed),
    path("corridor/cosignatures", corridor.cosignatures),
    path("corridor/notice", corridor.notice),
    path("api/corridor", status.corridor),
    path("api/applications", applications.applications),
    path("api/applications/<str:id>", applications.application),
    path("api/applications/<str:id>/determination", applications.determination),
    path("api/applications/<str:id>/rules", applications.rules),
    path("api/applications/<str:id>/certificate", applications.certificate),
    path("api/certificates/<str:number>", certificates.certificate),
    path("api/certificates/<str:number>/file", certificates.file),
    path("api/certificates/<str:number>/annulment", certificates.annulment),
    path("api/certificates/<str:number>/suspension", certificates.suspension),
    path("api/certificates/<str:number>/resumption", certificates.resumption),
    path("api/certificates/<str:number>/replacement", certificates.replacement),
    path("api/certificates/<str:number>/duplicate", certificates.duplication),
    path("api/checks", clearance.checks),
    path("api/uses", clearance.uses),
    path("api/inquiries", inquiries.inquiries),
    path("api/inquiries/<str:id>", inquiries.inquiry),
    path("api/inquiries/<str:id>/reply", inquiries.reply),
]
