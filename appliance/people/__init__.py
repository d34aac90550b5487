"""Who may: the persons of a box, their roles, and the devices that were paired for them.

Decisions:
- One small JSON file, `people.json`, mode 0600, written whole by rename under a lock and read again whenever it has
  changed. So a revocation on the command line holds for the running box at its next request, and no database is needed
  for a dozen phones.
- A device's token is 256 random bits; only its SHA-256 is kept. Slow hashes protect what people
  choose, not these.
- A pairing code has 40 random bits, lives ten minutes and works once. Its hash could be searched by whoever may read
  the file in that time, but who may read it as root needs no code. Wrong codes are counted at the door (`web.pairing`).
- A damaged file lets nobody in: the message says what to do.
- What was revoked stays listed, so that one can see since when.
"""
