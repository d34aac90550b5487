"""The turn: understand, gather evidence, answer, guard, compose. One question in, one grounded answer out.

```
Utterance ─► understand ─► Question ─► gather ─► Evidence ─► compose | rung ─► guard ─► what is said
                  │                     specs · records · requirements · calculators · library
                  ├► capture (readings, findings, wishes): committed, then confirmed
                  └► manual ("find me the manual for …"): on the box, else offered from the web, else wished for
```

Decisions:
- Looking up comes before any language model. A spec, a requirement row, a record or a calculation is spoken as it
  stands (`compose`); only what needs wording climbs the ladder (`climb`): its models (`rung`) race (`race`), and the
  extractive composer, whose answer is laid out before, always answers.
- Only patterns may decide to write or to look at the day's records; likeness to examples (`understand`) chooses
  between ways of answering and never makes an answer.
- A question wants a kind of figure (`ask`), is about a doing (`doing`), a system and sometimes an edition. Evidence
  that lacks one of them is "not the same, but": near misses are where wrong numbers come from.
- Every clause passes the `guard`, composed ones too. A document is quoted, never obeyed (`passage_source.quotable`).
- A cached answer is keyed by the program itself and by the revisions it used, so neither an update nor a changed
  record can bring an old figure back. What hangs on the day or the place is not cached.
- How a person wants to be answered (`wish`, kept as preferences) is read at every turn. A length belongs to the key of
  the cache, so that nobody gets another's; a short form (`shorten`) never leaves a source or a warning out.
- The local model joins the ladder only when it was warmed and said its first sentence within its budget on this very
  machine (`rung.measure`); health tells when it did not.
"""
