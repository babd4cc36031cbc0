"""Every kind of failure crosses the border as a code with words in both languages, and none as a panic."""

import os
import threading

import kit
from kit import core

NOBODY = "01M834MT0ATVP7RYWNKG13ECGN"


class Errors(kit.Case):
    def test_a_phone_of_nobody_says_so(self):
        phone = self.open()
        self.assertIsNone(phone.whoami())
        self.assertFalse(phone.status().enrolled)
        self.fails("not_enrolled", phone.perform, NOBODY, core.Act.NOTE(text="x"))
        self.fails("not_enrolled", phone.sync, 1000)
        self.fails("not_enrolled", phone.card)

    def test_what_is_no_id_is_told_before_anything_is_touched(self):
        phone = self.open()
        for text in ["", "x", "../../etc/passwd", "\0", "🙂" * 1000, "-" * 100_000]:
            self.fails("bad_id", phone.ticket, text)
            self.fails("bad_id", phone.perform, text, core.Act.NOTE(text="x"))
            self.fails("bad_id", phone.article, text)
            self.fails("bad_id", phone.dismiss, text)
            self.fails("bad_link", core.parse_enrol_code, text)
            self.fails("card_unknown", phone.export_bundle, text)
            self.fails("meeting_code_unknown", phone.join_colleague, text)

    def test_bytes_that_are_none_of_ours_are_refused(self):
        phone = self.open()
        for data in [b"", b"\0" * 10, os.urandom(5000)]:
            self.fails("bundle_unknown", phone.import_bundle, data)
        scan = core.BundleScan()
        self.assertIsNone(scan.seen("https://example.com"))

    def test_the_store_belongs_to_one_and_a_key_has_32_bytes(self):
        phone = self.open()
        self.fails("store_busy", self.open)
        short = core.PhoneConfig(path=self.path("other"), app="test", key=b"short")
        self.fails("bad_key", core.Phone.open, short)
        whole = core.PhoneConfig(path=self.path("other"), app="test", key=bytes(32))
        try:
            core.Phone.open(whole).shut()
        except core.PhoneError.Failed as error:
            self.assertEqual(error.code, "cipher_missing")
        phone.shut()
        self.fails("phone_shut", phone.status)
        self.fails("phone_shut", phone.sync, 1000)
        self.open()

    def test_a_damaged_store_is_put_aside_only_when_a_person_says_so(self):
        phone = self.open()
        phone.shut()
        with open(self.path(), "r+b") as file:
            file.write(b"\0" * 4096)
        self.fails("store_damaged", self.open)
        config = core.PhoneConfig(path=self.path(), app="test")
        aside = core.set_store_aside(config)
        self.assertTrue(os.path.isdir(aside), aside)
        self.assertIsNone(core.set_store_aside(config))
        self.open()

    def test_the_network_fails_with_words_that_say_which_way(self):
        phone = self.open()
        self.fails("connection_refused", phone.enrol, "http://127.0.0.1:9", "AAAAA-AAAAA", "test")
        self.fails("plain_http", phone.enrol, "http://192.0.2.1", "AAAAA-AAAAA", "test")
        self.fails("bad_address", phone.enrol, "nonsense", "AAAAA-AAAAA", "test")

    def test_what_the_rules_refuse_is_not_saved(self):
        office = self.office()
        phone = self.enrolled(office)
        ticket, visit = office.said["ticket"], office.said["visit"]
        act = core.Act
        refused = {
            "not_now": act.START(visit=visit),
            "unknown_visit": act.ACCEPT(visit=NOBODY),
            "text_missing": act.NOTE(text=" "),
            "text_too_long": act.NOTE(text="长" * 20_000),
            "wrong_answer": act.ANSWER(item="counter", answer=core.CheckAnswer.TICK(yes=True)),
            "wrong_unit": act.ANSWER(item="counter", answer=core.CheckAnswer.READING(value=1.0, unit="V")),
            "out_of_range": act.USE_PART(part=office.said["part"], quantity=0, _from=office.said["van"]),
            "same_place": act.TRANSFER_PART(
                part=office.said["part"], quantity=1, _from=office.said["van"], to=office.said["van"]
            ),
        }
        for code, meant in refused.items():
            self.fails(code, phone.perform, ticket, meant)
        self.fails("unknown_document", phone.perform, NOBODY, act.NOTE(text="x"))
        broken = core.NewPhoto(bytes=b"no picture", shows=core.PhotoShows.OTHER)
        self.fails("photo_unreadable", phone.add_photo, ticket, broken)
        self.fails("enrolled_already", phone.enrol, office.said["address"], "AAAAA-AAAAA", "x")
        self.assertEqual(phone.status().unsent, 0)
        self.fails("code_unknown", self.open("other").enrol, office.said["address"], "AAAAA-AAAAA", "x")

    def test_calls_from_many_threads_go_on_beside_each_other(self):
        office = self.office()
        phone = self.enrolled(office)
        ticket, wrong = office.said["ticket"], []

        def notes(n):
            try:
                for i in range(5):
                    phone.perform(ticket, core.Act.NOTE(text=f"{n} {i}"))
                    phone.ticket(ticket)
                    phone.sync(kit.SYNC_MS)
            except Exception as error:  # pylint: disable=broad-except
                wrong.append(error)

        threads = [threading.Thread(target=notes, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])
        phone.sync(kit.SYNC_MS)
        status = phone.status()
        self.assertEqual((status.unsent, status.at_hq), (0, 20))
