"""An app is told what changed: after it is saved, on another thread, and a listener that fails harms nobody."""

import threading

import kit
from kit import core


class Ear(core.PhoneListener):
    """Keeps what it was told."""

    def __init__(self, then=None):
        self.told, self.threads, self.then = [], set(), then

    def changed(self, what):
        self.told.append(what)
        self.threads.add(threading.get_ident())
        if self.then:
            self.then(what)

    def tickets(self):
        return {ticket for what in self.told for ticket in what.tickets}


class Listen(kit.Case):
    def test_a_listener_hears_which_ids_changed_and_may_call_the_phone(self):
        office = self.office()
        phone, shown = self.enrolled(office), []
        ticket = office.said["ticket"]
        ear = Ear(lambda what: [shown.append(phone.ticket(one).pending) for one in what.tickets])
        phone.observe(ear)
        phone.perform(ticket, core.Act.ACCEPT(visit=office.said["visit"]))
        self.until("the tap is told", lambda: ticket in ear.tickets() and shown)
        self.assertEqual(shown[-1], 1)
        self.assertTrue(any(what.status for what in ear.told))
        self.assertNotIn(threading.get_ident(), ear.threads)
        office.ask("note 请带梯子")
        told = len(ear.told)
        phone.sync(kit.SYNC_MS)
        self.until("the sync is told", lambda: any(ticket in what.tickets for what in ear.told[told:]))
        phone.observe_none()
        told = len(ear.told)
        phone.perform(ticket, core.Act.NOTE(text="unheard"))
        phone.shut()
        self.assertEqual(len(ear.told), told)

    def test_a_listener_that_fails_keeps_nobody_from_being_told(self):
        def fail(_):
            raise ValueError("the app's own mistake")

        office = self.office()
        phone = self.enrolled(office)
        bad, good = Ear(fail), Ear()
        phone.observe(bad)
        phone.observe(good)
        for n in (1, 2):
            phone.perform(office.said["ticket"], core.Act.NOTE(text=str(n)))
            self.until("both are told", lambda: len(bad.told) >= n and len(good.told) >= n)

    def test_a_listener_may_shut_the_phone(self):
        office = self.office()
        phone, done = self.enrolled(office), threading.Event()

        def shut(_):
            phone.shut()
            done.set()

        phone.observe(Ear(shut))
        phone.perform(office.said["ticket"], core.Act.NOTE(text="x"))
        self.assertTrue(done.wait(30))
        self.assertTrue(self.open().status().enrolled)

    def test_the_live_sync_brings_what_hq_did_and_takes_what_was_tapped(self):
        office = self.office()
        phone = self.enrolled(office)
        ticket = office.said["ticket"]
        phone.start_live()
        phone.viewing(ticket)
        phone.perform(ticket, core.Act.ACCEPT(visit=office.said["visit"]))
        self.until("HQ has the tap", lambda: phone.status().unsent == 0)
        office.ask("note 请带梯子")
        self.until("the note is here", lambda: any("梯子" in line.detail.zh for line in phone.ticket(ticket).history))
        phone.stop_live()
        phone.perform(ticket, core.Act.NOTE(text="kept"))
        self.assertEqual(phone.status().unsent, 1)
        phone.suspend()
        self.assertEqual(phone.ticket(ticket).pending, 1)
