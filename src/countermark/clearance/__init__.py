"""The importing side: comparison with a declaration, use of a certificate, verification of a doubt."""
