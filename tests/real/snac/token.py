"""Gets a token from snac as people get theirs: an application, the log-in form, a code, the token. Prints it."""

import json
import re
import sys
from urllib.parse import urlencode
from urllib.request import urlopen

URL, NAME, PASSWORD = sys.argv[1:]
NOWHERE = "urn:ietf:wg:oauth:2.0:oob"
SCOPE = "read write"


def ask(path, **told):
    with urlopen(URL + path, urlencode(told).encode(), timeout=30) as answer:  # noqa: S310 - loopback
        return answer.read().decode()


made = json.loads(ask("/api/v1/apps", client_name="drumbeat", redirect_uris=NOWHERE, scopes=SCOPE))
form = {"login": NAME, "passwd": PASSWORD, "redir": NOWHERE, "cid": made["client_id"], "state": "", "scope": SCOPE}
code = re.search("[0-9a-f]{32}", ask("/oauth/x-snac-login", **form))
if code is None:
    sys.exit("snac gave no code")
application = {"client_id": made["client_id"], "client_secret": made["client_secret"], "redirect_uri": NOWHERE}
token = ask("/oauth/token", grant_type="authorization_code", code=code.group(), **application)
sys.stdout.write(json.loads(token)["access_token"] + "\n")
