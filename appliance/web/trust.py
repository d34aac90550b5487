"""How a phone comes to trust the box: its authority's certificate, a page that tells how, and the way to it from http.

Decisions: the certificate and the page are also served without TLS, because a phone cannot have TLS before it has
them; the page and `clara up` show the fingerprint, so that a person can compare. All else is redirected.
"""

from html import escape

from aiohttp import web

from appliance.web import assets, shield
from appliance.web.certificates import Authority
from appliance.web.hosts import host_of

KIND = "application/x-x509-ca-cert"
"""What makes a phone offer to install it."""


class Trust:
    """Handlers around one authority."""

    def __init__(self, authority: Authority) -> None:
        self._authority = authority
        page = (assets.FOLDER / "trust.html").read_text(encoding="utf-8")
        self._page = page.replace("{fingerprint}", escape(authority.fingerprint))

    def register(self, router: web.UrlDispatcher) -> None:
        """Add `/ca.crt` and `/trust`."""
        router.add_get("/ca.crt", self.certificate)
        router.add_get("/trust", self.page)

    async def certificate(self, _: web.Request) -> web.Response:
        """`GET /ca.crt`."""
        name = {"Content-Disposition": 'attachment; filename="clara-ca.crt"'}
        return web.Response(body=self._authority.pem, content_type=KIND, headers=name)

    async def page(self, _: web.Request) -> web.Response:
        """`GET /trust`: how to install it."""
        return web.Response(text=self._page, content_type="text/html")


def plain(authority: Authority, host: str, port: int) -> web.Application:
    """Give the application without TLS: the way to trust, and a redirect to `port` for all else."""
    app = web.Application(middlewares=[shield.problems, shield.callers(host)])
    app.on_response_prepare.append(shield.protect)
    Trust(authority).register(app.router)
    page = assets.load()["/page.css"]
    app.router.add_get("/page.css", page.serve)

    async def redirect(request: web.Request) -> web.Response:
        name = host_of(request.headers.get("Host", ""))
        shown = f"[{name}]" if ":" in name else name
        place = f"https://{shown}{'' if port == 443 else f':{port}'}{request.rel_url.raw_path}"
        query = f"?{request.rel_url.raw_query_string}" if request.query_string else ""
        raise web.HTTPPermanentRedirect(place + query)

    app.router.add_route("*", "/{tail:.*}", redirect)
    return app
