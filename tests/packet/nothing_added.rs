//! The plan edition says nothing that the published plan does not say, page furniture excepted.

use super::plan_edition::packet;
use torimatome::form::Form;
use torimatome::layout::Item;
use torimatome::value::fold;

/// What a form prints of its own, each with its reason.
fn furniture(id: &str) -> &'static [&'static str] {
    match id {
        // The data holds the circles of table 6-1 as yes and no. The published legend of the seventeen goals is a picture; here it stands as number and name.
        "oyama_joho" => &[
            "○",
            "貧困をなくそう",
            "飢餓をゼロに",
            "すべての人に健康と福祉を",
            "質の高い教育をみんなに",
            "ジェンダー平等を実現しよう",
            "安全な水とトイレを世界中に",
            "エネルギーをみんなにそしてクリーンに",
            "働きがいも経済成長も",
            "産業と技術革新の基盤をつくろう",
            "人や国の不平等をなくそう",
            "住み続けられるまちづくりを",
            "つくる責任つかう責任",
            "気候変動に具体的な対策を",
            "海の豊かさを守ろう",
            "陸の豊かさも守ろう",
            "平和と公正をすべての人に",
            "パートナーシップで目標を達成しよう",
        ],
        _ => &[],
    }
}

/// All strings of some JSON.
fn strings(value: &serde_json::Value, out: &mut String) {
    match value {
        serde_json::Value::String(s) => {
            out.push_str(&fold(s));
            out.push('\n');
        }
        serde_json::Value::Array(list) => list.iter().for_each(|v| strings(v, out)),
        serde_json::Value::Object(map) => map.values().for_each(|v| strings(v, out)),
        _ => {}
    }
}

/// Texts on the pages that neither the plan nor the form's labels nor the furniture hold.
fn added(id: &str) -> Vec<String> {
    let (packet, settled, _) = packet(id);
    let form = Form::load(id, Some(std::path::Path::new(env!("CARGO_MANIFEST_DIR")))).unwrap();
    let mut held = String::new();
    strings(&settled.document, &mut held);
    for initiative in &settled.initiatives {
        strings(&initiative.raw, &mut held);
        initiative.fields.values().for_each(|f| held.push_str(&(fold(&f.value) + "\n")));
    }
    for words in form.fields.iter().flat_map(|f| &f.labels).map(String::as_str).chain(furniture(id).iter().copied()) {
        held.push_str(&(fold(words) + "\n"));
    }
    let runs = packet.pages.iter().flat_map(|page| {
        page.items.iter().filter_map(|i| match i {
            Item::Text(run) if run.text() != page.number => Some(fold(run.text())),
            _ => None,
        })
    });
    runs.filter(|run| {
        let words = run.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        !held.contains(run.as_str()) && !held.contains(words)
    })
    .collect()
}

#[test]
fn the_plan_edition_adds_nothing() {
    for id in ["honjo", "annaka", "kodaira", "oyama_joho", "oyama_gyokaku"] {
        assert_eq!(added(id), Vec::<String>::new(), "{id}");
    }
}
