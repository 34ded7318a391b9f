"""What may be recorded: facts as people write them, the unit-year they are recorded against, and every reason to say no."""
