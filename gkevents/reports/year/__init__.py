"""What is said at the end of a year: what is still missing, the result as a paper, each unit's feedback."""
