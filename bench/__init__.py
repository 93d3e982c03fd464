"""What our doors cost, against the database alone doing the same rows, in one run on one machine."""
