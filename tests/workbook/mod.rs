//! Reading workbooks: every value of the samples at its cell, what a grid says, and what hostile files may not do.

mod hostile;
mod make;
mod peers;
mod samples;
mod values;
