# ruff: noqa: INP001 (a script, in no package)
"""Draws the picture of the page on cards, from the cards of the example themselves.

Run it from the repository root (`.venv/bin/python docs/pictures/cards.py`); it writes
`docs/organizers/cards.png`, small and in few colours because it lives in the repository.
"""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from PIL import Image

from scheduler.media.making import made_bytes
from scheduler.operations.survey import survey

ROOT = Path(__file__).resolve().parents[2]
GAP, WIDE = 16, 560


def main() -> None:
    """Draw it."""
    plan = survey(ROOT, at=datetime(2027, 1, 1, tzinfo=UTC)).plan
    cards = {}
    for one in plan.deliveries:
        for media in one.content.media:
            if media.drawing and media.recipe:
                cards.setdefault((one.post, one.slot, one.content.language, media.recipe.width), media)
    wide = [("spotlight", "tarana-burke", "en"), ("closing-call", "once", "mk"), ("closing-call", "once", "ar")]
    left = [_scaled(cards[(*key, 1600)], WIDE) for key in wide]
    right = _scaled(cards["spotlight", "monica-ramirez", "en", 1080], WIDE)
    high = max(sum(card.height + GAP for card in left) - GAP, right.height)
    sheet = Image.new("RGB", (2 * WIDE + GAP, high), "#ffffff")
    top = 0
    for card in left:
        sheet.paste(card, (0, top))
        top += card.height + GAP
    sheet.paste(right, (WIDE + GAP, (high - right.height) // 2))
    sheet.quantize(128).save(ROOT / "docs" / "organizers" / "cards.png", optimize=True)


def _scaled(media: object, width: int) -> Image.Image:
    picture = Image.open(BytesIO(made_bytes(ROOT, media))).convert("RGB")  # type: ignore[arg-type]
    return picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main()
