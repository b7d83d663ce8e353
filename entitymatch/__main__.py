"""``python -m entitymatch``, and what the script ``entitymatch`` runs: the command line in a process of its own."""

from entitymatch.garbage import end_at_once


def main() -> None:
    """Run the command line."""
    from entitymatch.cli import main  # here, as processes that match import this module, too

    end_at_once()
    main()


if __name__ == "__main__":
    main()
