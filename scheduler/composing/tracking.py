"""Links that say where a visitor came from.

Only a link's query grows: path, fragment and what stands in the query stay byte for byte,
and a parameter that is there already is the author's, so adding twice adds once.
"""

from collections.abc import Mapping
from urllib.parse import quote, unquote_plus


def tracked(link: str, utm: Mapping[str, str]) -> str:
    """`link` with `utm_<name>=<value>` for each of `utm` that it has not; only for http(s), empty values left out."""
    link = link.strip()
    if not link.lower().startswith(("http://", "https://")):
        return link
    base, mark, fragment = link.partition("#")
    address, _, query = base.partition("?")
    there = {unquote_plus(pair.partition("=")[0]) for pair in query.split("&")}
    added = [f"{name}={quote(value, safe='')}" for name, value in _named(utm) if value and name not in there]
    whole = "&".join([*filter(None, [query]), *added])
    return f"{address}?{whole}{mark}{fragment}" if added else link


def _named(utm: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name if name.startswith("utm_") else f"utm_{name}", value) for name, value in utm.items()]
