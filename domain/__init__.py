"""The share capital of a Hong Kong-listed issuer: facts, what follows from them, and the returns they fill.

No input or output, no clock and no environment: every answer is a pure function of entries and a viewpoint.
"""
