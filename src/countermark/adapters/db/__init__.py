"""The party's database behind the casework's ports: Django models, one connection alias per party.

Legal facts are append-only rows whose truth is their stored canonical bytes; every other column is an index of them.
Bulk writes go through ``write.insert``; nothing legal is ever saved with ``Model.save``.
Importing this package loads Django, so that its models can be imported.
"""

import os

import django
from django.apps import apps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "countermark.adapters.db.settings")
if not (apps.ready or apps.loading):
    django.setup()
