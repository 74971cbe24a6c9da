"""Decide where goods originate under an agreement, and say why.

``determine`` takes an application's line, an agreement and a date, and returns a verdict of three values with its trace.
Agreements and rules come in as values; the words of every explanation live outside, keyed by the codes used here.
"""
