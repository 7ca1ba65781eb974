"""Who asks, and on which computer: for history, and for telling people where to look."""

import os
import platform
import pwd


def person() -> str:
    """The name that this computer knows the caller by; `person` where it has none (in a container)."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return "person"


def computer() -> str:
    """This computer's own name."""
    return platform.node() or "a computer without a name"
