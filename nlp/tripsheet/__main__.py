"""`python -m tripsheet` is the `tripsheet` command."""

from tripsheet.cli import main

if __name__ == "__main__":
    main()
