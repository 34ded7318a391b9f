"""What may be recorded: facts as people write them, the unit-year they belong to, and every reason to say no."""
