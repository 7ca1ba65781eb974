"""How Drumbeat speaks HTTP: a marked wire, and above it a session that raises the right error.

The only package that uses `requests`. It knows no platform, no account and no post; what it
must never lose is the answer to one question, whether a request could have been taken.
"""
