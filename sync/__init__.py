"""Records and their journey: outboxes, fold, cache; later uplink, downlink and central.

Knows nothing of the appliance, the engines or the texts. The outbox is written first (synchronous=FULL), then
projected into `box.db`, which may be deleted and rebuilt.

`recorder` is the way in for what people did and `events` for analytics, both over an `outbox`; `dataset` and
`generation` bring what head office owns; `box` folds the two together, `reader` reads them. `cache` stands by itself.

Decisions: every database goes through apsw (`storage`), never the system's SQLite, for its WAL-reset bug; generations
are one JSON file each until the downlink brings databases; turns and gaps do not change the revision of the records.
"""
