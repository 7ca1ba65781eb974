"""Servers on loopback that behave as platforms are documented to: for tests without the network, ours and yours."""
