"""By hand: at its moment a person is given the post, ready to be copied, and says when it is out.

`sheet` is the page that they get, `place` where it lies and how it is called, `handout` the page and its
pictures once they lie there; that the post is not sent by that, but waits for them, is said in `publisher.py`.
"""

from scheduler.publishers.manual.publisher import Manual

__all__ = ["Manual"]
