//! What stands where on the paper, from the head down to the signature.

use fieldline_model::operation::VisitResult;
use fieldline_model::reason::Lang;

use crate::clean::{line, lines, shortened};
use crate::jpeg::Jpeg;
use crate::measure::{ACCENT, AMBER, BODY, GREEN, INK, LINE, MIST, RED, SIDE, SLATE, SMALL, Style, WIDTH};
use crate::number::number;
use crate::sheet::{Area, Sheet};
use crate::signature::{self, BOX};
use crate::table::{Cell, Table};
use crate::told::{Answered, Both, Item, Picture, Report, Shows, Signed, Sound, Visit};
use crate::when::{Zone, length};
use crate::words::{self as w, Word};

const TEXT: Style = Style::of(BODY, INK);
const LABEL: Style = Style::of(SMALL, SLATE);
const NOTE: Style = Style::of(SMALL, SLATE);
/// Characters of an answer: what is longer belongs elsewhere, and 400 of them fill a book.
const ANSWER_CHARS_MAX: usize = 1_000;
/// Between one section and the next.
const SECTION: f32 = 12.0;
/// Columns of pictures, and the room between them.
const PICTURES_ACROSS: usize = 3;
const PICTURE_GAP: f32 = 10.0;
const PICTURE_HEIGHT: f32 = 120.0;
/// Points of one unit of the signature's box.
const SIGNATURE_SCALE: f32 = 0.4;

/// A report that is being drawn.
pub(crate) struct Draw<'a> {
    pub(crate) lang: Lang,
    pub(crate) zone: Zone,
    pub(crate) report: &'a Report,
}

impl Draw<'_> {
    fn t(&self, word: Word) -> &'static str {
        word.of(self.lang)
    }

    /// A name in this language, in one line.
    fn named(&self, name: &Both) -> String {
        line(name.pick(self.lang))
    }

    /// Everything but the feet.
    pub(crate) fn all(&self, sheet: &mut Sheet<'_>) {
        self.head(sheet);
        self.outcome(sheet);
        self.facts(sheet);
        self.visits(sheet);
        self.checklist(sheet);
        self.parts(sheet);
        self.photos(sheet);
        self.signature(sheet);
    }

    fn head(&self, sheet: &mut Sheet<'_>) {
        let company = Style::of(11.0, SLATE).bold();
        let title = Style::of(21.0, INK).bold();
        let shown = sheet.fitting(&line(&self.report.company), WIDTH, company);
        sheet.line((SIDE, sheet.y), company, &shown);
        sheet.down(company.leading() + 2.0);
        sheet.line((SIDE, sheet.y), title, self.t(w::TITLE));
        let number = sheet.fitting(
            &line(&self.report.number),
            WIDTH / 2.0,
            Style::of(13.0, INK).bold(),
        );
        let right = SIDE + WIDTH;
        let y = sheet.y + 3.0;
        sheet.line_to((right, y - 8.0), LABEL, self.t(w::TICKET));
        sheet.line_to((right, y + 4.0), Style::of(13.0, INK).bold(), &number);
        sheet.down(title.leading() + 2.0);
        sheet.rule(sheet.y, 1.6, ACCENT);
        sheet.down(10.0);
        if self.report.pending {
            self.band(
                sheet,
                AMBER,
                &[(TEXT.bold(), AMBER, self.t(w::PENDING).to_owned())],
            );
        }
    }

    /// A band with a bar of this colour at its left, and lines of text in it.
    fn band(
        &self,
        sheet: &mut Sheet<'_>,
        bar: crate::measure::Ink,
        texts: &[(Style, crate::measure::Ink, String)],
    ) {
        let (inset, pad) = (12.0, 6.0);
        let mut shown = Vec::new();
        for (style, ink, text) in texts {
            let style = Style { ink: *ink, ..*style };
            let lines = sheet.lines(text, WIDTH - 2.0 * inset, style);
            shown.extend(lines.into_iter().map(|line| (style, line)));
        }
        let height: f32 = shown.iter().map(|(style, _)| style.leading()).sum::<f32>() + 2.0 * pad;
        let area = Area {
            x: SIDE,
            y: sheet.y,
            width: WIDTH,
            height,
        };
        sheet.fill(area, MIST);
        sheet.fill(Area { width: 3.0, ..area }, bar);
        let mut y = sheet.y + pad;
        for (style, text) in shown {
            sheet.line((SIDE + inset, y), style, &text);
            y += style.leading();
        }
        sheet.down(height + 8.0);
    }

    /// How it ended, in large letters: what most people look for.
    fn outcome(&self, sheet: &mut Sheet<'_>) {
        let Some(last) = self.report.visits.shown.last() else {
            return;
        };
        let ink = match last.result {
            VisitResult::Fixed | VisitResult::NoFaultFound => GREEN,
            VisitResult::Partly => AMBER,
            VisitResult::CouldNot => RED,
        };
        let mut about: Vec<String> = last
            .finished
            .iter()
            .map(|at| self.zone.moment(self.lang, *at))
            .collect();
        about.extend(Some(self.named(&last.engineer)).filter(|name| !name.is_empty()));
        let texts = [
            (
                Style::of(14.0, ink).bold(),
                ink,
                self.t(w::result(last.result)).to_owned(),
            ),
            (NOTE, SLATE, about.join(" · ")),
        ];
        self.band(sheet, ink, &texts);
    }

    fn facts(&self, sheet: &mut Sheet<'_>) {
        let report = self.report;
        let fault = [self.named(&report.fault), lines(&report.fault_text)];
        let fault: Vec<String> = fault.into_iter().filter(|text| !text.is_empty()).collect();
        let facts = [
            (w::CUSTOMER, self.named(&report.customer)),
            (w::SITE, line(&report.site)),
            (w::MACHINE, self.named(&report.model)),
            (w::SERIAL, line(&report.serial)),
            (w::FAULT, fault.join("\n")),
        ];
        self.pairs(sheet, &facts);
    }

    /// Labels with what they mean, those that mean nothing left out.
    fn pairs(&self, sheet: &mut Sheet<'_>, pairs: &[(Word, String)]) {
        let rows: Vec<Vec<Cell>> = pairs
            .iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(label, text)| vec![Cell::new(self.t(*label), LABEL), Cell::new(text.as_str(), TEXT)])
            .collect();
        let table = Table {
            columns: &[0.18, 0.82],
            head: None,
        };
        table.draw(sheet, &rows);
    }

    /// A heading that does not stand alone at the end of a page.
    fn heading(&self, sheet: &mut Sheet<'_>, word: Word, below: f32) {
        let style = Style::of(11.5, ACCENT).bold();
        sheet.need(SECTION + style.leading() + below);
        if !sheet.is_fresh() {
            sheet.down(SECTION);
        }
        sheet.line((SIDE, sheet.y), style, self.t(word));
        sheet.down(style.leading() + 2.0);
        sheet.rule(sheet.y, 0.7, ACCENT);
        sheet.down(2.0);
    }

    fn visits(&self, sheet: &mut Sheet<'_>) {
        self.heading(sheet, w::VISITS, 90.0);
        for visit in &self.report.visits.shown {
            self.visit(sheet, visit);
        }
        self.more(sheet, self.report.visits.more);
    }

    fn visit(&self, sheet: &mut Sheet<'_>, visit: &Visit) {
        let day = [visit.accepted, visit.departed, visit.arrived, visit.finished]
            .into_iter()
            .flatten()
            .next();
        let moment = |at: Option<fieldline_model::time::Timestamp>| match (at, day) {
            (Some(at), Some(day)) if at == day => self.zone.moment(self.lang, at),
            (Some(at), Some(day)) => self.zone.short(self.lang, at, day),
            (Some(_), None) | (None, _) => "–".to_owned(),
        };
        let minutes = |minutes: Option<i64>| minutes.map_or_else(|| "–".to_owned(), |m| length(self.lang, m));
        let head = [
            w::ENGINEER,
            w::ACCEPTED,
            w::DEPARTED,
            w::ARRIVED,
            w::FINISHED,
            w::TRAVEL,
            w::LABOUR,
        ];
        let row = [
            Some(self.named(&visit.engineer))
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| "–".to_owned()),
            moment(visit.accepted),
            moment(visit.departed),
            moment(visit.arrived),
            moment(visit.finished),
            minutes(visit.travel_minutes),
            minutes(visit.labour_minutes),
        ];
        let table = Table {
            columns: &[0.15, 0.23, 0.11, 0.11, 0.11, 0.12, 0.17],
            head: Some(head.iter().map(|word| Cell::new(self.t(*word), LABEL)).collect()),
        };
        table.draw(
            sheet,
            &[row.into_iter().map(|text| Cell::new(text, TEXT)).collect()],
        );
        let words = if visit.result == VisitResult::CouldNot {
            w::REASON
        } else {
            w::REMARK
        };
        let pairs = [
            (w::RESULT, self.t(w::result(visit.result)).to_owned()),
            (w::CAUSE, self.named(&visit.cause)),
            (w::REMEDY, self.named(&visit.remedy)),
            (words, lines(&visit.text)),
        ];
        self.pairs(sheet, &pairs);
        sheet.down(4.0);
    }

    fn more(&self, sheet: &mut Sheet<'_>, more: usize) {
        if more > 0 {
            let text = w::MORE.fill(self.lang, "", &more.to_string());
            sheet.paragraph(SIDE, WIDTH, NOTE, &text);
        }
    }

    fn parts(&self, sheet: &mut Sheet<'_>) {
        let parts = &self.report.parts;
        if parts.shown.is_empty() {
            return;
        }
        self.heading(sheet, w::PARTS, 50.0);
        let table = Table {
            columns: &[0.26, 0.6, 0.14],
            head: Some(vec![
                Cell::new(self.t(w::PART_NUMBER), LABEL),
                Cell::new(self.t(w::PART_NAME), LABEL),
                Cell::new(self.t(w::QUANTITY), LABEL).right(),
            ]),
        };
        let rows: Vec<Vec<Cell>> = parts
            .shown
            .iter()
            .map(|part| {
                vec![
                    Cell::new(line(&part.number), TEXT),
                    Cell::new(self.named(&part.name), TEXT),
                    Cell::new(part.quantity.to_string(), TEXT).right(),
                ]
            })
            .collect();
        table.draw(sheet, &rows);
        self.more(sheet, parts.more);
    }

    fn checklist(&self, sheet: &mut Sheet<'_>) {
        let items = &self.report.checklist;
        if items.shown.is_empty() {
            return;
        }
        self.heading(sheet, w::CHECKLIST, 50.0);
        let table = Table {
            columns: &[0.48, 0.3, 0.22],
            head: Some(
                [w::ITEM, w::ANSWER, w::SOUND]
                    .map(|word| Cell::new(self.t(word), LABEL))
                    .to_vec(),
            ),
        };
        let rows: Vec<Vec<Cell>> = items.shown.iter().map(|item| self.item(item)).collect();
        table.draw(sheet, &rows);
        self.more(sheet, items.more);
    }

    fn item(&self, item: &Item) -> Vec<Cell> {
        let answer = match &item.answer {
            Answered::Not => Cell::new(self.t(w::NOT_ANSWERED), Style { ink: SLATE, ..TEXT }),
            Answered::Tick(yes) => Cell::new(self.t(if *yes { w::YES } else { w::NO }), TEXT),
            Answered::Text(text) => Cell::new(shortened(&lines(text), ANSWER_CHARS_MAX), TEXT),
            Answered::Reading { value, unit } => {
                let read = line(&format!("{} {unit}", number(*value)));
                match &item.sound {
                    Some(sound) if !sound.holds(*value) => {
                        let style = Style { ink: RED, ..TEXT }.bold();
                        Cell::new(w::OUTSIDE.fill(self.lang, &read, ""), style)
                    }
                    Some(_) | None => Cell::new(read, TEXT),
                }
            }
        };
        let sound = item
            .sound
            .as_ref()
            .map(|sound| self.range(sound))
            .unwrap_or_default();
        let label = shortened(&self.named(&item.label), ANSWER_CHARS_MAX);
        vec![Cell::new(label, TEXT), answer, Cell::new(sound, NOTE)]
    }

    fn range(&self, sound: &Sound) -> String {
        let with = |text: String| line(&format!("{text} {}", sound.unit));
        match (sound.min, sound.max) {
            (Some(min), Some(max)) => with(format!("{} – {}", number(min), number(max))),
            (Some(min), None) => w::AT_LEAST.fill(self.lang, &with(number(min)), ""),
            (None, Some(max)) => w::AT_MOST.fill(self.lang, &with(number(max)), ""),
            (None, None) => String::new(),
        }
    }

    fn photos(&self, sheet: &mut Sheet<'_>) {
        let photos = &self.report.photos;
        if photos.shown.is_empty() {
            return;
        }
        self.heading(sheet, w::PHOTOS, PICTURE_HEIGHT + 30.0);
        sheet.down(6.0);
        for row in photos.shown.chunks(PICTURES_ACROSS) {
            self.pictures(sheet, row);
        }
        self.more(sheet, photos.more);
    }

    /// A row of pictures with what they show below each.
    fn pictures(&self, sheet: &mut Sheet<'_>, row: &[Picture]) {
        let across = PICTURES_ACROSS as f32;
        let width = (WIDTH - PICTURE_GAP * (across - 1.0)) / across;
        let captions: Vec<Vec<String>> = row
            .iter()
            .map(|picture| {
                let shows = self.t(match picture.shows {
                    Shows::Before => w::BEFORE,
                    Shows::After => w::AFTER,
                });
                let caption = shortened(&line(&picture.caption), 120);
                let text = if caption.is_empty() {
                    shows.to_owned()
                } else {
                    format!("{shows} · {caption}")
                };
                sheet.lines(&text, width, NOTE)
            })
            .collect();
        let below = captions.iter().map(Vec::len).max().unwrap_or(0) as f32 * NOTE.leading();
        sheet.need(PICTURE_HEIGHT + below + 10.0);
        let top = sheet.y;
        let mut x = SIDE;
        for (picture, caption) in row.iter().zip(captions) {
            let area = Area {
                x,
                y: top,
                width,
                height: PICTURE_HEIGHT,
            };
            self.picture(sheet, picture, area);
            for (n, text) in caption.iter().enumerate() {
                let y = top + PICTURE_HEIGHT + 3.0 + n as f32 * NOTE.leading();
                sheet.line((x, y), NOTE, text);
            }
            x += width + PICTURE_GAP;
        }
        sheet.down(PICTURE_HEIGHT + below + 10.0);
    }

    fn picture(&self, sheet: &mut Sheet<'_>, picture: &Picture, area: Area) {
        sheet.fill(area, MIST);
        let jpeg = picture.jpeg.as_deref();
        match jpeg.map(Jpeg::read) {
            Some(Some(jpeg)) => {
                let (w, h) = (f32::from(jpeg.width), f32::from(jpeg.height));
                let scale = (area.width / w).min(area.height / h);
                let (width, height) = (w * scale, h * scale);
                let within = Area {
                    x: area.x + (area.width - width) / 2.0,
                    y: area.y + (area.height - height) / 2.0,
                    width,
                    height,
                };
                sheet.picture(jpeg, within);
            }
            none_here => {
                let word = if none_here.is_some() {
                    w::PHOTO_DAMAGED
                } else {
                    w::PHOTO_MISSING
                };
                let lines = sheet.lines(self.t(word), area.width - 16.0, NOTE);
                for (n, text) in lines.iter().enumerate() {
                    let y = area.y + area.height / 2.0 - NOTE.leading() / 2.0 + n as f32 * NOTE.leading();
                    sheet.line((area.x + 8.0, y), NOTE, text);
                }
            }
        }
    }

    fn signature(&self, sheet: &mut Sheet<'_>) {
        let height = BOX.1 * SIGNATURE_SCALE;
        self.heading(sheet, w::SIGNATURE, height + 20.0);
        sheet.down(6.0);
        let Some(signed) = &self.report.signed else {
            sheet.paragraph(SIDE, WIDTH, Style { ink: SLATE, ..TEXT }, self.t(w::NOT_SIGNED));
            return;
        };
        self.signed(sheet, signed, height);
    }

    fn signed(&self, sheet: &mut Sheet<'_>, signed: &Signed, height: f32) {
        let area = Area {
            x: SIDE,
            y: sheet.y,
            width: BOX.0 * SIGNATURE_SCALE,
            height,
        };
        sheet.frame(area, LINE);
        match signature::steps(&signed.path) {
            Some(steps) => sheet.strokes(&steps, area, SIGNATURE_SCALE),
            None => {
                let lines = sheet.lines(self.t(w::NOT_DRAWN), area.width - 16.0, NOTE);
                for (n, text) in lines.iter().enumerate() {
                    sheet.line(
                        (area.x + 8.0, area.y + 8.0 + n as f32 * NOTE.leading()),
                        NOTE,
                        text,
                    );
                }
            }
        }
        let x = area.x + area.width + 16.0;
        let width = SIDE + WIDTH - x;
        let mut y = area.y + 6.0;
        for (label, text) in [
            (w::SIGNED_BY, shortened(&line(&signed.name), 60)),
            (w::SIGNED_AT, self.zone.moment(self.lang, signed.at)),
        ] {
            sheet.line((x, y), LABEL, self.t(label));
            y += LABEL.leading();
            for text in sheet.lines(&text, width, TEXT).iter().take(2) {
                sheet.line((x, y), TEXT, text);
                y += TEXT.leading();
            }
            y += 4.0;
        }
        sheet.down(height + 8.0);
    }

    /// What stands at the foot of every page.
    pub(crate) fn feet(&self, sheet: &mut Sheet<'_>) {
        let foot = Style::of(8.0, SLATE);
        let y = crate::measure::FOOT + 10.0;
        let count = sheet.pages.len();
        let zone = w::ZONE.fill(self.lang, &self.zone.name(), "");
        let mut left = vec![line(&self.report.number), zone];
        left.extend(self.report.pending.then(|| self.t(w::PENDING).to_owned()));
        let left = sheet.fitting(&left.join(" · "), WIDTH * 0.75, foot);
        for n in 0..count {
            let page = w::PAGE.fill(self.lang, &(n + 1).to_string(), &count.to_string());
            sheet.on(n, |sheet| {
                sheet.rule(y - 4.0, 0.5, LINE);
                sheet.line((SIDE, y), foot, &left);
                sheet.line_to((SIDE + WIDTH, y), foot, &page);
            });
        }
    }
}
