"""The words of the trade as frozen values: party, good, material, HS code, money, mass, application.

Values are built by the parser (``countermark.goods.read``) from untrusted input, or by code from trusted input.
Nothing here decides anything; nothing here reads a file or a clock.
"""
