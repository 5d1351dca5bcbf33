"""Knows passages: cuts articles into them, finds those that answer a question, and quotes them."""
