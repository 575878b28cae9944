"""The signed document: typeset, sealed with the company's signature, and verified."""
