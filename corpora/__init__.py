"""Texts and their search: packs, equipment specs, requirements, ingest, library.

Knows nothing of the appliance, the engines or the records. An embedder is handed in by whoever builds the library.
"""
