"""FastMCP with its in-memory authorization server, which consents at once.

python fastmcp_server.py [port [known-as]]     prints {"at", "issuer", "mcp"}
"""

import sys

import uvicorn
from fastmcp import FastMCP
from fastmcp.server.auth.auth import ClientRegistrationOptions, RevocationOptions
from fastmcp.server.auth.providers.in_memory import InMemoryOAuthProvider

import parent

door = parent.listening(sys.argv)
at = f"http://127.0.0.1:{door.getsockname()[1]}"
base = parent.known_as(sys.argv, at)
auth = InMemoryOAuthProvider(
    base_url=base,
    client_registration_options=ClientRegistrationOptions(enabled=True),
    revocation_options=RevocationOptions(enabled=True),
)
server = FastMCP("fastmcp", auth=auth)


@server.tool
def add(a: int, b: int) -> int:
    """Adds two whole numbers."""
    return a + b


parent.end_with_parent()
parent.ready(at=at, issuer=base, mcp=f"{base}/mcp")
application = server.http_app(path="/mcp")
uvicorn.Server(uvicorn.Config(application, log_level="warning")).run(sockets=[door])
