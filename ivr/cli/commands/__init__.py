"""What can be typed: a command a module, as the signature of a function; its work is loaded when it is done."""
