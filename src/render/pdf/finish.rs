//! Finishing: what printpdf lacks is added through lopdf, and the document is written out.
//!
//! In: printpdf's document, the compressed page streams, the font programs. Out: the bytes.
//! Stays true: object numbers depend only on the input; nothing random or dated by the clock remains.
//! Neighbours: [`super::assemble`] before.

use super::fonts::Program;
use super::{About, compress, points};
use crate::layout::{Item, Page};
use anyhow::{Context, anyhow};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, dictionary};
use sha2::{Digest, Sha256};

/// Swaps the streams in, adds outline, labels, language and title, and writes the document.
pub(super) fn finish(
    mut document: Document,
    pages: &[&Page],
    about: &About,
    programs: Vec<Program>,
    streams: Vec<Vec<u8>>,
) -> anyhow::Result<Vec<u8>> {
    let mut hash = Sha256::new();
    streams.iter().for_each(|s| hash.update(s));
    document.version = "1.7".to_owned();
    let page_ids: Vec<ObjectId> = document.page_iter().collect();
    if page_ids.len() != pages.len() {
        return Err(anyhow!("ページ数が合いません / pages were lost: {} of {}", page_ids.len(), pages.len()));
    }
    let fonts = font_dictionary(&document, page_ids.first().copied())?;
    for (id, program) in fonts_of(&document, fonts, &programs)? {
        hash.update(&program.file);
        finish_font(&mut document, id, program)?;
    }
    drop(programs);
    page_streams(&mut document, &page_ids, streams, fonts)?;
    let catalog = catalog(&document)?;
    let outline = outline(&mut document, pages, &page_ids);
    let labels = labels(pages);
    let root = document.get_dictionary_mut(catalog)?;
    root.remove(b"PageLayout");
    root.set("PageMode", Object::Name(if outline.is_some() { b"UseOutlines".to_vec() } else { b"UseNone".to_vec() }));
    if let Some(outline) = outline {
        root.set("Outlines", outline);
    }
    root.set("Lang", Object::string_literal("ja-JP"));
    root.set("PageLabels", dictionary! { "Nums" => labels });
    root.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => true });
    information(&mut document, about, &mut hash)?;
    document.prune_objects();
    document.renumber_objects();
    let mut bytes = Vec::with_capacity(document.objects.values().map(size).sum());
    document.save_to(&mut bytes).context("PDFを書き出せません / cannot write the PDF")?;
    Ok(bytes)
}

/// Roughly how many bytes an object takes.
fn size(object: &Object) -> usize {
    object.as_stream().map_or(256, |s| s.content.len() + 256)
}

fn catalog(document: &Document) -> anyhow::Result<ObjectId> {
    Ok(document.trailer.get(b"Root")?.as_reference()?)
}

/// The dictionary of fonts that all pages share.
fn font_dictionary(document: &Document, page: Option<ObjectId>) -> anyhow::Result<Option<ObjectId>> {
    let Some(page) = page else { return Ok(None) };
    let resources = document.get_dictionary(page)?.get(b"Resources")?.as_reference()?;
    Ok(Some(document.get_dictionary(resources)?.get(b"Font")?.as_reference()?))
}

/// The font dictionaries with the programs they belong to.
fn fonts_of<'p>(document: &Document, fonts: Option<ObjectId>, programs: &'p [Program]) -> anyhow::Result<Vec<(ObjectId, &'p Program)>> {
    let Some(fonts) = fonts else { return Ok(Vec::new()) };
    let fonts = document.get_dictionary(fonts)?;
    programs.iter().map(|p| Ok((fonts.get(p.resource.as_bytes()).context("a font was not embedded")?.as_reference()?, p))).collect()
}

/// Our own ToUnicode map, and everything compressed.
fn finish_font(document: &mut Document, id: ObjectId, program: &Program) -> anyhow::Result<()> {
    let font = document.get_dictionary(id)?;
    let to_unicode = font.get(b"ToUnicode")?.as_reference()?;
    let descendant = font.get(b"DescendantFonts")?.as_array()?.first().context("no descendant font")?.as_dict()?;
    let descriptor = descendant.get(b"FontDescriptor")?.as_reference()?;
    let file = {
        let descriptor = document.get_dictionary(descriptor)?;
        descriptor.get(b"FontFile2").or_else(|_| descriptor.get(b"FontFile3"))?.as_reference()?
    };
    document.objects.insert(to_unicode, Object::Stream(deflated(Dictionary::new(), compress(program.to_unicode.as_bytes()))));
    let Object::Stream(stream) = document.get_object_mut(file)? else { return Err(anyhow!("the font file is no stream")) };
    let packed = compress(&stream.content);
    *stream = deflated(std::mem::take(&mut stream.dict), packed);
    // printpdf says "non-symbolic"; a font of kanji with codes of its own is symbolic (PDF 32000-1, table 123).
    document.get_dictionary_mut(descriptor)?.set("Flags", 4);
    Ok(())
}

/// A stream of bytes that are compressed already.
fn deflated(mut dict: Dictionary, bytes: Vec<u8>) -> Stream {
    dict.set("Filter", Object::Name(b"FlateDecode".to_vec()));
    let mut stream = Stream::new(dict, bytes);
    stream.allows_compression = false;
    stream
}

/// Puts the page streams in place; all pages share one dictionary of resources.
fn page_streams(document: &mut Document, ids: &[ObjectId], streams: Vec<Vec<u8>>, fonts: Option<ObjectId>) -> anyhow::Result<()> {
    let resources = document.add_object(match fonts {
        Some(fonts) => {
            dictionary! { "Font" => Object::Reference(fonts), "ProcSet" => vec![Object::Name(b"PDF".to_vec()), Object::Name(b"Text".to_vec())] }
        }
        None => Dictionary::new(),
    });
    for (id, bytes) in ids.iter().zip(streams) {
        let page = document.get_dictionary_mut(*id)?;
        page.set("Resources", Object::Reference(resources));
        page.remove(b"TrimBox");
        page.remove(b"CropBox");
        match page.get_mut(b"Annots") {
            Ok(Object::Array(links)) if links.is_empty() => {
                page.remove(b"Annots");
            }
            Ok(Object::Array(links)) => {
                for link in links.iter_mut().filter_map(|l| l.as_dict_mut().ok()) {
                    link.remove(b"C");
                    link.set("F", 4);
                }
                page.set("Tabs", Object::Name(b"S".to_vec()));
            }
            _ => {}
        }
        let content = page.get(b"Contents")?.as_reference()?;
        document.objects.insert(content, Object::Stream(deflated(Dictionary::new(), bytes)));
    }
    Ok(())
}

/// A bookmark while the outline is built.
struct Mark {
    id: ObjectId,
    level: u8,
    title: String,
    page: usize,
    top: f64,
}

/// The outline from the anchors, nested by level.
fn outline(document: &mut Document, pages: &[&Page], ids: &[ObjectId]) -> Option<Object> {
    let mut marks = Vec::new();
    for (page, (content, _)) in pages.iter().zip(ids).enumerate() {
        for item in &content.items {
            if let Item::Anchor { y, bookmark: Some((title, level)), .. } = item {
                let id = document.new_object_id();
                marks.push(Mark { id, level: level.max(&1).to_owned(), title: title.clone(), page, top: points(content.height - y) + 6.0 });
            }
        }
    }
    if marks.is_empty() {
        return None;
    }
    let root = document.new_object_id();
    let parents = parents(&marks);
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); marks.len()];
    let mut tops = Vec::new();
    let mut places = Vec::with_capacity(marks.len());
    for (i, parent) in parents.iter().enumerate() {
        let siblings = parent.map_or(&mut tops, |p| &mut children[p]);
        places.push(siblings.len());
        siblings.push(i);
    }
    for (i, mark) in marks.iter().enumerate() {
        let siblings = parents[i].map_or(&tops, |p| &children[p]);
        let mut entry = dictionary! {
            "Title" => text(&mark.title),
            "Parent" => Object::Reference(parents[i].map_or(root, |p| marks[p].id)),
            "Dest" => vec![Object::Reference(ids[mark.page]), Object::Name(b"XYZ".to_vec()), 0.into(), Object::Real(mark.top as f32), Object::Null],
        };
        if let Some(before) = places[i].checked_sub(1) {
            entry.set("Prev", Object::Reference(marks[siblings[before]].id));
        }
        if let Some(after) = siblings.get(places[i] + 1) {
            entry.set("Next", Object::Reference(marks[*after].id));
        }
        if let (Some(first), Some(last)) = (children[i].first(), children[i].last()) {
            entry.set("First", Object::Reference(marks[*first].id));
            entry.set("Last", Object::Reference(marks[*last].id));
            // Only the highest level stands open.
            let count = children[i].len() as i64;
            entry.set("Count", if parents[i].is_none() { count } else { -count });
        }
        document.objects.insert(mark.id, Object::Dictionary(entry));
    }
    let visible = tops.len() + tops.iter().map(|i| children[*i].len()).sum::<usize>();
    let (first, last) = (*tops.first()?, *tops.last()?);
    document.objects.insert(
        root,
        Object::Dictionary(dictionary! {
            "Type" => "Outlines",
            "First" => Object::Reference(marks[first].id),
            "Last" => Object::Reference(marks[last].id),
            "Count" => visible as i64,
        }),
    );
    Some(Object::Reference(root))
}

/// For each bookmark the nearest one before it of a higher level.
fn parents(marks: &[Mark]) -> Vec<Option<usize>> {
    let mut open: Vec<usize> = Vec::new();
    marks
        .iter()
        .enumerate()
        .map(|(i, mark)| {
            while open.last().is_some_and(|last| marks[*last].level >= mark.level) {
                open.pop();
            }
            let parent = open.last().copied();
            open.push(i);
            parent
        })
        .collect()
}

/// Page labels that say what is printed: runs of counting numbers, and every other name for itself.
fn labels(pages: &[&Page]) -> Vec<Object> {
    let mut entries = Vec::new();
    let mut expected: Option<String> = None;
    for (index, page) in pages.iter().enumerate() {
        let number = page.number.as_str();
        let counted = number.parse::<u32>().ok().filter(|n| *n > 0 && n.to_string() == number);
        if expected.as_deref() != Some(number) {
            entries.push(Object::Integer(index as i64));
            entries.push(Object::Dictionary(match counted {
                Some(n) => dictionary! { "S" => Object::Name(b"D".to_vec()), "St" => i64::from(n) },
                None if number.is_empty() => Dictionary::new(),
                None => dictionary! { "P" => text(number) },
            }));
        }
        expected = match counted {
            Some(n) => Some((n.saturating_add(1)).to_string()),
            None if number.is_empty() => Some(String::new()),
            None => None,
        };
    }
    entries
}

/// Info and /ID: title, author, the day of the run; nothing that changes from run to run.
fn information(document: &mut Document, about: &About, hash: &mut Sha256) -> anyhow::Result<()> {
    let date = format!("D:{}000000+09'00'", about.date.format("%Y%m%d"));
    let mut info = dictionary! {
        "Title" => text(&about.title),
        "Producer" => Object::string_literal(concat!("torimatome ", env!("CARGO_PKG_VERSION"))),
        "CreationDate" => Object::string_literal(date.clone()),
        "ModDate" => Object::string_literal(date.clone()),
    };
    if !about.author.is_empty() {
        info.set("Author", text(&about.author));
    }
    for part in [&about.title, &about.author, &date] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let id = hash.clone().finalize()[..16].to_vec();
    let id = Object::String(id, StringFormat::Hexadecimal);
    let place = document.trailer.get(b"Info")?.as_reference()?;
    document.objects.insert(place, Object::Dictionary(info));
    document.trailer.set("ID", vec![id.clone(), id]);
    Ok(())
}

/// A text string: UTF-16 with a byte order mark.
fn text(words: &str) -> Object {
    let mut bytes = vec![0xFE, 0xFF];
    bytes.extend(words.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(bytes, StringFormat::Hexadecimal)
}
