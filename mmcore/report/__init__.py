"""A Result to take away: ``document`` for machines, ``html`` for people. Both carry notice, evidence grade and licence."""
