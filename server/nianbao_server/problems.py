"""Errors as answers: ``application/problem+json`` (RFC 9457) for programs, a page for people."""

from __future__ import annotations

import json
import logging

from flask import Flask, Response, g, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.http import HTTP_STATUS_CODES

from nianbao.errors import NianbaoError, StoreError
from nianbao_server.language import word
from nianbao_server.negotiation import wants_html

log = logging.getLogger(__name__)

STATUS = {
    "NB-QUERY-SYNTAX": 400,
    "NB-QUERY-FAILED": 400,
    "NB-QUERY-FORM": 400,
    "NB-QUERY-REFUSED": 403,
    "NB-QUERY-TOO-LARGE": 422,  # 413 is for the size of the request itself
    "NB-QUERY-MEMORY": 422,
    "NB-QUERY-BUSY": 503,
    "NB-QUERY-TIMEOUT": 504,
    "NB-READ-BUSY": 503,
    "NB-READ-KIND": 404,
    "NB-READ-PAGE-LOST": 404,
    "NB-SERVER-READ-ONLY": 403,
}
"""HTTP status of our errors by code; a store that fails is 503, anything else 500."""


def status_of(error: NianbaoError) -> int:
    """The HTTP status that an error of ours is answered with."""
    return STATUS.get(error.code, 503 if isinstance(error, StoreError) else 500)


def register(app: Flask) -> None:
    """Answer every error in the one way."""

    @app.errorhandler(NianbaoError)
    def ours(error: NianbaoError) -> Response:
        place = error.place
        if isinstance(error, StoreError):
            log.error("%s", error)
            place = ""  # where the store lies is nobody's business
        return problem(status_of(error), error.reason, code=error.code, remedy=error.remedy, place=place)

    @app.errorhandler(HTTPException)
    def theirs(error: HTTPException) -> Response:
        status = error.code or 500
        detail = error.description or ""
        if status == 404 and error.description == type(error).description:
            detail = word("problem-404", g.language)
        response = problem(status, detail, code=f"NB-HTTP-{status}", remedy=_remedy(status))
        for name, value in error.get_headers():
            if name.lower() in ("allow", "retry-after", "location"):
                response.headers[name] = value
        return response

    @app.errorhandler(Exception)
    def unknown(error: Exception) -> Response:
        log.exception("a request failed: %s %s", request.method, request.path, exc_info=error)
        return problem(500, InternalServerError.description, code="NB-SERVER-FAULT", remedy=_remedy(500))


def problem(status: int, reason: str, *, code: str, remedy: str = "", place: str = "") -> Response:
    """The answer for an error: `reason` what is wrong, `remedy` what to do, `place` where in the request.

    Pages say it in the reader's language (views.both), programs get what the error says.
    """
    title = HTTP_STATUS_CODES.get(status, "Error")
    if wants_html(request):
        page = render_template(
            "problem.html", status=status, title=title, reason=reason, remedy=remedy, code=code, place=place
        )
        response = Response(page, status, mimetype="text/html")
    else:
        detail = f"{place}: {reason}" if place else reason
        body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code}
        body |= {key: value for key, value in (("remedy", remedy), ("place", place)) if value}
        text = json.dumps(body, ensure_ascii=False)
        response = Response(text + "\n", status, content_type="application/problem+json")
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response


def _remedy(status: int) -> str:
    key = f"remedy-{status}"
    from nianbao_server.language import labels

    return word(key, g.language) if key in labels() else ""
