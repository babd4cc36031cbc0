"""What screens read: parts, codes, colleagues, barcodes, articles, the truth screen with its cards."""

import kit
from kit import core


class Read(kit.Case):
    def test_pickers_offer_what_the_company_has(self):
        office = self.office()
        phone = self.enrolled(office)
        van = phone.parts(core.PartFilter(my_van=True))
        self.assertEqual([(line.number, line.quantity) for line in van], [("P001", 5)])
        where = phone.parts(core.PartFilter(part=office.said["part"]))
        self.assertIn(office.said["warehouse"], [line.location for line in where])
        self.assertIn(office.said["part"], [part.part for part in phone.catalog("pickup roller")])
        self.assertEqual(phone.catalog("搓纸 p001")[0].number, "P001")
        self.assertEqual(phone.catalog("nothing like it"), [])
        places = phone.places()
        self.assertEqual((places[0].location, places[0].is_mine), (office.said["van"], True))
        self.assertTrue(any(not place.is_van for place in places))
        me = [one for one in phone.colleagues() if one.is_me]
        self.assertEqual(me[0].name.zh, office.said["engineer_name"])
        causes = phone.codes(core.CodeSort.CAUSE, "printer")
        self.assertTrue(causes and all(code.category in (None, "printer") for code in causes))
        self.assertIn("PRN-JAM-C1", [code.code for code in causes])

    def test_a_barcode_is_a_part_or_a_machine(self):
        office = self.office()
        phone = self.enrolled(office)
        part = phone.scanned(" p001 ")
        self.assertEqual([one.found.part for one in part], [office.said["part"]])
        machine = phone.scanned(office.said["serial"].lower())
        self.assertEqual((machine[0].serial, machine[0].tickets), (office.said["serial"], [office.said["ticket"]]))
        self.assertEqual(phone.scanned(""), [])
        self.assertEqual(phone.scanned("P00"), [])

    def test_parts_used_come_off_the_van_at_once_and_too_many_are_told(self):
        office = self.office()
        phone = self.enrolled(office)
        ticket, said = office.said["ticket"], office.said
        phone.perform(ticket, core.Act.ACCEPT(visit=said["visit"]))
        used = phone.perform(ticket, core.Act.USE_PART(part=said["part"], quantity=7, _from=said["van"]))
        self.assertEqual(used.there, 5)
        self.assertIn("× 7", used.words.zh)
        line = phone.parts(core.PartFilter(my_van=True))[0]
        self.assertEqual((line.quantity, line.pending), (-2, 7))
        asked = phone.perform(
            ticket, core.Act.REQUEST_PART(part=said["part"], quantity=1, _from=said["warehouse"])
        )
        self.assertIsNone(asked.there)
        kept = phone.ticket(ticket).kept
        self.assertEqual([one.state for one in kept], [core.KeptState.REQUESTED])

    def test_what_hq_overruled_is_told_on_a_card_in_own_words(self):
        office = self.office()
        phone = self.enrolled(office)
        ticket = office.said["ticket"]
        saved = phone.perform(ticket, core.Act.ACCEPT(visit=office.said["visit"]))
        office.ask("cancel")
        phone.sync(kit.SYNC_MS)
        status = phone.status()
        self.assertEqual((status.overruled, status.unsent), (1, 0))
        card = status.cards[0]
        self.assertEqual((card.operation, card.fate, card.why.code), (saved.operation, core.CardFate.OVERRULED, "cancelled"))
        self.assertEqual((card.label.zh, card.fate_words.zh), ("接单", "已被裁定"))
        self.assertTrue(card.why.words.zh and card.why.words.en)
        shown = phone.ticket(ticket)
        self.assertTrue(shown.gone.is_CANCELLED())
        self.assertIn("客户取消", shown.gone_words.zh)
        self.assertIn("The customer called it off", shown.gone_words.en)
        gone = phone.list(core.TicketFilter(scope=core.TicketScope.GONE))
        self.assertEqual([line.ticket for line in gone], [ticket])
        self.fails("out_of_scope", phone.perform, ticket, core.Act.NOTE(text="x"))
        self.assertTrue(phone.dismiss(card.operation))
        self.assertFalse(phone.dismiss(card.operation))
        self.assertEqual((phone.status().cards, len(phone.all_cards())), ([], 1))

    def test_articles_are_found_in_both_languages_and_written_beside(self):
        office = self.office()
        article = office.ask("article")
        phone = self.enrolled(office)
        for words in ["搓纸轮", "pickup roller", "卡纸"]:
            self.assertEqual([line.article for line in phone.search(words)], [article["id"]], words)
        self.assertEqual(phone.search("no such thing"), [])
        self.assertEqual([line.article for line in phone.articles_for(office.said["ticket"])], [article["id"]])
        shown = phone.article(article["id"])
        self.assertTrue(shown.sections[0].body.zh and shown.sections[0].body.en)
        phone.annotate(article["id"], shown.sections[0].operation, "先清洁传感器")
        written = phone.article(article["id"]).annotations[0]
        self.assertEqual((written.text, written.by, written.pending), ("先清洁传感器", core.Who.ME, True))
        self.assertEqual(written.section, shown.sections[0].operation)
        phone.sync(kit.SYNC_MS)
        self.assertFalse(phone.article(article["id"]).annotations[0].pending)

    def test_a_code_of_hqs_is_read_from_its_link(self):
        link = core.parse_enrol_code("fieldline://enrol?server=https%3A%2F%2Fa.example&code=7KQ4M2XD&key=9f")
        self.assertEqual((link.address, link.code), ("https://a.example", "7KQ4M2XD"))
        link = core.parse_enrol_code(" https://a.example/enrol?code=7KQ4M2XD\n")
        self.assertEqual((link.address, link.code), ("https://a.example", "7KQ4M2XD"))

    def test_every_case_a_picker_offers_has_words_in_both_languages(self):
        for words, cases in [
            (core.words_of_decline, core.DeclineReason), (core.words_of_pause, core.PauseReason),
            (core.words_of_result, core.VisitResult), (core.words_of_photo, core.PhotoShows),
            (core.words_of_priority, core.Priority),
        ]:
            for case in cases:
                said = words(case)
                self.assertTrue(said.zh and not said.zh.isascii() and said.en.isascii(), case)
