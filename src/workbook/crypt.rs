//! Passwords.
use super::Unreadable;
pub(super) fn unlock_biff(_stream: &mut Vec<u8>, _passwords: &[String]) -> Result<(), Unreadable> {
    Ok(())
}
