"""The turn: understand, gather evidence, answer, guard, compose. One question in, one grounded answer out."""
