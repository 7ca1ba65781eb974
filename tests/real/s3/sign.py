"""An address as botocore signs it at a moment: sign.py URL REGION SECONDS STAMP, the key on standard input."""

import sys
from datetime import datetime, timezone

from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

url, region, seconds, stamp = sys.argv[1:]
key, secret = sys.stdin.read().split()
moment = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)  # noqa: UP017  # the store's own Python
auth.get_current_datetime = lambda *_, **__: moment
signer = auth.S3SigV4QueryAuth(Credentials(key, secret), "s3", region, expires=int(seconds))
request = AWSRequest("GET", url)
signer.add_auth(request)
print(request.url)  # noqa: T201  # what the test reads
