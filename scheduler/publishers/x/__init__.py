"""X: posts, threads, polls, pictures and videos by API v2, with keys of one's own app or by OAuth 2.0.

X knows no key that would make a repeat safe, and reading what one posted costs money; what that
means for a lost answer is said in `publisher.py`.
"""

from scheduler.publishers.x.publisher import X

__all__ = ["X"]
