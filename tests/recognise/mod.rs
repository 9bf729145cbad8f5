//! Recognising forms: the ten sample mailboxes field by field, and forms bent in every way that a grid allows.

mod bend;
mod bent_lists;
mod bent_sheets;
mod mailboxes;
mod matching;
mod other_forms;
mod shared_sheets;
