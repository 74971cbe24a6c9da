"""The Django application that holds the tables."""

from __future__ import annotations

from django.apps import AppConfig


class CountermarkDatabase(AppConfig):
    name = "countermark.adapters.db"
    label = "countermark"
