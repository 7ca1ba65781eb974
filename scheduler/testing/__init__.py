"""For tests, ours and yours: a fake platform, clocks that jump, and the contract every publisher keeps."""
