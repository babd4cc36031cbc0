//! The company itself and the people who go out.

use super::bilingual::{Bilingual, Position};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Name, time zone, hotline and the vocabularies other rows point at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// ULID.
    pub id: String,
    /// Name of the company.
    pub name: Bilingual,
    /// IANA name; wall times without a zone are in this one.
    pub time_zone: String,
    /// Number customers call.
    pub hotline: String,
    /// Device categories, the unit of engineers' skills.
    pub categories: Vec<Category>,
    /// SLA plans customers may have.
    pub sla_plans: Vec<SlaPlan>,
}

/// A kind of device, such as `printer`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Key other rows use.
    pub code: String,
    /// Name on screen.
    pub name: Bilingual,
}

/// How fast a customer is owed an answer and a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlaPlan {
    /// Key other rows use.
    pub code: String,
    /// Name on screen.
    pub name: Bilingual,
    /// Minutes of service time until the first response.
    pub response_min: u32,
    /// Minutes of service time until an engineer is on site.
    pub onsite_min: u32,
    /// When the clock runs.
    pub hours: ServiceHours,
}

/// The hours in which an SLA clock runs, the same on each of its days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceHours {
    /// ISO weekdays, 1 = Monday.
    pub weekdays: Vec<u8>,
    /// `HH:MM`.
    pub from: String,
    /// `HH:MM`, up to `24:00`.
    pub to: String,
}

impl fmt::Display for ServiceHours {
    /// `1-5 09:00-18:00`: ISO weekdays, runs of them shortened, then the hours.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.weekdays.as_slice();
        while let [first, ..] = rest {
            let run = rest
                .iter()
                .zip(*first..)
                .take_while(|(day, wanted)| **day == *wanted);
            let (run, after) = rest.split_at(run.count());
            match run {
                [only] => write!(f, "{only}")?,
                [from, .., to] => write!(f, "{from}-{to}")?,
                [] => {}
            }
            f.write_str(if after.is_empty() { " " } else { "," })?;
            rest = after;
        }
        write!(f, "{}-{}", self.from, self.to)
    }
}

/// A text that tells no service hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("service hours are written like 1-5 09:00-18:00")]
pub struct BadHours;

impl FromStr for ServiceHours {
    type Err = BadHours;

    fn from_str(text: &str) -> Result<Self, BadHours> {
        let (days, hours) = text.trim().split_once(' ').ok_or(BadHours)?;
        let mut weekdays = Vec::new();
        for run in days.split(',') {
            let (from, to) = run.split_once('-').unwrap_or((run, run));
            weekdays.extend(weekday(from)?..=weekday(to)?);
        }
        let (from, to) = hours.trim().split_once('-').ok_or(BadHours)?;
        let good = weekdays.is_sorted_by(|one, next| one < next) && !weekdays.is_empty();
        if !good || minute_of_day(from)? >= minute_of_day(to)? {
            return Err(BadHours);
        }
        Ok(Self {
            weekdays,
            from: from.to_owned(),
            to: to.to_owned(),
        })
    }
}

fn weekday(text: &str) -> Result<u8, BadHours> {
    match text.as_bytes() {
        [digit @ b'1'..=b'7'] => Ok(digit - b'0'),
        _ => Err(BadHours),
    }
}

/// `HH:MM`, up to `24:00`.
fn minute_of_day(text: &str) -> Result<u16, BadHours> {
    let [tens, ones, b':', ten_minutes, minutes] = text.as_bytes() else {
        return Err(BadHours);
    };
    let digit = |byte: &u8| match byte {
        b'0'..=b'9' => Ok(u16::from(byte - b'0')),
        _ => Err(BadHours),
    };
    let (hour, minute) = (
        digit(tens)? * 10 + digit(ones)?,
        digit(ten_minutes)? * 10 + digit(minutes)?,
    );
    let at = hour * 60 + minute;
    if minute < 60 && at <= 24 * 60 {
        Ok(at)
    } else {
        Err(BadHours)
    }
}

/// One engineer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Engineer {
    /// ULID.
    pub id: String,
    /// Staff number.
    pub code: String,
    /// Name.
    pub name: Bilingual,
    /// Mobile number, digits.
    pub phone: String,
    /// VIP customers go to seniors.
    pub grade: Grade,
    /// Language tags, best first.
    pub languages: Vec<String>,
    /// Category codes.
    pub skills: Vec<String>,
    /// Certificates held, expired ones included.
    pub certificates: Vec<Certificate>,
    /// Where the day starts.
    pub home: Home,
    /// Id of the van, a stock location.
    pub van: String,
}

/// Seniority of an engineer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Takes ordinary jobs.
    Standard,
    /// Takes VIP and complex jobs too.
    Senior,
}

/// A certificate without which some jobs may not be given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// Kind of certificate, such as `LIFT`.
    pub code: String,
    /// Name on screen.
    pub name: Bilingual,
    /// Categories it is asked for.
    pub categories: Vec<String>,
    /// Last valid day, `YYYY-MM-DD`.
    pub expires_on: String,
}

/// Where an engineer's day starts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Home {
    /// Area in words; never a full address.
    pub place: Bilingual,
    /// The point routes start from.
    pub position: Position,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn service_hours_are_read_as_they_are_written() {
        for text in [
            "1-5 09:00-18:00",
            "1-7 00:00-24:00",
            "1-3,5,7 08:30-12:00",
            "6 09:00-09:01",
        ] {
            let read: ServiceHours = text.parse().unwrap();
            assert_eq!(read.to_string(), text);
        }
        let read: ServiceHours = " 1,2,3 09:00-18:00 ".parse().unwrap();
        assert_eq!(read.to_string(), "1-3 09:00-18:00");
        for text in [
            "",
            "1-5",
            "09:00-18:00",
            "0-5 09:00-18:00",
            "1-8 09:00-18:00",
            "5-1 09:00-18:00",
            "1,1 09:00-18:00",
            "1-5 9:00-18:00",
            "1-5 18:00-09:00",
            "1-5 09:00-24:01",
            "1-5 09:60-18:00",
            "1-5 09:00",
            "一 09:00-18:00",
        ] {
            assert_eq!(text.parse::<ServiceHours>(), Err(BadHours), "{text}");
        }
    }

    #[test]
    fn the_demo_plans_have_sound_hours() {
        for plan in crate::company::Company::demo().profile.sla_plans {
            let hours = plan.hours.to_string().parse();
            assert_eq!(hours, Ok(plan.hours), "{}", plan.code);
        }
    }
}
