"""The services' calls as one web application."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from urllib.parse import unquote

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from core.practice.server import body_until_cut
from core.practice.traffic import Traffic
from core.practice.wire import HTML, Route, WireAnswer, WireRequest, html_answer


def make_app(routes: Iterable[Route], traffic: Traffic) -> Flask:
    """All three services as one application: their paths don't overlap."""
    app = Flask("practice", static_folder=None)
    app.url_map.merge_slashes = False
    for route in routes:
        app.add_url_rule(route.rule, route.name, _view(route, traffic), methods=[route.method])

    @app.errorhandler(HTTPException)
    def elsewhere(error: HTTPException) -> Response:
        status = error.code or 500
        traffic.strayed(request.path, status)
        return _response(html_answer(status, f"{status} {error.name}"))

    return app


def _view(route: Route, traffic: Traffic) -> Callable[..., Response]:
    def view(segment: str = "") -> Response:
        asked = WireRequest(
            query=request.args.to_dict(),
            headers={name.lower(): value for name, value in request.headers.items()},
            body=_body(),
            segment=unquote(segment),
        )
        return _response(traffic.answer(route, asked))

    return view


def _body() -> object:
    """The form or JSON that came; None where it is neither."""
    if request.form:
        return request.form.to_dict()
    try:
        return json.loads(request.get_data() or b"null")
    except (ValueError, RecursionError):
        return None


def _response(answer: WireAnswer) -> Response:
    body: Iterable[bytes] = [answer.body]
    if answer.cut_after is not None:
        body = body_until_cut(answer.body, answer.cut_after)
    charset = "; charset=utf-8" if answer.content_type == HTML else ""
    response = Response(body, answer.status, content_type=answer.content_type + charset)
    response.headers.update({"Content-Length": str(len(answer.body)), **answer.headers})
    return response
