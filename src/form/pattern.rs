//! Patterns and paths: from the plan's data to a text (`{chapter.no}-{section.marker}`, `{no:02}`).
//!
//! In: a pattern, the JSON of one initiative. Out: the text.
//! Stays true: what the data does not hold is left out, never guessed; lists are joined by line breaks.
//! Neighbours: `plan` makes keys and field texts with these, `packet` bookmarks.

use serde_json::Value;

/// The value at a path (`item.name`, `groups.0.no`).
pub fn at<'a>(data: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(data, |here, step| match here {
        Value::Array(list) => step.parse::<usize>().ok().and_then(|i| list.get(i)),
        Value::Object(map) => map.get(step),
        _ => None,
    })
}

/// A value as text: lists joined by line breaks, null as nothing.
pub fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(s) => s.clone(),
        Value::Array(list) => list.iter().map(text_of).collect::<Vec<_>>().join("\n"),
        other => other.to_string(),
    }
}

/// The text of a pattern: names in braces are paths into the data; `:02` pads a number with zeros.
pub fn expand(pattern: &str, data: &Value) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let Some(close) = rest[open..].find('}') else {
            out.push_str(&rest[open..]);
            return out;
        };
        let inner = &rest[open + 1..open + close];
        let (path, width) = match inner.split_once(':') {
            Some((p, w)) => (p, w.trim_start_matches('0').parse::<usize>().unwrap_or(0).min(20)),
            None => (inner, 0),
        };
        let text = at(data, path).map(text_of).unwrap_or_default();
        out.push_str(&format!("{text:0>width$}"));
        rest = &rest[open + close + 1..];
    }
    out.push_str(rest);
    out
}

/// The names in braces of a pattern, in order, without widths.
pub fn names(pattern: &str) -> Vec<&str> {
    pattern.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(inner, _)| inner.split_once(':').map_or(inner, |(n, _)| n))).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_widths_and_gaps() {
        let data = json!({"field": 1, "no": 7, "item": {"marker": "①", "name": "名"}, "list": ["a", "b"]});
        assert_eq!(expand("{field}-{no:02}", &data), "1-07");
        assert_eq!(expand("{item.marker} {item.name}", &data), "① 名");
        assert_eq!(expand("{list}", &data), "a\nb");
        assert_eq!(expand("{missing}x{", &data), "x{");
        assert_eq!(names("{no:02}. {name}"), ["no", "name"]);
    }
}
