"""The program ``steppe``: from its first moment on, being stopped is a word and exit code 130."""

import signal
import sys


def _stop(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def main() -> None:
    """Load the command line and run it; a closed terminal and a request to end are like Ctrl-C."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _stop)  # one that is ignored (nohup) stays so
    try:
        from steppe.cli import main as commands

        commands()
    except KeyboardInterrupt:
        sys.stderr.write("error  stopped\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
