"""An agent on a story's line: a program that hears and answers by itself, and is judged as any caller is."""
