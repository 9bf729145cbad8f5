//! The relative way from the output to what arrived, for links.

use std::path::{Component, Path};

/// The way from one folder to another, with `/` on every system; `None` if there is none (another drive, a share of another server) or if it cannot be told
/// without looking at the disk.
pub(super) fn way(from: &Path, to: &Path) -> Option<String> {
    let (start, end) = (names(from)?, names(to)?);
    let common = start.iter().zip(&end).take_while(|(a, b)| a == b).count();
    if from.has_root() != to.has_root() || (from.has_root() && common == 0) {
        return None;
    }
    let mut way = vec![".."; start.len() - common];
    for component in &end[common..] {
        way.push(component.as_os_str().to_str()?);
    }
    Some(way.join("/"))
}

/// The components of a path, `..` taken back.
fn names(path: &Path) -> Option<Vec<Component<'_>>> {
    let mut names = Vec::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                names.pop()?;
            }
            other => names.push(other),
        }
    }
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_from_output_to_input() {
        for (from, to, way_there) in [
            ("output/a", "input/a", Some("../../input/a")),
            ("./output", "./input", Some("../input")),
            ("output", "../input", None),
            ("C/x/output", "C/x/input", Some("../input")),
            ("/home/x/output", "/home/x/input", Some("../input")),
            ("/home/x", "/srv/y", Some("../../srv/y")),
            ("output", "/mnt/input", None),
        ] {
            assert_eq!(way(Path::new(from), Path::new(to)).as_deref(), way_there, "{from} → {to}");
        }
    }

    #[test]
    #[cfg(windows)]
    fn there_is_no_way_to_another_drive_or_server() {
        for (from, to, way_there) in [
            (r"C:\job\output/a", r"C:\job\input/a", Some("../../input/a")),
            (r"C:\job\output", r"c:\job\input", Some("../input")),
            (r"C:\job\output", r"C:\mail", Some("../../mail")),
            (r"C:\job\output", r"D:\job\input", None),
            (r"C:\job\output", r"\\server\share\input", None),
            (r"\\server\share\job\output", r"\\server\share\job\input", Some("../input")),
            (r"\\server\share\output", r"\\server\other\input", None),
        ] {
            assert_eq!(way(Path::new(from), Path::new(to)).as_deref(), way_there, "{from} → {to}");
        }
    }
}
