"""The flow of what is called, for pages to draw, with the names by which calls tell where they are."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter

from ivr.engine.flow import Flow
from ivr.live.session import Session
from ivr.report.flowchart import Chart, layout


def flows_router(shown: Callable[[], Session]) -> APIRouter:
    """Return the route of the flow.

    Parameters
    ----------
    shown : callable
        Gives the session that is shown.
    """
    router = APIRouter(prefix="/api", tags=["events"])

    @router.get("/flow")
    def flow() -> dict[str, Any]:
        """Return the flows of who is on the line: nodes by rows, and what leads where; none where nobody is."""
        calls = list(shown().bridge.calls.values())
        return {"flows": [_drawn(one) for one in calls[-1].flows.values()] if calls else []}

    return router


def _drawn(flow: Flow) -> Mapping[str, Any]:
    rows, ways = layout(Chart(flow, {}))
    return {"name": flow.name,
            "rows": [[{"name": name, "state": flow.nodes[name].state, "kind": type(flow.nodes[name]).__name__}
                      for name in row] for row in rows],
            "ways": [{"from": begin, "to": end, "exits": exits} for (begin, end), exits in ways.items()]}
