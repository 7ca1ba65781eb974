"""Where in a text a poll's question is.

A campaign's poll has options and no question: the post's own text asks it. Platforms whose
question is short get the last paragraph of a longer text, and the rest before it. Pure, and
shared by what checks a post and what sends it, so that both mean the same words.
"""

from scheduler.platforms.units import utf16_units


def divided(text: str, most: int) -> tuple[str, str]:
    """What stands before the question, and the question: the whole text where it has at most `most` UTF-16 units.

    Else its last paragraph, which may still be too long.
    """
    whole = text.strip()
    if utf16_units(whole) <= most:
        return "", whole
    before, _, question = whole.rpartition("\n\n")
    return before.strip(), question.strip()
