"""Everything that touches the world: files, databases, keys, the network, the clock; the casework's ports."""
