//! Letters and mail drafts (Tera templates in `templates/letters/`).
