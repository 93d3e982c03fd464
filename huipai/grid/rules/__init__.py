"""Pure decisions about shapes: which area holds a point, and whether drawn areas are sound."""
