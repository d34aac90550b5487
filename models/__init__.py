"""Engines and their weights: a catalogue of facts, a store that fetches and verifies, one module per engine.

Knows nothing of the appliance, the texts or the records. Each engine satisfies a Protocol of `appliance.ports`
without importing it; the values that engines take and give (`Audio`, `Transcript`, `Prompt`, `Piece`) live here.
"""
