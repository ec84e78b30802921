"""An application that lives at a URL and answers in TwiML."""
