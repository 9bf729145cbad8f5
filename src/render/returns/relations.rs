//! Relationships: which part of a package leads to which.
//!
//! In: a package and the name of a part. Out: its relationships, or one more.
//! Stays true: ids that are there keep their meaning; a target is a part's name from the root of the package.
//! Neighbours: [`super::package`] holds the parts.

use super::package::{Edits, Package, RELATIONSHIPS, Unmarkable, append_to, escaped, prefix, without_mark};

/// Namespace of relationship parts.
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// One relationship of a part.
#[derive(Debug, Clone)]
pub(super) struct Relationship {
    /// Its id.
    pub id: String,
    /// What it is: the last part of its type.
    pub kind: String,
    /// The part it leads to, from the root of the package.
    pub target: String,
}

/// Name of the part that holds the relationships of a part.
fn relationships_of(part: &str) -> String {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    if folder.is_empty() { format!("_rels/{name}.rels") } else { format!("{folder}/_rels/{name}.rels") }
}

/// The relationships of a part (of the package itself for an empty name).
pub(super) fn relationships(package: &mut Package<'_>, part: &str) -> Result<Vec<Relationship>, Unmarkable> {
    let Some(text) = package.text(&relationships_of(part))? else { return Ok(Vec::new()) };
    let text = without_mark(&text);
    let document = roxmltree::Document::parse(text).map_err(|_| Unmarkable::Damaged)?;
    let folder = part.rsplit_once('/').map_or("", |(folder, _)| folder);
    let nodes = document.root_element().children().filter(|n| n.has_tag_name((PACKAGE, "Relationship")));
    Ok(nodes
        .filter(|n| n.attribute("TargetMode") != Some("External"))
        .map(|n| Relationship {
            id: n.attribute("Id").unwrap_or_default().to_owned(),
            kind: n.attribute("Type").unwrap_or_default().rsplit('/').next().unwrap_or_default().to_owned(),
            target: resolved(folder, n.attribute("Target").unwrap_or_default()),
        })
        .collect())
}

/// Adds a relationship to a part and returns its id.
pub(super) fn relate(package: &mut Package<'_>, part: &str, kind: &str, target: &str) -> Result<String, Unmarkable> {
    let name = relationships_of(part);
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
    let text = package.text(&name)?.unwrap_or_else(|| format!("{head}<Relationships xmlns=\"{PACKAGE}\"></Relationships>"));
    let text = without_mark(&text).to_owned();
    let document = roxmltree::Document::parse(&text).map_err(|_| Unmarkable::Damaged)?;
    let root = document.root_element();
    let taken: Vec<&str> = root.children().filter_map(|n| n.attribute("Id")).collect();
    let id = (1..).map(|n| format!("rIdNote{n}")).find(|id| !taken.contains(&id.as_str())).unwrap_or_default();
    let tag = prefix(&text, root);
    let mut edits = Edits::default();
    append_to(&text, root, &format!("<{tag}Relationship Id=\"{id}\" Type=\"{RELATIONSHIPS}/{kind}\" Target=\"/{}\"/>", escaped(target)), &mut edits);
    let text = edits.apply(&text);
    package.put(&name, text);
    Ok(id)
}

/// A relationship's target as a part's name.
fn resolved(folder: &str, target: &str) -> String {
    let joined = if let Some(absolute) = target.strip_prefix('/') { absolute.to_owned() } else { format!("{folder}/{target}") };
    let mut parts: Vec<&str> = Vec::new();
    for part in joined.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
