"""Runs every test beside it, or those named, and ends with one line that scripts/test.sh reads."""

import os
import sys
import unittest

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here)
loader = unittest.TestLoader()
tests = loader.loadTestsFromNames(sys.argv[1:]) if sys.argv[1:] else loader.discover(here)
done = unittest.TextTestRunner(verbosity=2).run(tests)
failed = len(done.failures) + len(done.errors) + len(done.unexpectedSuccesses)
skipped = len(done.skipped)
print(
    f"python result: {'ok' if failed == 0 else 'FAILED'}. "
    f"{max(0, done.testsRun - failed - skipped)} passed; {failed} failed; {skipped} skipped"
)
sys.exit(1 if failed else 0)
