"""Makes the prefix that the variables of a data resource have.

Amplify turns the resource's name into it with lodash.snakecase 4.1.1 and upper case ("amplifyData" is AMPLIFY_DATA).
"""

import re

_APOSTROPHES = str.maketrans("", "", "'\N{RIGHT SINGLE QUOTATION MARK}")


def variable_prefix(name: str) -> str:
    """Give the prefix of the variables that belong to the data resource of this name."""
    if name.isascii():
        # all that is left of lodash's word pattern within ASCII
        words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", name.translate(_APOSTROPHES))
    else:
        words = _unicode_words(_deburr(name).translate(_APOSTROPHES))
    return "_".join(word.lower() for word in words).upper()


# Latin letters without a canonical decomposition
_SPECIAL = {
    "Ð": "D", "ð": "d", "Đ": "D", "đ": "d", "Ø": "O", "ø": "o", "Æ": "Ae", "æ": "ae", "Œ": "Oe", "œ": "oe",
    "Þ": "Th", "þ": "th", "ß": "ss", "Ħ": "H", "ħ": "h", "ı": "i", "Ĳ": "IJ", "ĳ": "ij", "ĸ": "k", "Ŀ": "L",
    "ŀ": "l", "Ł": "L", "ł": "l", "ŉ": "'n", "Ŋ": "N", "ŋ": "n", "Ŧ": "T", "ŧ": "t", "ſ": "ss",
}  # fmt: skip


def _deburr(text: str) -> str:
    from unicodedata import normalize

    def plain(letter: str) -> str:
        is_latin = "\xc0" <= letter <= "\u017f" and letter not in "\xd7\xf7"
        return _SPECIAL.get(letter) or normalize("NFD", letter)[0] if is_latin else letter

    return re.sub("[\u0300-\u036f\ufe20-\ufe23\u20d0-\u20f0]", "", "".join(map(plain, text)))


def _unicode_words(text: str) -> list[str]:
    # Latin letters have become ASCII and apostrophes are gone, so lodash's alternatives for them fall away.
    # Letters of other scripts ("misc") are both upper and lower case.
    gap = "\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\xbf\xd7\xf7\u1680\u180e\u2000-\u206f\u3000\ufeff"
    misc = f"[^\ud800-\udfff\U00010000-\U0010ffff{gap}0-9\u2700-\u27bfa-zA-Z]"
    lower, upper = f"(?:[a-z]|{misc})", f"(?:[A-Z]|{misc})"
    modified = "[\ufe0e\ufe0f]?[\U0001f3fb-\U0001f3ff]?"
    regional = "[\U0001f1e6-\U0001f1ff]{2}"
    astral = "[\U00010000-\U0010ffff]"
    joined = f"(?:\u200d(?:[^\ud800-\udfff\U00010000-\U0010ffff]|{regional}|{astral}){modified})*"
    pattern = (
        rf"[A-Z]?[a-z]+(?=[{gap}]|[A-Z]|\Z)"
        rf"|{upper}+(?=[{gap}]|[A-Z]{lower}|\Z)"
        rf"|[A-Z]?{lower}+|[A-Z]+|[0-9]+"
        rf"|(?:[\u2700-\u27bf]|{regional}|{astral}){modified}{joined}"
    )
    return re.findall(pattern, text)
