"""Ingest: a customer's file in, passages that know where they stand out.

sniff → worker(reader → pages of blocks) → chunk → passages. A reader knows one format and nothing of search; `chunk`
knows neither formats nor the index. Readers run in a process of their own with bounded memory and time, since a file
may be hostile; what they yield is plain values.
"""
