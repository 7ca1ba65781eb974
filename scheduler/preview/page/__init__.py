"""The day as one HTML page: self-contained, without network, fit to be sent to a board.

Everything here is pure: a `PageSheet` holds all that the page says, and `render_page` makes
the text. What contributors wrote is escaped, its hidden characters are shown, and a content
security policy with hashes lets nothing else run.
"""
