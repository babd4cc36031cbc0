//! An address in one line, the same on phone, page and in lists.

use crate::row::Site;
use crate::search::is_cjk;

impl Site {
    /// Chinese from the large to the small without gaps; any other the way it goes on an envelope, with commas.
    #[must_use]
    pub fn one_line(&self) -> String {
        let parts = [&self.city, &self.district, &self.address].map(|part| part.trim());
        if parts.iter().any(|part| part.contains(is_cjk)) {
            from_large_to_small(parts)
        } else {
            let [city, district, address] = parts;
            let parts = [address, district, city]
                .into_iter()
                .filter(|part| !part.is_empty());
            parts.collect::<Vec<_>>().join(", ")
        }
    }
}

/// A part in another script keeps its distance: 上海市徐汇区 Room 5.
fn from_large_to_small(parts: [&str; 3]) -> String {
    let mut line = String::new();
    let mut before_is_cjk = false;
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        let part_is_cjk = part.contains(is_cjk);
        let close = before_is_cjk && part_is_cjk;
        if !close && !line.is_empty() {
            line.push(' ');
        }
        line.push_str(part);
        before_is_cjk = part_is_cjk;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{CustomerId, SiteId};

    fn line(city: &str, district: &str, address: &str) -> String {
        let site = Site {
            id: SiteId::from_bytes([1; 16]),
            customer: CustomerId::from_bytes([2; 16]),
            city: city.into(),
            district: district.into(),
            address: address.into(),
            position: None,
        };
        site.one_line()
    }

    #[test]
    fn addresses_read_as_in_their_country() {
        assert_eq!(line("上海市", "徐汇区", "88弄3号"), "上海市徐汇区88弄3号");
        assert_eq!(
            line("Leeds", "Headingley", "112 Otley Lane"),
            "112 Otley Lane, Headingley, Leeds"
        );
        // Not ASCII, and not Chinese.
        assert_eq!(
            line("Zürich", "Kreis 4", "Café Müller"),
            "Café Müller, Kreis 4, Zürich"
        );
    }

    #[test]
    fn a_missing_part_leaves_no_comma_and_a_foreign_one_keeps_its_distance() {
        assert_eq!(line("Leeds", "", "112 Otley Lane"), "112 Otley Lane, Leeds");
        assert_eq!(line("", " ", "112 Otley Lane"), "112 Otley Lane");
        assert_eq!(
            line("上海市", "徐汇区", "Room 5, 88 Caoxi Road"),
            "上海市徐汇区 Room 5, 88 Caoxi Road"
        );
        assert_eq!(line("Shanghai", "", "漕溪北路88号"), "Shanghai 漕溪北路88号");
    }
}
