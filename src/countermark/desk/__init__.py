"""The party's server: the HTTP API for its own people and systems, the feed for its partners, the public log files.

A view parses, calls one casework verb, answers. The law is not here.
"""
