"""Knows articles: obtains them, cleans them, dates them and keeps them as files."""
