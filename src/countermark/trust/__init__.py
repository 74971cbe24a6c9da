"""Why a statement can be believed: signatures, the log, checkpoints, cosignatures, and the list of keys."""
