"""``countermark demo``: two parties, two servers, real goods, the whole main job over HTTP, every step verified.

``script`` reads the examples and what must come of them; ``servers`` runs the parties; ``api`` speaks to one;
``acts`` plays the main job; ``proof`` verifies logs and files at the end; ``show`` prints.
"""

from countermark.cli.demo.command import demo_command

__all__ = ["demo_command"]
