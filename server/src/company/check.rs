//! Whether a company's data hangs together: every id unique, every reference resolved.

mod keys;

use super::Company;
use keys::{Check, Index};

impl Company {
    /// What points nowhere or exists twice, one line each; empty when all is well.
    ///
    /// The lines are for the person who made the data, in English only.
    pub fn broken_references(&self) -> Vec<String> {
        let mut check = Check::default();
        let index = self.index(&mut check);
        self.check_customers(&index, &mut check);
        self.check_machines(&index, &mut check);
        self.check_people_and_stock(&index, &mut check);
        self.check_knowledge(&index, &mut check);
        self.check_past(&index, &mut check);
        check.broken
    }

    fn index<'a>(&'a self, check: &mut Check) -> Index<'a> {
        let (c, r) = (&self.customers, &self.reasons);
        Index {
            categories: check.keys("category", self.profile.categories.iter().map(|x| &x.code)),
            plans: check.keys("SLA plan", self.profile.sla_plans.iter().map(|x| &x.code)),
            customers: check.keys("customer", c.customers.iter().map(|x| &x.id)),
            contacts: check.keys("contact", c.contacts.iter().map(|x| &x.id)),
            sites: check.keys("site", c.sites.iter().map(|x| &x.id)),
            models: check.keys("model", self.models.iter().map(|x| &x.id)),
            model_codes: check.keys("model code", self.models.iter().map(|x| &x.code)),
            assets: check.keys("asset", self.assets.iter().map(|x| &x.id)),
            serials: check.keys("serial", self.assets.iter().map(|x| &x.serial)),
            faults: check.keys("fault", self.faults.iter().map(|x| &x.code)),
            causes: check.keys("cause", r.causes.iter().map(|x| &x.code)),
            remedies: check.keys("remedy", r.remedies.iter().map(|x| &x.code)),
            parts: check.keys("part", self.parts.iter().map(|x| &x.id)),
            locations: check.keys(
                "stock location",
                self.stock.locations.iter().map(|x| x.place().id),
            ),
            engineers: check.keys("engineer", self.engineers.iter().map(|x| &x.id)),
            tickets: check.keys("past ticket", self.history.iter().map(|x| &x.id)),
        }
    }

    fn check_customers(&self, index: &Index<'_>, check: &mut Check) {
        for c in &self.customers.customers {
            check.one(&c.code, "contact", &index.contacts, &c.main_contact);
            check.one(&c.code, "site", &index.sites, &c.main_site);
            check.one(&c.code, "SLA plan", &index.plans, &c.sla_plan);
        }
        for c in &self.customers.contacts {
            check.one(&c.id, "customer", &index.customers, &c.customer);
        }
        for s in &self.customers.sites {
            check.one(&s.id, "customer", &index.customers, &s.customer);
            check.holds(&s.id, "position", s.position.is_on_earth());
        }
    }

    fn check_machines(&self, index: &Index<'_>, check: &mut Check) {
        for m in &self.models {
            check.one(&m.code, "category", &index.categories, &m.category);
        }
        for a in &self.assets {
            check.one(&a.serial, "customer", &index.customers, &a.customer);
            check.one(&a.serial, "site", &index.sites, &a.site);
            check.one(&a.serial, "model", &index.models, &a.model);
        }
        for p in &self.parts {
            check.all(&p.code, "model", &index.models, &p.models);
        }
    }

    fn check_people_and_stock(&self, index: &Index<'_>, check: &mut Check) {
        for e in &self.engineers {
            check.all(&e.code, "category", &index.categories, &e.skills);
            check.one(&e.code, "stock location", &index.locations, &e.van);
            for c in &e.certificates {
                check.all(&e.code, "category", &index.categories, &c.categories);
            }
        }
        for l in &self.stock.locations {
            if let super::StockLocation::Van { code, engineer, .. } = l {
                check.one(code, "engineer", &index.engineers, engineer);
            }
        }
        for l in &self.stock.levels {
            check.one("stock level", "stock location", &index.locations, &l.location);
            check.one("stock level", "part", &index.parts, &l.part);
        }
    }

    fn check_knowledge(&self, index: &Index<'_>, check: &mut Check) {
        for f in &self.faults {
            check.one(&f.code, "category", &index.categories, &f.category);
        }
        for c in &self.reasons.causes {
            check.all(&c.code, "fault", &index.faults, &c.fault);
        }
        for r in &self.reasons.remedies {
            check.all(&r.code, "fault", &index.faults, &r.fault);
        }
        for a in &self.articles {
            check.one(&a.code, "fault", &index.faults, &a.fault);
            check.one(&a.code, "category", &index.categories, &a.category);
            check.all(&a.code, "part", &index.parts, &a.parts);
        }
        for m in &self.manuals {
            check.all(&m.code, "model", &index.models, &m.models);
            for file in &m.files {
                check.holds(
                    &m.code,
                    &format!("file {}", file.name),
                    self.files.contains_key(&file.name),
                );
            }
        }
        for c in &self.checklists {
            check.one(&c.id, "category", &index.categories, &c.category);
        }
    }

    fn check_past(&self, index: &Index<'_>, check: &mut Check) {
        for t in &self.history {
            check.one(&t.number, "customer", &index.customers, &t.customer);
            check.one(&t.number, "asset", &index.assets, &t.asset);
            check.one(&t.number, "fault", &index.faults, &t.fault);
            check.all(&t.number, "cause", &index.causes, &t.cause);
            check.all(&t.number, "remedy", &index.remedies, &t.remedy);
            check.all(
                &t.number,
                "part",
                &index.parts,
                t.parts_used.iter().map(|p| &p.part),
            );
        }
        for r in &self.reports {
            check.all(&r.source_id, "category", &index.categories, &r.device_category);
            check.all(&r.source_id, "model code", &index.model_codes, &r.device_model);
            check.all(&r.source_id, "serial", &index.serials, &r.serial);
            check.all(&r.source_id, "fault", &index.faults, &r.symptoms);
            check.all(&r.source_id, "customer", &index.customers, &r.customer);
            check.all(&r.source_id, "asset", &index.assets, &r.asset);
            check.all(&r.source_id, "past ticket", &index.tickets, &r.earlier_ticket);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_of_the_demo_company_resolves() {
        assert_eq!(Company::demo().broken_references(), Vec::<String>::new());
    }

    #[test]
    fn a_reference_to_nowhere_and_a_double_id_are_named() {
        let mut demo = Company::demo();
        demo.assets[0].model = "nowhere".to_owned();
        let again = demo.parts[0].clone();
        demo.parts.push(again);
        let broken = demo.broken_references();
        assert_eq!(broken.len(), 2, "{broken:?}");
        assert!(
            broken[0].contains("exists twice") && broken[1].contains("nowhere"),
            "{broken:?}"
        );
    }

    #[test]
    fn ids_are_ulids() {
        let demo = Company::demo();
        let ids = demo
            .assets
            .iter()
            .map(|a| &a.id)
            .chain(demo.history.iter().map(|t| &t.id));
        for id in ids.chain(demo.reports.iter().map(|r| &r.id)) {
            let crockford = |c: u8| b"0123456789ABCDEFGHJKMNPQRSTVWXYZ".contains(&c);
            assert!(
                id.len() == 26 && id.as_bytes()[0] <= b'7' && id.bytes().all(crockford),
                "{id}"
            );
        }
    }
}
