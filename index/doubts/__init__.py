"""What contradicts an article's date, found when it is indexed: its own words, and what other articles tell later.

`own_words` reads one article, `later_events` sets what `told_events` found in each beside the others.
"""
