"""The words in which the process that sends through Apprise tells how it ended.

They stand alone, as both sides need them and the process should load nothing else.
"""

SENT, FAILED = "sent", "failed"
NO_ADDRESS, LOCAL, PRIVATE, SEVERAL = "no address", "local", "private", "several"
RETRIES, SPLITS, LENIENT = "retries", "splits", "lenient"
NO_TITLE, NO_FILES, TOO_LONG = "no title", "no files", "too long"
