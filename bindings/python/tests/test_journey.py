"""The shared journey: a whole visit offline, then one sync, and the central record is what every language gets."""

import kit
from kit import core


class Journey(kit.Case):
    def test_a_whole_visit_offline_reaches_hq_as_the_committed_record(self):
        journey, office = kit.read("journey.json"), self.office()
        phone = self.enrolled(office)
        office.ask("stop")
        for step, following in zip(journey["steps"], journey["next"]):
            saved = kit.do(phone, office.said, step)
            self.assertTrue(saved.operation and saved.words.zh and saved.words.en, saved)
            shown = phone.ticket(office.said["ticket"])
            self.assertEqual([one.name.lower() for one in shown.next], following, step)
        self.assertEqual(phone.status().unsent, journey["unsent_before_sync"])
        shown = phone.ticket(office.said["ticket"])
        self.looks_done(shown)
        error = self.fails("connection_refused", phone.sync, kit.SYNC_MS)
        self.assertIn("总部", error.zh)

        office.ask("start")
        done = phone.sync(kit.SYNC_MS)
        self.assertTrue(done.finished and not done.called_off)
        status = phone.status()
        counted = {
            "unsent": status.unsent, "at_hq": status.at_hq, "overruled": status.overruled,
            "refused": status.refused, "cards": len(status.cards),
        }
        self.assertEqual(counted, journey["after_sync"])
        self.assertEqual(status.completeness, core.Completeness.COMPLETE)
        self.assertEqual(office.ask("record"), kit.read("record.json"))

    def looks_done(self, shown):
        """What a screen is given needs nothing looked up."""
        self.assertEqual(shown.status, core.TicketStatus.RESOLVED)
        self.assertEqual(shown.customer.name.en, "Mingcheng Law Firm")
        self.assertEqual(shown.contact.name, "周婉如")
        self.assertIn("漕溪北路", shown.site.address.zh)
        self.assertEqual(shown.asset.serial, "MLP32-24A0187")
        self.assertEqual(shown.signature.name, "周婉如")
        visit = shown.visits[0]
        self.assertEqual(visit.phase, core.VisitPhase.DONE)
        self.assertEqual(visit.completion.outcome_words.zh, "已修复")
        self.assertNotEqual(visit.completion.cause_words.en, "PRN-JAM-C1")
        self.assertIsNone(visit.working_since_ms)
        counter = next(item for item in shown.checklist if item.item == "counter")
        self.assertEqual(counter.answers[0].words.en, "128450 p")
        self.assertFalse(counter.answers[0].is_outside)
        self.assertTrue(all(line.pending for line in shown.history if line.by == core.Who.ME))
        self.assertEqual(shown.photos[0].state, core.PhotoState.WAITING)
        used = next(line for line in shown.history if line.kind == core.EntryKind.USE_PART)
        self.assertIn("× 1", used.detail.zh)

    def test_the_first_screen_shows_the_day_and_the_badge(self):
        office = self.office()
        phone = self.enrolled(office)
        today = phone.today(0)
        self.assertEqual([line.ticket for line in today.unplanned], [office.said["ticket"]])
        self.assertIsNone(today.next)
        phone.perform(office.said["ticket"], core.Act.ACCEPT(visit=office.said["visit"]))
        self.assertEqual(phone.position_state(), core.PositionState.NOT_TRAVELLING())
        phone.perform(office.said["ticket"], core.Act.DEPART(visit=office.said["visit"], eta_ms=None))
        today = phone.today(0)
        self.assertEqual(today.next.phase, core.VisitPhase.EN_ROUTE)
        self.assertEqual(today.unsent, 2)

    def test_positions_are_kept_only_while_he_travels_and_has_not_paused_it(self):
        office = self.office()
        phone, here = self.enrolled(office), core.Place(lat=31.2, lon=121.4)
        ticket, visit = office.said["ticket"], office.said["visit"]
        self.assertEqual(phone.position(here, 12.0), core.PositionState.NOT_TRAVELLING())
        phone.perform(ticket, core.Act.ACCEPT(visit=visit))
        phone.perform(ticket, core.Act.DEPART(visit=visit, eta_ms=None))
        self.assertEqual(phone.position(here, 12.0), core.PositionState.TRAVELLING(ticket=ticket))
        self.assertEqual(phone.status().positions, 1)
        phone.change_settings(core.PhoneSettings(wifi_only=True, position_paused=True))
        self.assertEqual(phone.position(here, 12.0), core.PositionState.PAUSED())
        self.assertEqual(phone.status().positions, 1)
        phone.shut()
        phone = self.open()
        self.assertTrue(phone.settings().position_paused)
        phone.change_settings(core.PhoneSettings(wifi_only=False, position_paused=False))
        phone.perform(ticket, core.Act.ARRIVE(visit=visit, position=None))
        self.assertEqual(phone.position(here, 12.0), core.PositionState.NOT_TRAVELLING())
        self.fails("out_of_range", self.travelling_nowhere, office)

    def travelling_nowhere(self, office):
        other = self.enrolled(office, "other", office.ask("code")["code"])
        self.assertTrue(other.whoami().name.zh)
        phone = self.open("third")
        self.assertEqual(phone.position(core.Place(lat=1.0, lon=1.0), 1.0), core.PositionState.NOT_ENROLLED())
        ticket, visit = office.said["ticket"], office.said["visit"]
        other.perform(ticket, core.Act.ACCEPT(visit=visit))
        other.perform(ticket, core.Act.DEPART(visit=visit, eta_ms=None))
        other.position(core.Place(lat=200.0, lon=0.0), 1.0)
