//! What can be wrong with a table, and the words for it in both languages: this file alone picks them.

use crate::company::Bilingual;
use serde::Serialize;

/// Longest piece of the user's own value repeated in a message.
const QUOTED_CHARS_MAX: usize = 40;

/// One thing wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Line of the file as an editor counts, from 1; the line where the record begins.
    pub line: u64,
    /// Name of the column; absent when it is about the line or the file.
    pub column: Option<String>,
    /// What is wrong, for programs.
    pub code: ProblemCode,
    /// What is wrong, for people.
    pub text: Bilingual,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// More bytes than allowed; nothing was read.
    FileTooLarge,
    /// More lines than allowed; the rest was not read.
    TooManyLines,
    /// More problems than allowed; the rest was not read.
    TooManyProblems,
    /// GBK, UTF-16 or another encoding; nothing was read.
    NotUtf8,
    /// No header.
    EmptyFile,
    /// The first line is not the header at all, or the separator is not a comma; nothing was read.
    WrongHeader,
    /// A required column is not in the header; nothing was read.
    MissingColumn,
    /// A column this table does not have; it is passed over.
    UnknownColumn,
    /// A column stands twice in the header; nothing was read.
    DuplicateColumn,
    /// The line holds a character that no text has: NUL.
    BadCharacter,
    /// The line has more or fewer fields than the header.
    FieldCount,
    /// A required value is empty.
    MissingValue,
    /// The value or list is longer than allowed.
    TooLong,
    /// Not a phone number.
    BadPhone,
    /// Not a date of the calendar.
    BadDate,
    /// Not a number, or out of its range.
    BadNumber,
    /// Not one of the words allowed.
    BadChoice,
    /// Not of the form the column asks for.
    BadFormat,
    /// Points at something that is not known.
    UnknownReference,
    /// The same key was on an earlier line.
    Duplicate,
    /// The phone number tells another engineer.
    PhoneTaken,
    /// The customer was erased.
    CustomerErased,
}

impl Problem {
    /// A problem with its words; `detail` is the value, name or number the words mention.
    pub(crate) fn new(line: u64, column: Option<&str>, code: ProblemCode, detail: &str) -> Self {
        Self {
            line,
            column: column.map(shortened),
            code,
            text: words(code, &shortened(detail)),
        }
    }
}

fn shortened(text: &str) -> String {
    let mut short: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(QUOTED_CHARS_MAX)
        .collect();
    if text.chars().nth(QUOTED_CHARS_MAX).is_some() {
        short.push('…');
    }
    short
}

fn words(code: ProblemCode, d: &str) -> Bilingual {
    let (zh, en) = match code {
        ProblemCode::FileTooLarge => (
            format!("文件超过 {d} 字节，请拆分后再导入"),
            format!("The file is larger than {d} bytes: split it"),
        ),
        ProblemCode::TooManyLines => (
            format!("超过 {d} 行，其余未读取，请拆分"),
            format!("More than {d} lines: split the file; the rest was not read"),
        ),
        ProblemCode::TooManyProblems => (
            format!("问题已达 {d} 个，停止读取，请先修正"),
            format!("Stopped after {d} problems: mend these first"),
        ),
        ProblemCode::NotUtf8 => (
            "文件不是 UTF-8 编码，请在表格软件中另存为“CSV UTF-8”".to_owned(),
            "The file is not UTF-8: save it as “CSV UTF-8” in the spreadsheet program".to_owned(),
        ),
        ProblemCode::EmptyFile => ("文件是空的".to_owned(), "The file is empty".to_owned()),
        ProblemCode::WrongHeader => (
            format!("首行应为列名并用逗号分隔，至少包含：{d}"),
            format!("The first line must name the columns, separated by commas, at least: {d}"),
        ),
        ProblemCode::MissingColumn => (format!("缺少列“{d}”"), format!("Column “{d}” is missing")),
        ProblemCode::UnknownColumn => (
            format!("不认识的列“{d}”，已忽略"),
            format!("Column “{d}” is not known and was passed over"),
        ),
        ProblemCode::DuplicateColumn => (format!("列“{d}”出现两次"), format!("Column “{d}” stands twice")),
        ProblemCode::BadCharacter => (
            "本行含有不允许的字符（NUL，U+0000），请删除".to_owned(),
            "The line holds a character that is not allowed (NUL, U+0000): take it out".to_owned(),
        ),
        ProblemCode::FieldCount => (
            format!("本行字段数与列名不一致（{d}）"),
            format!("The line does not have as many fields as the header ({d})"),
        ),
        ProblemCode::MissingValue => ("此项必填".to_owned(), "A value is required here".to_owned()),
        ProblemCode::TooLong => (
            format!("内容超过上限 {d}，请检查引号是否配对"),
            format!("Longer than {d}: is a quotation mark left open?"),
        ),
        ProblemCode::BadPhone => (
            "电话号码不正确，应为 7 至 15 位数字，手机号 11 位".to_owned(),
            "Not a phone number: 7 to 15 digits, Chinese mobiles 11".to_owned(),
        ),
        ProblemCode::BadDate => (
            format!("日期“{d}”不正确，应为 2026-08-31 这样的格式"),
            format!("“{d}” is not a date: write it like 2026-08-31"),
        ),
        ProblemCode::BadNumber => (
            format!("数字“{d}”不正确或超出范围"),
            format!("“{d}” is not a number that fits here"),
        ),
        ProblemCode::BadChoice => (
            format!("只能填写：{d}"),
            format!("Only these words are allowed: {d}"),
        ),
        ProblemCode::BadFormat => (format!("格式应为 {d}"), format!("The form must be {d}")),
        ProblemCode::UnknownReference => (format!("找不到“{d}”"), format!("“{d}” is not known")),
        ProblemCode::Duplicate => (format!("与第 {d} 行重复"), format!("The same as on line {d}")),
        ProblemCode::PhoneTaken => (
            format!("该号码是工程师“{d}”的，来电会认错人"),
            format!("This is the number of the engineer “{d}”: callers could not be told apart"),
        ),
        ProblemCode::CustomerErased => (
            format!("客户“{d}”的个人信息已按要求删除，不能再导入"),
            format!("Customer “{d}” was erased on request and is not taken again"),
        ),
    };
    Bilingual { zh, en }
}
