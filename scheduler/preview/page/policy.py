"""What a page may do: show itself. No network, no other script, no frame, no form.

The style and the script are named by their hashes; a text that somehow got out of its
place could not run, load or send anything.
"""

import base64
import hashlib


def source_hash(text: str) -> str:
    """The `'sha256-…'` by which a policy knows an inline style or script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def content_policy(*, style: str, script: str) -> str:
    """The content security policy of a page with this one style and this one script, as they stand in it."""
    rules = (
        "default-src 'none'",
        "img-src data:",
        f"style-src {source_hash(style)}",
        f"script-src {source_hash(script)}",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return "; ".join(rules)
