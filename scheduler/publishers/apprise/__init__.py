"""Apprise: whatever one Apprise address reaches, as plain text and best effort.

`child` is the process that sends, `fence` what keeps it from leading elsewhere and what it notes; what its
answers prove is said in `publisher.py`. Nothing is imported here, so that the process starts quickly.
"""
