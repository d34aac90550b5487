"""Manuals on demand: what lies on the box, else what the web has, else a wish that is granted when the link returns.

here tells what is on the box, manuals searches, takes and keeps wishes; desk serves whoever talks to the box (the
conversation is in `appliance.turn.manual`), granting works beside the answering in a box that stays. opening builds it
for a command, staying for a box.

Decisions:
    A wish is an operation in the outbox, so that head office sees it, and a restored box still has it.
    A wish is granted unattended only by a page or file whose title, address or snippet names the model number that was
    asked for; whatever else was found waits for a person to choose.
    What was fetched goes to the stock like any file, with its address as source; answers cite it like any document.
    What a person said yes to is kept as the outcome of the wish while that is open: so a yes outlives a lost link and a
    restart, and what was chosen is fetched before anything is searched.
    Trying in vain is not recorded: the outbox keeps everything for ever. The last try lies in `tries`, for health,
    and so that no search is paid for again too soon.
    One process grants at a time (a lock of the kernel); adding to the library has its own lock (`Stock.writing`).
"""
