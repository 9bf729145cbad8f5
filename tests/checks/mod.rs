//! The checks above a single file: the ten sample mailboxes as a careful person reads them, totals a second time, time in proportion, documentation.

mod ideal;
mod proportion;
