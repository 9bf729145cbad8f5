//! Checking a form: everything that is wrong with its files, for people who write templates.
