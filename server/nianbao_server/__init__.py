"""The web server: SPARQL 1.1 Protocol and pages for people, on top of a store that `nianbao build` filled."""

from nianbao_server.app import create_app
from nianbao_server.serve import serve

__all__ = ["create_app", "serve"]
