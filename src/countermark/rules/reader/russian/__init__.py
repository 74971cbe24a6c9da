"""The Russian grammar of rule texts: the list of the CIS Rules, and lists like it."""
