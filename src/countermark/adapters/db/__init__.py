"""The party's database behind the casework's ports: Django models, one connection alias per party.

Legal facts are append-only rows whose truth is their stored canonical bytes; every other column is an index of them.
Bulk writes go through ``write.insert``; nothing legal is ever saved with ``Model.save``.
"""
