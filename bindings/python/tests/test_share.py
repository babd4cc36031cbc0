"""Two phones of one engineer without HQ: bundles as bytes, as codes, and in one network; HQ gets the work from the other."""

import threading

import kit
from kit import core


class Share(kit.Case):
    def two(self):
        office = self.office()
        one = self.enrolled(office, "one")
        two = self.enrolled(office, "two", office.ask("code")["code"])
        # Each knows the other's company by its own papers.
        one.sync(kit.SYNC_MS)
        office.ask("stop")
        one.perform(office.said["ticket"], core.Act.ACCEPT(visit=office.said["visit"]))
        return office, one, two

    def brought(self, office, two):
        self.assertEqual(two.status().carried, 1)
        self.assertTrue(any(line.carried for line in two.ticket(office.said["ticket"]).history))
        office.ask("start")
        two.sync(kit.SYNC_MS)
        accepted = [event for event in office.ask("record")["events"] if event["act"] == "accept"]
        self.assertEqual([event["fate"] for event in accepted], ["merged"])
        self.assertEqual(two.status().carried, 0)

    def test_a_bundle_goes_as_bytes_and_may_come_twice(self):
        office, one, two = self.two()
        made = one.export_bundle(two.card())
        self.assertEqual((made.operations, made.to_name.zh), (1, office.said["engineer_name"]))
        taken = two.import_bundle(made.bytes)
        self.assertEqual((taken.carried, taken.known, taken.not_taken), (1, 0, []))
        again = two.import_bundle(made.bytes)
        self.assertEqual((again.carried, again.known), (0, 1))
        self.fails("bundle_not_for_me", one.import_bundle, made.bytes)
        self.assertEqual(one.status().unsent, 1)
        self.brought(office, two)

    def test_a_bundle_goes_as_codes_in_any_order(self):
        office, one, two = self.two()
        made = one.export_bundle(two.card())
        frames = one.bundle_frames(made.bytes)
        scan, whole = core.BundleScan(), None
        for frame in reversed(frames):
            self.assertIsNone(whole)
            whole = scan.seen(frame)
        self.assertEqual(whole, made.bytes)
        two.import_bundle(whole)
        self.brought(office, two)

    def test_two_phones_meet_in_one_network(self):
        office, one, two = self.two()
        waits, met = two.wait_for_colleague("127.0.0.1"), []
        thread = threading.Thread(target=lambda: met.append(waits.meet()))
        thread.start()
        joined = one.join_colleague(waits.code()).meet()
        thread.join(60)
        self.assertEqual(joined.handed, core.HandedOver.TAKEN(operations=1, carried=1, known=0, refused=0))
        self.assertIsNone(joined.taken)
        self.assertEqual(met[0].taken.carried, 1)
        self.assertEqual(met[0].handed, core.HandedOver.NOTHING())
        self.brought(office, two)
