"""``python -m careerbench`` is the ``careerbench`` command."""

import sys

from careerbench.cli import main

if __name__ == "__main__":
    sys.exit(main())
