"""Runs every benchmark, one after the other, says how long each took, and ends with 1 where a goal was missed.

    python benchmarks/everything.py [--quick]

`--quick` measures less often and leaves out the million: its figures say whether something broke, no more. All figures
go to `build/bench/results.json` as well.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
ALL = (
    ("measure.py",),
    ("composing.py",),
    ("planning.py",),
    ("page.py",),
    ("apply.py",),
    ("dispatch.py",),
    ("dispatch.py", "--posts", "10000", "--accounts", "10000", "--pool", "400"),
    ("lone.py",),
    ("kills.py",),
    ("beside.py",),
)
QUICK = (
    ("measure.py",),
    ("composing.py",),
    ("apply.py", "--posts", "10000"),
    ("dispatch.py", "--quick"),
    ("lone.py", "--posts", "50", "--pending", "10000"),
    ("kills.py", "--kills", "3"),
)


def main() -> None:
    """Run, and add up what was missed."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--quick", action="store_true")
    missed = []
    began = time.perf_counter()
    for script, *said in QUICK if words.parse_args().quick else ALL:
        print(f"== {script}", flush=True)
        started = time.perf_counter()
        if subprocess.run([sys.executable, str(HERE / script), *said], check=False).returncode:
            missed.append(script)
        print(f"   ({time.perf_counter() - started:.0f} s)", flush=True)
    print(f"{(time.perf_counter() - began) / 60:.1f} minutes; goals missed: {', '.join(missed) or 'none'}")
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
