"""Publishing to a feed: two files, `atom.xml` and `feed.json`, in a folder that a web server serves.

`format` is what stands in them; how they are replaced is said in `publisher.py`.
"""

from scheduler.publishers.feed.publisher import Feed

__all__ = ["Feed"]
