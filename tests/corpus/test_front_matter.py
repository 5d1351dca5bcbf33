"""Front matter that is TOML; what is YAML is tried with the articles that it heads."""

import pytest

from corpus.errors import ArticleError
from corpus.front_matter import split_front_matter


def test_toml_has_a_limit_and_rules_about_a_text_are_none() -> None:
    with pytest.raises(ArticleError, match="over the limit of 10,000"):
        split_front_matter("+++\n" + "a." * 6_000 + "b = 1\n+++\nText.", name="x.md")
    assert split_front_matter("+++\nThey met.\n+++\nText.", name="x.md")[1].startswith("+++")
