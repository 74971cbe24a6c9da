"""The HTTP API, one file per subject (docs/reference/http.md)."""
