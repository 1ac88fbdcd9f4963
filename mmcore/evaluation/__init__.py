"""How good a model is, measured on cases it has not learned from."""
