"""How much one file may hold, so that no file whatever takes more than two seconds or 200 MB to refuse.

Far beyond what people write: a campaign of a thousand posts with pictures has 20,000 nodes.
"""

MAX_BYTES = 4_000_000
MAX_NODES = 100_000
MAX_ENTRIES = 20_000
MAX_DEPTH = 40
MAX_FINDINGS = 500
MAX_CELLS = 200_000
MAX_MENDS = 20
