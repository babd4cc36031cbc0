//! Reference rows by their typed ids, as views want them.

use fieldline_model::id::{AssetId, ContactId, CustomerId, EngineerId, LocationId, PartId, SiteId};
use fieldline_model::row::{self, Row, RowKind};
use rusqlite::Connection;

use crate::store::StoreError;
use crate::store::row::row_read;

macro_rules! readers {
    ($($name:ident: $kind:ident by $id:ty;)*) => {$(
        #[doc = concat!("The ", stringify!($name), " of this id.")]
        pub(crate) fn $name(connection: &Connection, id: $id) -> Result<Option<row::$kind>, StoreError> {
            match row_read(connection, RowKind::$kind, &id.to_string())? {
                Some((Row::$kind(row), _)) => Ok(Some(row)),
                _ => Ok(None),
            }
        }
    )*};
}

readers! {
    customer: Customer by CustomerId;
    contact: Contact by ContactId;
    site: Site by SiteId;
    asset: Asset by AssetId;
    engineer: Engineer by EngineerId;
    part: Part by PartId;
    location: Location by LocationId;
    checklist: Checklist by &str;
    code: Code by &str;
}
