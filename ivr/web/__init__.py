"""The lobby in a browser: pages, events over WebSocket and SSE, and what a presenter does there."""
