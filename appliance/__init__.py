"""Clara Edge: a technician asks, the box answers offline, grounded, and names its source.

`turn` is the one brain: one question in, one grounded answer out. `ear` hears the domain, `mouth` speaks it, `field`
is the technician's work, `web` and `cli` are the ways in, and `wiring` is the one place that builds everything.
"""
