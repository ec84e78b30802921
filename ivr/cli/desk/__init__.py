"""The commands of the administrator's desk: a module a noun, loaded when it is used."""
