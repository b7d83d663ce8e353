"""``python -m entitymatch``: the command line, where its script is not on the path."""

from entitymatch.cli import main

if __name__ == "__main__":
    main()
