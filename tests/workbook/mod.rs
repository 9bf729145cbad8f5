//! Reading workbooks: every value of the samples at its cell, and what hostile files may not do.

mod samples;
