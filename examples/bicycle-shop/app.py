"""The telephone of a bicycle shop, in TwiML: run it by `python app.py`; it needs Flask and nothing else."""

from xml.sax.saxutils import escape

from flask import Flask, Response, request

TICKETS = {"4711": "is ready", "4712": "needs another day"}

app = Flask(__name__)


def twiml(*verbs: str) -> Response:
    """Return verbs as a document."""
    return Response(f"<Response>{''.join(verbs)}</Response>", content_type="text/xml")


def say(text: str) -> str:
    """Return the verb that says a text."""
    return f"<Say>{escape(text)}</Say>"


@app.post("/voice")
def voice() -> Response:
    """Greet a caller, and ask what for."""
    return twiml('<Gather numDigits="1" action="/chosen" timeout="4">',
                 say("The bicycle shop. Press 1 for a repair, 2 to leave a message, 3 for the workshop, "
                     "or 4 to ride with others."),
                 "</Gather>", say("We did not hear anything. Goodbye."))


@app.post("/chosen")
def chosen() -> Response:
    """Go where a key leads."""
    match request.form["Digits"]:
        case "1":
            return twiml('<Gather action="/ticket" finishOnKey="#" actionOnEmptyResult="true">',
                         say("Key in the number on your ticket, then press pound."), "</Gather>")
        case "2":
            return twiml(say("Leave a message after the tone."),
                         '<Record action="/recorded" timeout="2" maxLength="60"/>',
                         say("You said nothing. Goodbye."))
        case "3":
            return twiml(say("One moment."), '<Dial timeout="6" action="/dialled">+14255550199</Dial>')
        case "4":
            return twiml(say("You ride with the others now."),
                         '<Dial><Conference beep="onEnter" waitUrl="/waiting">ride</Conference></Dial>')
    return twiml(say("There is nothing behind this key."), "<Redirect>/voice</Redirect>")


@app.post("/ticket")
def ticket() -> Response:
    """Tell what became of a bicycle."""
    found = TICKETS.get(request.form["Digits"])
    if found is None:
        return twiml(say("We do not know this ticket."), "<Redirect>/voice</Redirect>")
    return twiml(say(f"Your bicycle {found}."), "<Hangup/>")


@app.post("/recorded")
def recorded() -> Response:
    """Play a message to who has left it."""
    url = escape(request.form["RecordingUrl"])
    return twiml(say("You said:"), f"<Play>{url}</Play>", say("Thank you. Goodbye."))


@app.post("/dialled")
def dialled() -> Response:
    """Take it that the workshop has hung up, or has not answered."""
    if request.form["DialCallStatus"] == "completed":
        return twiml(say("Goodbye, and ride safely."))
    return twiml(say("The workshop is at lunch. Please leave a message after the tone."),
                 '<Record action="/recorded" timeout="2"/>')


@app.post("/waiting")
def waiting() -> Response:
    """Say something to who waits for others."""
    return twiml(say("You are the first one."), '<Pause length="3"/>')


if __name__ == "__main__":
    app.run(port=5000)
