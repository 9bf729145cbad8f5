//! Recognising forms: the ten sample mailboxes field by field, and forms bent in every way that a grid allows.

mod mailboxes;
