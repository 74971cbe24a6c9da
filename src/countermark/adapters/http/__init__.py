"""HTTP between partners: signed requests, and the client that follows a partner's log."""
