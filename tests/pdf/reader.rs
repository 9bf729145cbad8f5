//! A small reader of our own PDFs: decodes page streams by their ToUnicode maps.

use lopdf::{Dictionary, Document, Object};
use std::collections::BTreeMap;

pub(super) struct Reader {
    document: Document,
    pages: Vec<lopdf::ObjectId>,
}

impl Reader {
    pub(super) fn new(bytes: &[u8]) -> Self {
        let document = Document::load_mem(bytes).unwrap();
        let pages = document.page_iter().collect();
        Reader { document, pages }
    }

    pub(super) fn pages(&self) -> usize {
        self.pages.len()
    }

    fn page(&self, index: usize) -> &Dictionary {
        self.document.get_dictionary(self.pages[index]).unwrap()
    }

    fn dictionary(&self, object: &Object) -> Dictionary {
        self.document.dereference(object).unwrap().1.as_dict().unwrap().clone()
    }

    fn stream(&self, object: &Object) -> Vec<u8> {
        self.document.dereference(object).unwrap().1.as_stream().unwrap().decompressed_content().unwrap()
    }

    pub(super) fn size(&self, index: usize) -> (f32, f32) {
        let media = self.page(index).get(b"MediaBox").unwrap().as_array().unwrap();
        (media[2].as_float().unwrap(), media[3].as_float().unwrap())
    }

    fn font_dictionaries(&self) -> BTreeMap<String, Dictionary> {
        let resources = self.dictionary(self.page(0).get(b"Resources").unwrap());
        let fonts = self.dictionary(resources.get(b"Font").unwrap());
        fonts.iter().map(|(name, font)| (String::from_utf8_lossy(name).into_owned(), self.dictionary(font))).collect()
    }

    /// Names of the fonts, and whether their program is in the file.
    pub(super) fn fonts(&self) -> Vec<(String, bool)> {
        self.font_dictionaries()
            .values()
            .map(|font| {
                let name = String::from_utf8_lossy(font.get(b"BaseFont").unwrap().as_name().unwrap()).into_owned();
                let below = self.dictionary(&font.get(b"DescendantFonts").unwrap().as_array().unwrap()[0]);
                let descriptor = self.dictionary(below.get(b"FontDescriptor").unwrap());
                let program = descriptor.get(b"FontFile2").or_else(|_| descriptor.get(b"FontFile3"));
                (name, program.is_ok_and(|p| self.stream(p).len() > 300))
            })
            .collect()
    }

    /// The characters of a page in the order of its stream.
    pub(super) fn text(&self, index: usize) -> String {
        let maps: BTreeMap<String, BTreeMap<u16, String>> =
            self.font_dictionaries().into_iter().map(|(name, font)| (name, code_map(&self.stream(font.get(b"ToUnicode").unwrap())))).collect();
        let content = self.stream(self.page(index).get(b"Contents").unwrap());
        let content = lopdf::content::Content::decode(&content).unwrap();
        let mut map = None;
        let mut text = String::new();
        for operation in content.operations {
            match operation.operator.as_str() {
                "Tf" => map = maps.get(&String::from_utf8_lossy(operation.operands[0].as_name().unwrap()).into_owned()),
                "Tj" => shown(&operation.operands[0], map, &mut text),
                "TJ" => operation.operands[0].as_array().unwrap().iter().for_each(|o| shown(o, map, &mut text)),
                _ => {}
            }
        }
        text
    }

    /// Depth and title of every bookmark, in order.
    pub(super) fn outline(&self) -> Vec<String> {
        let catalog = self.document.catalog().unwrap();
        let mut list = Vec::new();
        self.bookmarks(&self.dictionary(catalog.get(b"Outlines").unwrap()), 1, &mut list);
        list
    }

    fn bookmarks(&self, parent: &Dictionary, depth: usize, list: &mut Vec<String>) {
        let mut next = parent.get(b"First").ok().cloned();
        while let Some(entry) = next.map(|o| self.dictionary(&o)) {
            list.push(format!("{depth} {}", decoded(entry.get(b"Title").unwrap())));
            self.bookmarks(&entry, depth + 1, list);
            next = entry.get(b"Next").ok().cloned();
        }
    }

    /// The label of every page.
    pub(super) fn labels(&self) -> Vec<String> {
        let labels = self.dictionary(self.document.catalog().unwrap().get(b"PageLabels").unwrap());
        let entries = labels.get(b"Nums").unwrap().as_array().unwrap();
        let mut list = vec![String::new(); self.pages()];
        for pair in entries.chunks(2) {
            let from = pair[0].as_i64().unwrap() as usize;
            let label = self.dictionary(&pair[1]);
            for (i, place) in list[from..].iter_mut().enumerate() {
                let prefix = label.get(b"P").map(decoded).unwrap_or_default();
                let number = label.get(b"S").ok().map(|_| label.get(b"St").unwrap().as_i64().unwrap() + i as i64);
                *place = format!("{prefix}{}", number.map(|n| n.to_string()).unwrap_or_default());
            }
        }
        list
    }

    pub(super) fn catalog(&self, key: &str) -> String {
        decoded(self.document.catalog().unwrap().get(key.as_bytes()).unwrap())
    }

    pub(super) fn info(&self, key: &str) -> String {
        decoded(self.dictionary(self.document.trailer.get(b"Info").unwrap()).get(key.as_bytes()).unwrap())
    }

    pub(super) fn links(&self, index: usize) -> usize {
        self.page(index).get(b"Annots").map_or(0, |a| a.as_array().unwrap().len())
    }
}

fn shown(object: &Object, map: Option<&BTreeMap<u16, String>>, text: &mut String) {
    if let Object::String(bytes, _) = object {
        for code in bytes.chunks(2) {
            text.push_str(&map.unwrap()[&u16::from_be_bytes([code[0], code[1]])]);
        }
    }
}

/// A text string of a dictionary.
fn decoded(object: &Object) -> String {
    let bytes = object.as_str().unwrap();
    match bytes.strip_prefix(&[0xFE, 0xFF]) {
        Some(units) => String::from_utf16(&units.chunks(2).map(|u| u16::from_be_bytes([u[0], u[1]])).collect::<Vec<_>>()).unwrap(),
        None => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// `<0001> <6F22>` lines of a ToUnicode map.
fn code_map(map: &[u8]) -> BTreeMap<u16, String> {
    let hex = |t: &str| (0..t.len()).step_by(4).map(|i| u16::from_str_radix(&t[i..i + 4], 16).unwrap()).collect::<Vec<_>>();
    String::from_utf8_lossy(map)
        .lines()
        .filter_map(|line| line.strip_prefix('<')?.strip_suffix('>')?.split_once("> <"))
        .filter(|(code, to)| code.len() == 4 && *to != "FFFF")
        .map(|(code, to)| (hex(code)[0], String::from_utf16(&hex(to)).unwrap()))
        .collect()
}
