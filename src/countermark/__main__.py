"""``python -m countermark``: the command line."""

from countermark.cli.main import main

main()
