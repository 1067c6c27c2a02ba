"""A global offering: its tranches, and what an applicant pays."""
