"""What two parties say to each other, without I/O: pages of a log, what was received, the conversation."""
