"""An independent second reckoning of the scores, to hold the product's own against."""
