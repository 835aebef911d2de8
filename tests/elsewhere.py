"""Another machine, which notes what it is asked for, and markup that has a browser ask it."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Elsewhere:
    """Its address, and the paths that it was asked for."""

    address: str = ""
    asked: list[str] = field(default_factory=list)

    def hostile(self) -> str:
        """Markup that runs, sets `window.pwned`, or fetches, if anything lets it."""
        return (
            "<script>window.pwned = 1</script>"
            f'<img src="{self.address}/markup.png" onerror="window.pwned = 1">'
            f'<iframe src="{self.address}/frame"></iframe>'
            f'<link rel="stylesheet" href="{self.address}/css">'
            '<svg onload="window.pwned = 1"></svg><img src="/logout">'
            f'<div style="background: url({self.address}/background)">x</div>'
        )


@contextmanager
def elsewhere_is_listening() -> Iterator[Elsewhere]:
    made = Elsewhere()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
