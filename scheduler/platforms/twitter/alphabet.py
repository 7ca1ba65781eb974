"""The character classes of twitter-text, as the inside of a regular expression's brackets.

Double quotes and backticks are missing from the punctuation on purpose: by the authors'
rules they may stand in a domain's label. Accented Latin and Cyrillic may stand in paths.
"""

BLANKS = r"\x09-\x0D\x20\x85\xA0\u1680\u180E\u2000-\u200A\u2028\u2029\u202F\u205F\u3000"
FORBIDDEN = "\ufffe\ufeff\uffff"
DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
PUNCTUATION = r"!'#%&()*+,\\\-./:;<=>?@\[\]\^_{|}~$"
NOT_IN_LABEL = PUNCTUATION + BLANKS + FORBIDDEN + DIRECTION

LATIN_ACCENTS = (
    r"\xC0-\xD6\xD8-\xF6\xF8-\xFF\u0100-\u024F\u0253\u0254\u0256\u0257\u0259\u025B\u0263\u0268\u026F\u0272\u0289"
    r"\u028B\u02BB\u0300-\u036F\u1E00-\u1EFF"
)
CYRILLIC = r"\u0400-\u04FF"
AT_SIGNS = "@＠"
HASH_SIGNS = "#＃"
