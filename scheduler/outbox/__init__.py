"""The store: what was planned, what is on its way, what happened. One SQLite file, one door."""
