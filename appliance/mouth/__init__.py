"""How it is said: identifiers spelled, units and abbreviations expanded, sections read as people read them."""
