//! The people, machines and parts of a world: a small company, the same in every seed.

use fieldline_model::id::{AssetId, ContactId, CustomerId, EngineerId, LocationId, PartId, SiteId, StaffId};
use fieldline_model::operation::{Position, TicketFacts};
use fieldline_model::row::{
    Asset, Checklist, ChecklistItem, Code, Contact, Customer, Engineer, Location, Part, Row, Site,
};

/// How many customers there are, each with one contact, one site and one machine.
const CUSTOMERS: u8 = 4;
/// How many parts there are.
const PARTS: u8 = 3;
/// How many of each part lie at each place in the beginning.
pub const STOCK_AT_FIRST: i64 = 5;

/// Sixteen bytes that differ by kind and number.
fn bytes(kind: u8, n: u8) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[0] = 1;
    bytes[14] = kind;
    bytes[15] = n;
    bytes
}

/// The n-th engineer.
#[must_use]
pub fn engineer(n: usize) -> EngineerId {
    EngineerId::from_bytes(bytes(1, u8::try_from(n).unwrap_or(u8::MAX)))
}

/// The n-th engineer's van.
#[must_use]
pub fn van(n: usize) -> LocationId {
    LocationId::from_bytes(bytes(2, u8::try_from(n).unwrap_or(u8::MAX)))
}

/// The warehouse.
#[must_use]
pub fn warehouse() -> LocationId {
    LocationId::from_bytes(bytes(2, 200))
}

/// The dispatcher.
#[must_use]
pub fn dispatcher() -> StaffId {
    StaffId::from_bytes(bytes(3, 1))
}

/// The parts.
#[must_use]
pub fn parts() -> Vec<PartId> {
    (0..PARTS).map(|n| PartId::from_bytes(bytes(4, n))).collect()
}

/// What HQ knows of the n-th ticket.
#[must_use]
pub fn facts(n: usize) -> TicketFacts {
    let place = u8::try_from(n % usize::from(CUSTOMERS)).unwrap_or(0);
    TicketFacts {
        number: format!("W-{n:04}"),
        customer: Some(CustomerId::from_bytes(bytes(5, place))),
        contact: Some(ContactId::from_bytes(bytes(6, place))),
        site: Some(SiteId::from_bytes(bytes(7, place))),
        asset: Some(AssetId::from_bytes(bytes(8, place))),
        category: Some("pump".into()),
        fault: Some("P-01".into()),
        fault_text: "压力不足".into(),
        ..TicketFacts::default()
    }
}

fn customer(n: u8) -> [Row; 4] {
    let customer = CustomerId::from_bytes(bytes(5, n));
    let site = SiteId::from_bytes(bytes(7, n));
    [
        Row::Customer(Customer {
            id: customer,
            name: format!("客户{n}"),
            name_en: Some(format!("Customer {n}")),
            vip: None,
            sla_plan: None,
            contract: None,
        }),
        Row::Contact(Contact {
            id: ContactId::from_bytes(bytes(6, n)),
            customer,
            name: "联系人".into(),
            phone: "13800000000".into(),
        }),
        Row::Site(Site {
            id: site,
            customer,
            city: "上海".into(),
            district: "浦东".into(),
            address: format!("{n}号"),
            position: Some(Position {
                lat: 31.2,
                lon: 121.5,
            }),
        }),
        Row::Asset(Asset {
            id: AssetId::from_bytes(bytes(8, n)),
            site,
            category: "pump".into(),
            model: "P100".into(),
            model_zh: "水泵".into(),
            model_en: "Pump".into(),
            serial: format!("SN-{n}"),
            warranty_end: None,
            history: Vec::new(),
        }),
    ]
}

fn location(id: LocationId, van: bool) -> Row {
    Row::Location(Location {
        id,
        van,
        name_zh: "库".into(),
        name_en: "Stock".into(),
    })
}

/// All reference rows of a company with so many engineers.
#[must_use]
pub fn rows(engineers: usize) -> Vec<Row> {
    let mut rows: Vec<Row> = (0..CUSTOMERS).flat_map(customer).collect();
    rows.push(location(warehouse(), false));
    for n in 0..engineers {
        rows.push(location(van(n), true));
        rows.push(Row::Engineer(Engineer {
            id: engineer(n),
            name: format!("工程师{n}"),
            name_en: format!("Engineer {n}"),
            skills: vec!["pump".into()],
            van: Some(van(n)),
        }));
    }
    for (n, id) in parts().into_iter().enumerate() {
        rows.push(Row::Part(Part {
            id,
            number: format!("P{n}"),
            name_zh: "密封圈".into(),
            name_en: "Seal".into(),
            models: vec!["P100".into()],
        }));
    }
    rows.push(Row::Checklist(Checklist {
        category: "pump".into(),
        items: vec![ChecklistItem {
            id: "leak".into(),
            kind: "tick".into(),
            zh: "无泄漏".into(),
            en: "No leak".into(),
            unit: None,
            min: None,
            max: None,
        }],
    }));
    rows.push(Row::Code(Code {
        code: "P-01".into(),
        sort: "fault".into(),
        category: Some("pump".into()),
        zh: "压力不足".into(),
        en: "Low pressure".into(),
    }));
    rows
}
