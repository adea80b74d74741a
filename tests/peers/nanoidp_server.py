"""nanoidp, an identity provider with a real login form (person / person), as an authorization server.

python nanoidp_server.py [port [known-as]]
    prints {"at", "issuer", "introspection", "clientId", "clientSecret"}
"""

import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import parent

NANOIDP = [sys.executable, "-m", "nanoidp"]


def configured(folder: pathlib.Path, port: int, issuer: str) -> None:
    """Writes nanoidp's own first configuration, with our port and issuer in it and registration open."""
    subprocess.run([*NANOIDP, "init", str(folder)], check=True, stdout=subprocess.DEVNULL)
    settings = folder / "settings.yaml"
    text = settings.read_text().replace("http://localhost:8000", issuer).replace("port: 8000", f"port: {port}")
    registration = "oauth:\n  dynamic_registration:\n    enabled: true\n"
    settings.write_text(text.replace("oauth:\n", registration, 1))
    users = folder / "users.yaml"
    users.write_text(users.read_text().replace("testuser:", "person:").replace("test123", "person"))


def answering(port: int, process: subprocess.Popen[bytes]) -> bool:
    """Waits until the port takes connections; tells whether it does before the process ends."""
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return True
        except OSError:
            time.sleep(0.05)
    return False


door = parent.listening(sys.argv)
port = door.getsockname()[1]
door.close()
at = f"http://127.0.0.1:{port}"
issuer = parent.known_as(sys.argv, at)
folder = pathlib.Path(tempfile.mkdtemp(prefix="usher-nanoidp-"))
try:
    configured(folder, port, issuer)
    process = subprocess.Popen(
        [*NANOIDP, "--host", "127.0.0.1", "--port", str(port), "--config", str(folder)],
        # It writes its keys into the folder it runs in.
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
    )
    try:
        if not answering(port, process):
            sys.exit("nanoidp ended before it answered")
        # The client that nanoidp's own first configuration knows.
        parent.ready(
            at=at,
            issuer=issuer,
            introspection=f"{at}/introspect",
            clientId="demo-client",
            clientSecret="demo-secret",
        )
        sys.stdin.buffer.read()
    finally:
        process.terminate()
        process.wait()
finally:
    shutil.rmtree(folder)
