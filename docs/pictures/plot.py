# ruff: noqa: INP001 (a script, in no package)
"""Draws the plot of the benchmarks' page from what was measured, as SVG written by hand.

Run it from the repository root (`.venv/bin/python docs/pictures/plot.py`) once the figures of
`build/bench/results.json` are to be those of the documentation: it copies what it draws to
`docs/pictures/benchmarks.json` and writes `benchmarks.svg` beside it. Without that file it draws the
copy again; nothing is random.
"""

import json
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MEASURED = Path("build/bench/results.json")
COPY = HERE / "benchmarks.json"
TARGET = HERE / "benchmarks.svg"
SECTIONS = ("dispatch", "dispatch-400", "lone", "kills")

WIDTH, HEIGHT = 900, 470
INK, FAINT, GROUND = "#22223b", "#d8d8e0", "#ffffff"
KINDS = {"drumbeat": "Drumbeat", "bare": "requests, a bare pool", "apscheduler": "APScheduler"}
COLOURS = {"drumbeat": "#b5179e", "bare": "#6c757d", "apscheduler": "#e08e00"}
MILLION = "#7209b7"

LEFT = (64.0, 70.0, 340.0, 320.0)
"""The lateness panel: x, y, width, height."""
RIGHT = (560.0, 62.0, 280.0)
"""The rates panel: x, y, width."""
BAR, GAP, GROUP = 13.0, 3.0, 16.0
MOST_RATE = 500


def text(x: float, y: float, words: str, *, size: int = 13, anchor: str = "start", colour: str = INK) -> str:
    """One line of text."""
    said = f'font-size="{size}" text-anchor="{anchor}" fill="{colour}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {said}>{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, colour: str = FAINT) -> str:
    """A thin straight line."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>'


def row_of(rows: Iterable[dict[str, Any]], posts: int, accounts: int, pending: int) -> dict[str, Any]:
    """One moment's row; empty where it was not measured."""
    wanted = (posts, accounts, pending)
    return next((row for row in rows if (row["posts"], row["accounts"], row["pending"]) == wanted), {})


def lateness(rows: list[dict[str, Any]]) -> list[str]:
    """How late which share of a thousand posts was."""
    measured = row_of(rows, 1000, 100, 0)["measured"]
    x, y, width, height = LEFT
    most = max(one["last"] for one in measured.values()) * 1.05
    drawn = [text(x - 40, y - 26, "1,000 due at one second on 100 accounts: how late", size=14)]
    for second in range(int(most) + 1):
        level = y + height * (1 - second / most)
        drawn += [line(x, level, x + width, level), text(x - 8, level + 4, f"{second} s", size=12, anchor="end")]
    for share in (0, 25, 50, 75, 100):
        place = x + width * share / 100
        drawn.append(text(place, y + height + 18, f"{share} %", size=12, anchor="middle"))
    drawn.append(
        text(x + width / 2, y + height + 38, "of the posts were at the platform by then", size=12, anchor="middle")
    )
    ends = []
    for kind in ("apscheduler", "drumbeat", "bare"):
        if kind in measured:
            curve = measured[kind]["curve"]
            points = " ".join(
                f"{x + width * at / 100:.1f},{y + height * (1 - late / most):.1f}" for at, late in enumerate(curve)
            )
            dash = ' stroke-dasharray="5 4"' if kind == "bare" else ""
            drawn.append(f'<polyline points="{points}" fill="none" stroke="{COLOURS[kind]}" stroke-width="2.5"{dash}/>')
            ends.append((y + height * (1 - curve[-1] / most), kind))
    return drawn + _named(ends, x + 12, y + 14)


def _named(ends: list[tuple[float, str]], x: float, y: float) -> list[str]:
    drawn = []
    for place, (_, kind) in enumerate(sorted(ends)):
        level = y + 18 * place
        drawn.append(f'<rect x="{x:.1f}" y="{level - 9:.1f}" width="14" height="10" fill="{COLOURS[kind]}"/>')
        drawn.append(text(x + 20, level, KINDS[kind], size=12))
    return drawn


def rates(rows: list[dict[str, Any]]) -> list[str]:
    """Posts a second of every moment, beside the pool's."""
    x, y, width = RIGHT
    drawn = [text(x - 120, y - 18, "Posts a second, 100 threads, answers in 200 ms", size=14)]
    moments = list(dict.fromkeys((row["posts"], row["accounts"]) for row in rows))
    for posts, accounts in moments:
        idle, full = (row_of(rows, posts, accounts, pending) for pending in (0, 1_000_000))
        bars = [(COLOURS["drumbeat"], "", idle["measured"]["drumbeat"]["rate"])]
        if full:
            bars.append((MILLION, "1,000,000 others pending", full["measured"]["drumbeat"]["rate"]))
        bars.append((COLOURS["bare"], "", idle["measured"]["bare"]["rate"]))
        if "apscheduler" in idle["measured"]:
            bars.append((COLOURS["apscheduler"], "", idle["measured"]["apscheduler"]["rate"]))
        drawn.append(text(x - 10, y + 12, f"{posts:,} on", size=12, anchor="end"))
        drawn.append(text(x - 10, y + 28, f"{accounts:,} accounts", size=12, anchor="end"))
        for colour, words, rate in bars:
            length = width * rate / MOST_RATE
            drawn.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{length:.1f}" height="{BAR:.0f}" fill="{colour}"/>')
            if words:
                drawn.append(text(x + 6, y + BAR - 3, words, size=10, colour=GROUND))
            drawn.append(text(x + length + 5, y + BAR - 2, f"{rate:.0f}", size=11))
            y += BAR + GAP
        y += GROUP
    return drawn


def main() -> None:
    """Copies the figures, and draws them."""
    if MEASURED.exists():
        held = json.loads(MEASURED.read_text())
        kept = {section: held[section] for section in SECTIONS if section in held}
        COPY.write_text(json.dumps(kept, indent=None, sort_keys=True, separators=(",", ":")) + "\n")
    rows = json.loads(COPY.read_text())["dispatch"]
    drawn = [f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{GROUND}"/>', *lateness(rows), *rates(rows)]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" role="img">'
    )
    title = "<title>Lateness and posts a second of Drumbeat, a bare pool and APScheduler</title>"
    TARGET.write_text("\n".join([head, title, *drawn, "</svg>"]) + "\n")


if __name__ == "__main__":
    main()
