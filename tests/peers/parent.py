"""What every peer written for Python shares: a port, a line that says it is ready, and an end with its parent's."""

import json
import os
import socket
import sys
import threading


def listening(arguments: list[str]) -> socket.socket:
    """Returns a socket that listens on the port asked for, or on a free one when that is 0 or absent."""
    port = int(arguments[1]) if len(arguments) > 1 else 0
    return socket.create_server(("127.0.0.1", port))


def known_as(arguments: list[str], own: str) -> str:
    """Returns where this peer is known to be: what stands in front of it, or its own place."""
    return arguments[2] if len(arguments) > 2 else own


def ready(**addresses: str) -> None:
    """Says where this peer is, as one line of JSON."""
    print(json.dumps(addresses), flush=True)


def end_with_parent() -> None:
    """Ends this process when its standard input does."""

    def wait() -> None:
        sys.stdin.buffer.read()
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()
