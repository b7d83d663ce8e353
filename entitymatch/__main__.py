"""``python -m entitymatch``: the command line, where its script is not on the path."""


def main() -> None:
    """Run the command line."""
    from entitymatch.cli import main  # here, as processes that match import this module, too

    main()


if __name__ == "__main__":
    main()
