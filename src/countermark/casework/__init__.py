"""One function per verb, one transaction each, and who may do it.

Verbs are pure given their ports (``ports``): a store, a clock, a source of identifiers, signers and agreements.
A verb either does the whole of its work or raises ``Refusal`` and leaves nothing behind.
"""
