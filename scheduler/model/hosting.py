"""Where pictures lie in public, for platforms that fetch them: what `media:` in `drumbeat.yaml` says.

Either a folder that the organizer's own web server serves, or a bucket of an S3-compatible store.
Keys never come here: `key` and `secret` are the *names* of the variables that hold them.
"""

from dataclasses import dataclass
from datetime import timedelta

from scheduler.finding import NOWHERE, Place

DEFAULT_FOLDER = "public/media"
DEFAULT_REGION = "us-east-1"
LEDGER = (".drumbeat", "public.json")
"""The file, below the workspace's folder, that says what lies in public."""

SIGNED_FOR = timedelta(hours=24)
"""How long a signed address works where nothing is said; Meta fetches within minutes of being told it (2026-08)."""

LONGEST_SIGNED = timedelta(days=7)
"""AWS Signature Version 4, query parameters: X-Amz-Expires is at most 604,800 seconds, as of 2026-11."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A `folder` inside the workspace, which a web server shows at `url`."""

    url: str
    folder: str = DEFAULT_FOLDER
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket at `endpoint`. Files are read at `public`, or, where that is empty, by addresses signed for a while."""

    bucket: str
    endpoint: str
    key: str
    secret: str
    region: str = DEFAULT_REGION
    prefix: str = ""
    public: str = ""
    signed_for: timedelta = SIGNED_FOR
    place: Place = NOWHERE


Hosting = Folder | Bucket
