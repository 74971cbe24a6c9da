"""Published lists of rules, record by record, turned into the rows of an agreement."""
