"""Countermark: mutual electronic certification of origin of goods between countries."""

__version__ = "0.1.0"
