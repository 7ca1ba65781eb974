"""The daemon: a lock, an alarm, signals and a heartbeat around the engine. It holds no policy."""
