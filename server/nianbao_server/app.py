"""The Flask application: one factory, no global state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, g, request

from nianbao.storage.query_pool import Bounds
from nianbao.vocabulary import DATA
from nianbao_server import audits, originals, pages, problems, sparql, views
from nianbao_server.context import Site
from nianbao_server.language import chosen, remember

SECURITY = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
CORS = {
    "Access-Control-Allow-Origin": "*",  # for reads only, and never with credentials
    "Access-Control-Expose-Headers": "ETag, Link, Retry-After",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def create_app(
    store: str,
    *,
    base_url: str | None = None,
    timeout: float = 10,
    base: str = DATA,
    workers: int = 2,
    memory: int = 2 << 30,
    result: int = 64 << 20,
    pictures: originals.Pictures | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Flask:
    """The application that serves the store at `store` (a folder, or the address of a SPARQL endpoint).

    base_url: public address of this server, where a proxy stands before it. base: what data IRIs start with.
    timeout: seconds that one public query may take; memory, result: bytes that it may use and give.
    workers: processes for public queries. settings: Flask's own.
    pictures: draws the page that a passage is printed on; without it no pages are shown.
    Raises StoreError when the store cannot be opened. Call ``app.extensions["nianbao"].close()`` at the end.
    """
    app = Flask("nianbao_server", static_folder="static", static_url_path="/static")
    app.config.update(MAX_CONTENT_LENGTH=1 << 20, MAX_FORM_MEMORY_SIZE=1 << 20)
    app.config.update(settings or {})
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.strict_slashes = False
    bounds = Bounds(seconds=timeout, memory=memory, result=result)
    app.extensions["nianbao"] = Site.open(store, base=base, base_url=base_url or "", bounds=bounds, workers=workers)
    app.register_blueprint(sparql.blueprint)
    app.register_blueprint(audits.blueprint)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(originals.blueprint)
    app.extensions["nianbao-pictures"] = pictures
    problems.register(app)
    views.register(app)

    @app.before_request
    def language() -> None:
        g.language = chosen(request)

    @app.after_request
    def finish(response: Response) -> Response:
        for name, value in (SECURITY | CORS | (PREFLIGHT if request.method == "OPTIONS" else {})).items():
            response.headers.setdefault(name, value)
        if request.endpoint != "static":
            response.vary.update(["Accept", "Accept-Language", "Cookie"])
            if response.status_code == 200 and request.method in ("GET", "HEAD"):
                response.headers.setdefault("Cache-Control", "no-cache")  # keep it, but ask whether it still holds
                response.add_etag()
                response.make_conditional(request)
        return remember(request, response)

    return app
