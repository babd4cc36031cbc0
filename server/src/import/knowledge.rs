//! A company's articles and manuals as documents to publish. Pure.

use std::collections::BTreeMap;

use fieldline_model::id::ArticleId;
use fieldline_model::operation::{ArticleHead, Section};

use super::ImportError;
use crate::blob::NewFile;
use crate::company::{Article, ArticleSectionKind, Company, Manual};

/// A document to publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Publication {
    pub(super) id: ArticleId,
    pub(super) head: ArticleHead,
    pub(super) sections: Vec<Section>,
    pub(super) files: Vec<NewFile>,
}

/// Every article and manual.
pub(super) fn of_company(company: &Company) -> Result<Vec<Publication>, ImportError> {
    let models: BTreeMap<&str, (&str, &str)> = company
        .models
        .iter()
        .map(|model| (model.id.as_str(), (model.code.as_str(), model.category.as_str())))
        .collect();
    let articles = company.articles.iter().map(article);
    articles
        .chain(company.manuals.iter().map(|one| manual(one, company, &models)))
        .collect()
}

fn heading(kind: ArticleSectionKind) -> (&'static str, &'static str) {
    match kind {
        ArticleSectionKind::Symptom => ("故障现象", "Symptom"),
        ArticleSectionKind::Causes => ("可能原因", "Probable causes"),
        ArticleSectionKind::Steps => ("处理步骤", "Steps"),
        ArticleSectionKind::Parts => ("常用备件", "Parts"),
    }
}

fn article(article: &Article) -> Result<Publication, ImportError> {
    let sections = (1_u32..).zip(&article.sections).map(|(order, section)| {
        let (heading_zh, heading_en) = heading(section.kind);
        let numbered = section.kind == ArticleSectionKind::Steps;
        let line = |(place, text): (usize, &str)| {
            if numbered {
                format!("{}. {text}", place + 1)
            } else {
                text.to_owned()
            }
        };
        let zh: Vec<String> = section
            .lines
            .iter()
            .map(|words| words.zh.as_str())
            .enumerate()
            .map(line)
            .collect();
        let en: Vec<String> = section
            .lines
            .iter()
            .map(|words| words.en.as_str())
            .enumerate()
            .map(line)
            .collect();
        Section {
            order,
            heading_zh: heading_zh.to_owned(),
            heading_en: heading_en.to_owned(),
            body_zh: zh.join("\n"),
            body_en: en.join("\n"),
        }
    });
    Ok(Publication {
        id: article.id.parse()?,
        head: ArticleHead {
            manual: false,
            title_zh: article.title.zh.clone(),
            title_en: article.title.en.clone(),
            category: Some(article.category.clone()),
            faults: vec![article.fault.clone()],
            models: Vec::new(),
        },
        sections: sections.collect(),
        files: Vec::new(),
    })
}

fn manual(
    manual: &Manual,
    company: &Company,
    models: &BTreeMap<&str, (&str, &str)>,
) -> Result<Publication, ImportError> {
    let of: Vec<(&str, &str)> = manual
        .models
        .iter()
        .filter_map(|id| models.get(id.as_str()).copied())
        .collect();
    let sections = (1_u32..).zip(&manual.sections).map(|(order, section)| Section {
        order,
        heading_zh: section.title.zh.clone(),
        heading_en: section.title.en.clone(),
        body_zh: section.text.zh.clone(),
        body_en: section.text.en.clone(),
    });
    let files = manual.files.iter().map(|file| {
        let bytes = company.files.get(&file.name);
        Ok::<_, ImportError>(NewFile {
            bytes: bytes.ok_or(ImportError::File("not_found"))?.clone(),
            title_zh: file.title.zh.clone(),
            title_en: file.title.en.clone(),
            pages: file.pages,
        })
    });
    Ok(Publication {
        id: manual.id.parse()?,
        head: ArticleHead {
            manual: true,
            title_zh: manual.title.zh.clone(),
            title_en: manual.title.en.clone(),
            category: of.first().map(|(_, category)| (*category).to_owned()),
            faults: Vec::new(),
            models: of.iter().map(|(code, _)| (*code).to_owned()).collect(),
        },
        sections: sections.collect(),
        files: files.collect::<Result<_, _>>()?,
    })
}
