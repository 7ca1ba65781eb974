"""twitter-text, config v3: what X counts a post by, and what it makes a link, a mention and a hashtag.

Written from the rules that its authors publish (github.com/twitter/twitter-text, JavaScript
3.1.0, as of 2021-10, still the newest in 2026-11); `tests/data/twitter-text/` holds their cases.
The rules are odd in places and are kept as they are: a post is refused by them, not by us.
"""
