"""Manuals on demand: what lies on the box, else what the web has, else a wish that is granted when the link returns.

here tells what is on the box, manuals searches, takes and keeps wishes, opening builds it for a command.

Decisions:
    A wish is an operation in the outbox, so that head office sees it, and a restored box still has it.
    A wish is granted unattended only by a page or file whose title, address or snippet names the model number that was
    asked for; whatever else was found waits for a person to choose.
    What was fetched goes to the stock like any file, with its address as source; answers cite it like any document.
    Trying in vain is not recorded: the outbox keeps everything for ever.
"""
