"""``python -m steppe`` is the command ``steppe``."""

from steppe.cli import main

main()
