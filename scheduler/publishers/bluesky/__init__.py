"""Bluesky, and whatever else speaks the AT Protocol's repositories: sessions, record keys, facets, blobs."""

from scheduler.publishers.bluesky.publisher import Bluesky

__all__ = ["Bluesky"]
