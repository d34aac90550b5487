"""A lexicon of forty models, real makers' and invented numbers, with the demo customers."""

from appliance.ear.lexicon import Lexicon

MODELS = [
    ("50TCQA06", "Carrier", "rooftop unit"),
    ("50A4-030", "Carrier", "rooftop unit"),
    ("FTXS12WVJU9", "Daikin", "split system"),
    ("XR16", "Trane", "air conditioner"),
    ("EL16XC1", "Lennox", "air conditioner"),
    ("GSXC16", "Goodman", "air conditioner"),
    ("RTGH-95DVLN", "Rheem", "water heater"),
    ("4AE12", "Peerless", "fire pump"),
    ("8196", "Peerless", "fire pump"),
    ("909-QT", "Watts", "backflow preventer"),
    ("2000B", "Ames", "backflow preventer"),
    ("975XL2", "Wilkins", "backflow preventer"),
    ("LF860", "Febco", "backflow preventer"),
    ("VK302", "Viking", "sprinkler"),
    ("TY325", "Tyco", "sprinkler"),
    ("F1FR56", "Reliable", "sprinkler"),
    ("V2704", "Victaulic", "sprinkler"),
    ("NFS2-3030", "Notifier", "fire alarm panel"),
    ("4100ES", "Simplex", "fire alarm panel"),
    ("MS-9200UDLS", "Fire-Lite", "fire alarm panel"),
    ("FSP-851", "Notifier", "smoke detector"),
    ("i3", "System Sensor", "smoke detector"),
    ("D4120", "System Sensor", "duct detector"),
    ("P2RL", "System Sensor", "horn strobe"),
    ("B500", "Amerex", "extinguisher"),
    ("A411", "Amerex", "extinguisher"),
    ("FX-10", "Kidde", "extinguisher"),
    ("R-102", "Ansul", "kitchen system"),
    ("CR-8", "Badger", "extinguisher"),
    ("KP-375", "Range Guard", "kitchen system"),
    ("PS-1270", "Power-Sonic", "battery"),
    ("BP12-7", "B&B", "battery"),
    ("VSR-SF", "Potter", "waterflow switch"),
    ("OSYSU-1", "Potter", "tamper switch"),
    ("PCVS-2", "Potter", "tamper switch"),
    ("DX-20", "Aurora", "fire pump"),
    ("GPD-100", "Patterson", "jockey pump"),
    ("SLV-75", "Zurn", "valve"),
    ("HTRI-M", "Siemens", "module"),
    ("W7ZC3", "York", "chiller"),
]
MAKERS = ["Viking", "Honeywell", "Silent Knight"]
NAMES = [
    "WeWork",
    "ABC Manufacturing",
    "123 Main St",
    "456 Industrial Pkwy",
    "Sarah Chen",
    "Miguel Rodriguez",
]


def lexicon() -> Lexicon:
    """Build it."""
    return Lexicon.build(MODELS, MAKERS, NAMES)
