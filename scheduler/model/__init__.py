"""What things are. Frozen, without I/O, and without an opinion on how they are stored or shown."""
