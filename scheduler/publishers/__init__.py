"""What talks to platforms: one file a platform, all of them by the protocol in `base`."""
