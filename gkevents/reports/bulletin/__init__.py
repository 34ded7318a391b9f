"""What a bulletin says: a case at hand (`case`), gathered, reckoned, told by a template's sentences (`content`)."""
