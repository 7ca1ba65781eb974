"""A line as a title or a subject: whole where it is short, else cut at a word and marked as cut."""


def shortened(line: str, most: int) -> str:
    """At most `most` characters of the line, and behind them " …" where any are left out."""
    if len(line) <= most:
        return line
    return (line[:most].rpartition(" ")[0] or line[:most]).rstrip(" ,.;:") + " …"
