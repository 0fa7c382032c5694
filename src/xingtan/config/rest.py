"""The REST interface: every domain's router under one description."""

from __future__ import annotations

from ninja import NinjaAPI
from ninja.security import SessionAuth

from xingtan.domains.directory.rest import router as directory
from xingtan.domains.indicators.rest import router as indicators
from xingtan.platform.rest.problems import install

api = NinjaAPI(
    title="Xingtan", version="1", description="The open interface of the education cloud.",
    auth=SessionAuth(), urls_namespace="rest", docs_url=None, openapi_url="/openapi.json",
)  # fmt: skip
install(api)
api.add_router("/orgs", directory, tags=["orgs"])
api.add_router("/indicators", indicators, tags=["indicators"])
