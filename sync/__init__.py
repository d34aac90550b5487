"""Records and their journey: outboxes, fold, cache; later uplink, downlink and central.

Knows nothing of the appliance, the engines or the texts. The outbox is written first (synchronous=FULL), then
projected into `box.db`, which may be deleted and rebuilt.
"""
