"""Stories whose callers ring out, to an IVR that is not ours: judged on what they hear and what the line tells."""
