//! Ids cross the border as texts and are read here.

use fieldline_model::id::{ArticleId, AssetId, LocationId, OperationId, PartId, TicketId, VisitId};

use crate::error::PhoneError;

macro_rules! readers {
    ($($name:ident: $id:ty, $kind:literal;)*) => {$(
        pub(crate) fn $name(text: &str) -> Result<$id, PhoneError> {
            text.parse().map_err(|_| PhoneError::bad_id($kind))
        }
    )*};
}

readers! {
    ticket: TicketId, "ticket";
    visit: VisitId, "visit";
    asset: AssetId, "asset";
    article: ArticleId, "article";
    location: LocationId, "location";
    part: PartId, "part";
    operation: OperationId, "operation";
}
