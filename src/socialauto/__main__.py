"""`python -m socialauto`."""

from socialauto.cli import main

if __name__ == "__main__":
    main()
