"""What works the outbox by itself: claims what is due, hands it to publishers, settles how it ended."""
