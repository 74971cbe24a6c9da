"""What gets certified: canonical bytes, certificates, and the table of their life cycle."""
