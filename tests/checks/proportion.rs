//! Time grows in proportion: ten thousand initiatives are reconciled in about ten times the time of a thousand.
