//! The command line: commands and options, from which help, man page and completions are made.

use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use torimatome::finding::Lang;

/// 取りまとめ：各課の報告を計画と突き合わせ、調書・会議資料・集計表を作ります。
///
/// Reads the workbooks that the departments sent in, reconciles them with the plan, and writes sheets, packet, summary workbook, page and returns.
/// Without a command it runs every job of this folder.
#[derive(Parser)]
#[command(
    name = "torimatome",
    version,
    max_term_width = 100,
    after_help = "終了コード / exit status: 0 完了 done · 1 エラーあり errors are open (check, run --strict) · 2 書き方の誤り wrong command line · 3 失敗 fault"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// 表示する言語 / language of the messages
    #[arg(long, global = true, value_enum, default_value = "ja", value_name = "LANG")]
    lang: Language,
    /// 実行日（指定しなければ今日） / the day of the run, by default today
    #[arg(long, global = true, value_name = "YYYY-MM-DD")]
    pub(crate) date: Option<chrono::NaiveDate>,
    /// 結果をJSONで表示する / print the result as JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// 色を付けるか / colours
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    pub(crate) color: When,
}

/// The commands.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// 読み取り、突き合わせ、すべて書き出す / read, reconcile, write everything
    Run {
        /// 業務の名前（省略すればすべて） / names of jobs, by default all
        jobs: Vec<String>,
        /// 未対応のエラーがあれば終了コードを1にする / exit with 1 if errors are open
        #[arg(long)]
        strict: bool,
    },
    /// 読み取りと突き合わせだけを行い、指摘を課ごとに表示する / read and reconcile only; findings by department
    Check {
        /// 業務の名前（省略すればすべて） / names of jobs, by default all
        jobs: Vec<String>,
    },
    /// 指摘の意味と直し方を説明する / what a finding means and what to do
    Explain {
        /// 指摘の番号または名前（C407） / its code or name
        code: String,
    },
    /// 新しい業務フォルダを作る / a new job folder, ready to run
    New {
        /// 作るフォルダ / the folder to make
        folder: PathBuf,
        /// もとにする様式の名前 / the form
        #[arg(long, value_name = "FORM")]
        form: String,
        /// 様式のテンプレートも写す（手直しするとき） / copy the form's templates too, for changing them
        #[arg(long)]
        templates: bool,
    },
    /// 様式を作る人のための確認と見本 / for people who make forms
    #[command(subcommand)]
    Form(FormCommand),
    /// シェルの補完を出力する / completions for a shell
    Completions {
        /// シェル / the shell
        shell: clap_complete::Shell,
    },
    /// マニュアルページを出力する / the man page
    Man,
}

/// What is done with a form.
#[derive(Subcommand)]
pub(crate) enum FormCommand {
    /// 様式の誤りを行と字の位置で知らせる / tell what is wrong with a form, with line and column
    Check {
        /// 様式のフォルダ / the form's folder
        folder: PathBuf,
    },
    /// 見本のデータで様式をPDFとHTMLにする / show a form with sample data as PDF and HTML
    Preview {
        /// 様式のフォルダ / the form's folder
        folder: PathBuf,
        /// 書き出すフォルダ（省略すれば今のフォルダ） / where to write, by default here
        #[arg(long, value_name = "DIR", default_value = ".")]
        to: PathBuf,
    },
}

/// A language of the messages.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Language {
    /// 日本語
    Ja,
    /// English
    En,
}

/// When to colour.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// 端末に表示するとき（NO_COLOR があれば付けない） / on a terminal, unless NO_COLOR is set
    Auto,
    /// いつも / always
    Always,
    /// 付けない / never
    Never,
}

impl Arguments {
    /// The language of the messages.
    pub(crate) fn lang(&self) -> Lang {
        match self.lang {
            Language::Ja => Lang::Ja,
            Language::En => Lang::En,
        }
    }
}
