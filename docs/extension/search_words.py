"""What the search of the built site finds."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sphinx.search.en import SearchEnglish


def missing_words(index: str, words: Sequence[str]) -> list[str]:
    """Return those of ``words`` that lead to no page in ``index``, the text of searchindex.js."""
    tables = json.loads(index[index.index("(") + 1 : index.rindex(")")])
    known = {**tables["terms"], **tables["titleterms"]}
    stem = SearchEnglish({}).stem
    return [word for word in words if not known.get(stem(word.lower()))]
