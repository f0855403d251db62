"""What people say, told by words: the classes of phrases that a text contains."""

import re
import sys
import unicodedata

# What agents do, in the order in which it is told; the first two open a contact, the others end it.
ACTS = ("greeting", "need_restated", "apology", "next_step", "thanks")
OPENING_ACTS, END_ACTS = ACTS[:2], ACTS[2:]
BLANKS = " \t\n\r\f"


def pattern_of(phrase):
    """Words with any number of blanks in between; they end where letters, digits and _ do."""
    words = f"[{BLANKS}]+".join(map(re.escape, re.split(f"[{BLANKS}]+", phrase)))
    before = r"(?<!\w)" if re.match(r"\w", phrase, re.ASCII) else ""
    behind = r"(?!\w)" if re.match(r"\w", phrase[-1], re.ASCII) else ""
    return re.compile(before + words + behind, re.ASCII | re.IGNORECASE)


def between():
    """Blanks and punctuation of all scripts, as the inside of a class of characters."""
    found = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code))[0] in "PZ"]
    return BLANKS + re.escape("".join(found))


class Phrases:
    """The phrases of a policy."""

    def __init__(self, rows):
        """Of (class, alternatives between |)."""
        self.known = []
        for name, says in rows:
            phrases = [phrase.strip(BLANKS) for phrase in says.split("|")]
            self.known += [(name, pattern_of(phrase)) for phrase in phrases if phrase]
        formulas = [pattern.pattern for name, pattern in self.known if name == "formula"]
        self.known = [(name, pattern) for name, pattern in self.known if name != "formula"]
        if formulas:
            gap = f"[{between()}]*"
            self.known.append(("formula", re.compile(
                rf"\A{gap}(?:(?:{'|'.join(formulas)}){gap})+\Z", re.ASCII | re.IGNORECASE)))

    def said_in(self, turn):
        """The classes of what a turn says; none of one that is not final."""
        if turn.HasField("is_final") and not turn.is_final:
            return set()
        return {name for name, pattern in self.known if pattern.search(turn.text)}
