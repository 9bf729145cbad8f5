//! Other plans' forms: told by the labels of the other forms that the program knows.
//!
//! In: a sheet without this job's form. Out: the name of the form that it shows far better.
//! Stays true: a sheet is another plan's only if most labels of that form stand on it.

use super::hits;
use super::model::Model;
use super::tiles::Tiles;
use crate::form::Form;
use crate::workbook::Sheet;
use std::sync::OnceLock;

/// The other forms, prepared when the first strange sheet turns up.
#[derive(Debug)]
pub(super) struct Others {
    own: String,
    models: OnceLock<Vec<(String, Model)>>,
}

impl Others {
    /// All forms but this one.
    pub(super) fn new(own: &str) -> Self {
        Others { own: own.to_owned(), models: OnceLock::new() }
    }

    /// The other form that a sheet shows, if it does.
    pub(super) fn which(&self, sheet: &Sheet, own: &Model) -> Option<String> {
        let tiles = Tiles::of(sheet);
        let share = |model: &Model| {
            let found = hits::find(&tiles, model);
            let mut plans: Vec<usize> =
                found.iter().filter(|h| h.quality >= super::labels::SURE).filter_map(|h| model.labels[h.label].plan).collect();
            plans.sort_unstable();
            plans.dedup();
            (plans.len(), model.labelled().max(1))
        };
        let (mine, of_mine) = share(own);
        let models = self.models.get_or_init(|| self.load(own));
        models
            .iter()
            .map(|(name, model)| (share(model), name))
            .filter(|((found, all), _)| *found >= 4 && found * 10 >= all * 6 && found * of_mine > mine * all)
            .max_by_key(|((found, all), _)| found * 1000 / all)
            .map(|(_, name)| name.clone())
    }

    fn load(&self, own: &Model) -> Vec<(String, Model)> {
        let names = crate::form::load::built_in_names().into_iter().filter(|n| *n != self.own);
        names.filter_map(|n| Form::load(&n, None).ok().map(|f| (n, Model::of(&f, own.year)))).collect()
    }
}
