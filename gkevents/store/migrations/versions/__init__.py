"""One revision a version of the tables, each frozen as it was released: nothing here may import today's tables."""
