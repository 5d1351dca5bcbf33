"""Knows people: the surfaces on which questions are asked and answered."""
