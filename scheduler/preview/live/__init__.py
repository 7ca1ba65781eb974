"""The frame around a page that refreshes itself: what a browser gets from `preview --watch` beside the page itself."""

from importlib.resources import files

NAMES = {"": "text/html", "live.js": "text/javascript", "live.css": "text/css"}
"""What there is, by its path below `/`, with its type."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'"
)
"""The content security policy of the frame; the page inside brings its own."""


def resource(name: str) -> bytes:
    """The bytes of one of `NAMES`."""
    return files(__name__).joinpath(name or "live.html").read_bytes()
