//! The command `torimatome`: arguments, clock, exit status.

fn main() {}
