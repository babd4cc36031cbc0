//! Sample reports: what a web form, a chat or an agent would have typed, without any guess added.
//!
//! A field nobody gave is absent or empty. `customer`, `asset` and `earlier_ticket` say what a number, a serial or a
//! ticket number identifies; they are for tests and demonstrations and are never sent by a customer.

use serde::{Deserialize, Serialize};

/// One report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleReport {
    /// ULID whose time is `received_at`.
    pub id: String,
    /// Key in the evaluation set it was taken from.
    pub source_id: String,
    /// How it came in.
    pub channel: Channel,
    /// Language tag.
    pub lang: String,
    /// Local wall time, `YYYY-MM-DDTHH:MM`.
    pub received_at: String,
    /// What the customer wants.
    pub intent: Intent,
    /// How pressing it is.
    pub urgency: Urgency,
    /// The customer's own words about the fault.
    pub summary: String,
    /// Name given.
    pub customer_name: Option<String>,
    /// Company given.
    pub company: Option<String>,
    /// National digits given.
    pub phone: Option<String>,
    /// Contract number given.
    pub contract_no: Option<String>,
    /// Address given, in one line.
    pub address: Option<String>,
    /// Category codes.
    pub device_category: Vec<String>,
    /// Models as on the plate.
    pub device_model: Vec<String>,
    /// Serial numbers.
    pub serial: Vec<String>,
    /// Fault codes.
    pub symptoms: Vec<String>,
    /// When the customer would like a visit.
    pub wished: Option<Wished>,
    /// Ticket number given.
    pub ticket_number: Option<String>,
    /// Id of the customer meant.
    pub customer: Option<String>,
    /// Id of the asset meant, where it is certain.
    pub asset: Option<String>,
    /// Id of the past ticket meant.
    pub earlier_ticket: Option<String>,
    /// What was said, in order.
    pub transcript: Vec<Utterance>,
}

/// How a report came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say all")]
pub enum Channel {
    Phone,
    Wechat,
    Web,
    Email,
}

/// What the customer wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// Something is broken.
    Fault,
    /// It broke again.
    Repeat,
    /// Hurry up.
    Urge,
    /// Do not come.
    Cancel,
    /// Come at another time.
    Reschedule,
    /// It works again.
    Solved,
    /// Regular service.
    Maintenance,
    /// Put in a new machine.
    Install,
    /// A question.
    Inquiry,
    /// A complaint.
    Complaint,
}

/// How pressing a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Nothing is broken, or "no hurry".
    Low,
    /// The usual.
    Normal,
    /// Business stands, or it must be today.
    High,
    /// People in danger or a whole site down.
    Critical,
}

/// The time the customer would like, local wall time `YYYY-MM-DDTHH:MM`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wished {
    /// From.
    pub start: String,
    /// Until.
    pub end: String,
}

/// One thing that was said or written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Utterance {
    /// Who.
    pub speaker: Speaker,
    /// Seconds since the start.
    pub at_s: f64,
    /// The words.
    pub text: String,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// The call centre.
    Agent,
    /// The caller or writer.
    Customer,
}
