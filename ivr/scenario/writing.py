"""What is written in the files that testers write: for complaints about them."""

from ivr.reading import Writing
from ivr.scenario.errors import ScenarioError

BRACES = 'what begins with a placeholder stands in quotation marks, as in press: "{pin of amos}#"'

SCENARIO = Writing(
    ScenarioError, empty="a scenario has at least 'callers'",
    deep="a scenario has lists of steps under callers, no more",
    alias='keys that begin with * stand in quotation marks, as in press: "*"',
    items=("press", "hear", "not hear", "hear only", "say", "play", "wait", "wait for", "in", "dial"),
    hints={r":\s*\{(old )?(pin|conference id) of ": BRACES})
