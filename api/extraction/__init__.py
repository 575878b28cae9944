"""The optional extractor: a language model of the company's own, behind the rules."""
