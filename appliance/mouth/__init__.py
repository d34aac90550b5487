"""How it is said: identifiers spelled, units and abbreviations expanded, sections read as people read them.

The ways in are `speak.speak(text, identifiers) -> str` and `speak.say(text, identifiers) -> Spoken`; and
`clauses.clauses(text, identifiers)`, which cuts an answer into what is said one after the other. Pure and quick.

Decisions

- **One scan.** Every rule is a pattern and a function to words; all are tried side by side from left to right, so
  nothing that one rule wrote is read again by another, and what no rule knows passes untouched. The last rules take
  any figure and any mixture of letters and figures: no digit is ever left to the engine's own guess.
- **No number changes.** Rules read digits, they never compute: 14:05 stays "fourteen oh five", $450K becomes
  "four hundred fifty thousand dollars". Tests read the words back with the ear and compare.
- **Letters stand apart, groups have a pause**: 50TCQA06 is "five zero, T C Q A, zero six". A letter A bonds to what
  follows with a hyphen ("N F P A-twenty-five"): espeak, and Piper which asks it, read a free-standing A as the article
  ("uh"; seen in espeak-ng's phonemes), a bonded one as the letter.
- **A dash is a range only where the numbers rise**: "30-125 psi" is "to"; a document's 418087-12, a thread's 3/8-16 and
  a telephone's 555-0123 are read as numbers of things. 12/24 V are two values ("slash"), 5/32 in is one.
- **The catalogue comes back**: every identifier, value, unit and section of the shipped data, said and heard again in
  words, is what it was (`test_heard_again`); in sound only a share is, which that test measures.
- **psi is "P S I"**, as technicians say it; other units are words.
- **Emphasis** is a place in the text (`Spoken.emphasis`) and, for engines that know no other, a comma before the first
  figure of a sentence that follows "is", "was", "gives" and the like.
"""
