"""What the technician said: lexicon, phonetic repair of model numbers and jargon, spoken numbers and units.

The way in is `ear.Ear(lexicon).hear(text) -> Utterance`. Pure: no engine, no disk after the lexicon is built.
Before it stand `two.TwoEars` (a recogniser whose names a second one corrects) and `gate.judge` (drop, read back or
take); behind it `readback.read_back` (what to ask before acting on a name that was guessed).

Decisions

- **Exact before near.** Everything said letter by letter ("fifty T C Q A oh six") is matched exactly against the
  lexicon first; likeness is used only for what is left. A shared prefix table makes the exact way cheap.
- **Nothing is invented.** A repaired identifier is always an entry's text. A digit that does not sound like the
  catalogue's digit ("50TCQA07" for "50TCQA06") is never repaired, only offered in `ambiguous`: a wrong part is worse
  than a question. What resembles nothing stays as heard and is named in `unknown`, so the turn can abstain.
- **Everyday words stay.** A word that people use every day (wordfreq, Zipf 3 and above) is replaced only when a whole
  alias of several words matches, or when it is a listed mis-hearing and domain words stand near ("kitty" by a panel).
- **Letter names that are words** ("see", "are", "you", "a") count as letters only beside enough real letters.
- **Numbers last**, over the text with its names and models in place and protected, because "NFPA", "section" and "K"
  decide how the figures behind them are read. A lone "one", "first", "second", "third" and "oh" stay words.
- **To a fixed point.** `hear` repeats until nothing changes (seldom more than twice), so hearing twice changes nothing.
- **Likeness** of names: 0.35 x letters + 0.65 x double metaphone; of identifiers: an edit distance in which letters
  that sound alike cost a third. The thresholds stand as constants in `phrases` and `nearness`.
"""
