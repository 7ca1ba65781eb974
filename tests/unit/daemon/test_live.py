"""Who is live and what may be spent follow drumbeat.yaml while the daemon runs."""

import os
from pathlib import Path

from scheduler.daemon.live import LiveAccounts
from scheduler.planning.budgets import Budget

TEXT = """\
workspace: rights
timezone: UTC
accounts:
  x-main: {{platform: x, live: {live}, budget: {budget}}}
"""


def write(root: Path, text: str, turn: int) -> None:
    path = root / "drumbeat.yaml"
    path.write_text(text)
    os.utime(path, ns=(turn, turn))


def test_a_budget_that_is_raised_counts_at_once_and_a_broken_file_changes_nothing(tmp_path: Path) -> None:
    live = LiveAccounts(tmp_path)
    write(tmp_path, TEXT.format(live="true", budget="1.00 a month"), 1)
    assert live.budgets() == {"x-main": Budget(1000, "USD", "month")}

    write(tmp_path, TEXT.format(live="true", budget="2.00 a month"), 2)
    assert live.budgets() == {"x-main": Budget(2000, "USD", "month")}

    write(tmp_path, "workspace: [", 3)
    assert live.budgets() == {"x-main": Budget(2000, "USD", "month")}
    assert live() == {"x-main"}


def test_a_budget_that_means_nothing_lets_nothing_be_spent(tmp_path: Path) -> None:
    live = LiveAccounts(tmp_path)
    write(tmp_path, TEXT.format(live="true", budget="lots"), 1)
    assert live.budgets()["x-main"].thousandths == 0
