"""The command line, one file per command; names, inputs, outputs and exit codes are a contract (docs/reference)."""
