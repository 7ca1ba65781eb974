"""`drumbeat`, and `python -m scheduler`."""

from scheduler.cli.main import main

if __name__ == "__main__":
    main()
