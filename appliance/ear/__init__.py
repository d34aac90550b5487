"""What the technician said: lexicon, phonetic repair of model numbers and jargon, spoken numbers and units."""
