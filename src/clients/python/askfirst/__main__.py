"""`python3 -m askfirst`, the same as the command."""

from .command import main

if __name__ == "__main__":
    raise SystemExit(main())
