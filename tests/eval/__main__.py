"""`python -m tests.eval`."""

import sys

from tests.eval.run import main

sys.exit(main())
