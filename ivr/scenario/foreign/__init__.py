"""Stories whose callers ring out, to an IVR that is not ours: judged on what they hear and on what the line tells."""
