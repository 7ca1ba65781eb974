"""Drumbeat: campaigns as files, previewed to the character, published once.

The layers, from the command line down to the words everything else is said in, are drawn
in `docs/developers/architecture.md` and held by import-linter.
"""

__version__ = "0.1.0"
