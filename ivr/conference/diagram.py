"""The call's table as a picture: `python -m ivr.conference.diagram > docs/call-flow.md`."""

from ivr.conference.table import TABLE, Event, Say, State

_HEAD = """# The flow of a call

Drawn from `ivr/conference/table.py` by `python -m ivr.conference.diagram`; a test compares. A pair that is not in
the table is listed there as impossible. Hanging up leads from every state to `ended` (A6.8), a fault of
ours to `goodbye`; both are left out of the picture.

"""


def mermaid() -> str:
    """Return the table as a Mermaid state diagram; events with the same two ends share an arrow."""
    arrows: dict[tuple[State, State], list[str]] = {}
    for (state, event), step in TABLE.items():
        if event not in (Event.HUNG_UP, Event.FAULT) and (step.state is not state or step.requests):
            arrows.setdefault((state, step.state), []).append(event.value)
    lines = ["stateDiagram-v2", "    [*] --> idle"]
    lines += [f"    {_name(a)} --> {_name(b)}: {', '.join(events)}" for (a, b), events in arrows.items()]
    return "\n".join([*lines, "    ended --> [*]"])


def page() -> str:
    """Return docs/call-flow.md: the picture, and every row of the table."""
    rows = ["| state | event | next | what is done |", "|---|---|---|---|"]
    for (state, event), step in TABLE.items():
        done = "; ".join(f"say `{r.prompt}`" if isinstance(r, Say) else r.value for r in step.requests)
        rows.append(f"| {state.value} | {event.value} | {step.state.value} | {done} |")
    return f"{_HEAD}```mermaid\n{mermaid()}\n```\n\n" + "\n".join(rows) + "\n"


def _name(state: State) -> str:
    return state.value.replace("-", "_")


if __name__ == "__main__":
    print(page(), end="")
