"""Serve the application with waitress, a production WSGI server, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import errno
import logging
import signal
import socket
import sys
from types import FrameType

from nianbao.errors import ServerError
from nianbao.vocabulary import DATA
from nianbao_server.app import create_app
from nianbao_server.originals import Pictures


def serve(
    store: str,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    timeout: float = 10,
    base_url: str | None = None,
    base: str = DATA,
    threads: int = 16,
    pictures: Pictures | None = None,
) -> None:
    """Serve `store` at ``http://host:port`` (port 0: any free one) and say so; returns after Ctrl-C.

    base: what the data IRIs of the store start with. pictures: draws pages of the reports (``create_app``).

    Raises ServerError when the address cannot be used and StoreError when the store cannot be opened.
    """
    from waitress.server import create_server

    listener = _listen(host, port)
    try:
        app = create_app(store, base_url=base_url, timeout=timeout, base=base, pictures=pictures)
    except Exception:
        listener.close()
        raise
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    try:
        server = create_server(
            app,
            sockets=[listener],
            threads=threads,
            ident="nianbao",
            max_request_body_size=4 << 20,
            channel_timeout=60,
            connection_limit=500,
        )
        shown = f"[{host}]" if ":" in host else host
        sys.stdout.write(f"http://{shown}:{listener.getsockname()[1]}  (Ctrl-C: 停止 / stop)\n")
        sys.stdout.flush()
        signal.signal(signal.SIGTERM, _stop)
        server.run()  # returns on KeyboardInterrupt and SystemExit
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()
        app.extensions["nianbao"].close()


def _listen(host: str, port: int) -> socket.socket:
    """A bound socket, so that a port in use is known before the store is opened."""
    where = f"{host}:{port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise ServerError(
            f"the host name cannot be used: {error.strerror or error}",
            where=where,
            remedy="name an address of this machine, for example 127.0.0.1 or 0.0.0.0",
            code="NB-SERVER-ADDRESS",
        ) from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            reason, remedy = "another program uses this port", "stop it, or choose another port with --port"
        elif error.errno == errno.EACCES:
            reason, remedy = "this port needs rights that you do not have", "choose one above 1023 with --port"
        else:
            reason, remedy = f"the address cannot be used: {error.strerror}", "choose another with --host and --port"
        raise ServerError(reason, where=where, remedy=remedy, code="NB-SERVER-ADDRESS") from error
    return listener


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
