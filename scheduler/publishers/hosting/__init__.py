"""Giving files a public address, for platforms that fetch them: what `media:` in drumbeat.yaml asks for.

`hosted` is the whole, as publishers and commands use it; `folder` and `bucket` are the two places,
`signature` signs requests to a bucket, and `ledger` remembers what lies where in public.
"""

from scheduler.publishers.hosting.hosted import Hosted, hosted
from scheduler.publishers.hosting.place import Copy, Place

__all__ = ["Copy", "Hosted", "Place", "hosted"]
