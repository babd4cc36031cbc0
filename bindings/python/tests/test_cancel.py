"""What waits for the network can be called off, and ends at its limit."""

import socket
import threading

import kit
from kit import core


class Silent:
    """A server that takes connections and says nothing."""

    def __init__(self, place):
        self.listener = socket.create_server(place)
        self.came = threading.Event()
        self.held = []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        try:
            while True:
                self.held.append(self.listener.accept()[0])
                self.came.set()
        except OSError:
            pass

    def close(self):
        try:
            # Or whoever waits in accept keeps the port.
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()
        for one in self.held:
            one.close()


class Deaf(core.PhoneListener):
    """Never comes back from what it is told."""

    def __init__(self):
        self.told, self.end = threading.Event(), threading.Event()

    def changed(self, what):
        self.told.set()
        self.end.wait(60)


class Cancel(kit.Case):
    def silent_at(self, office):
        """Nobody answers any more where HQ was."""
        office.ask("stop")
        host, port = office.said["address"].rsplit("/", 1)[1].split(":")
        silent = Silent((host, int(port)))
        self.addCleanup(silent.close)
        return silent

    def begun(self, call):
        """Runs it on a thread; what it answers or fails with comes to the list."""
        ended = []

        def run():
            try:
                ended.append(call())
            except core.PhoneError.Failed as error:
                ended.append(error.code)

        thread = threading.Thread(target=run)
        thread.start()
        return thread, ended

    def test_a_sync_that_waits_is_called_off_and_loses_nothing(self):
        office = self.office()
        phone = self.enrolled(office)
        phone.perform(office.said["ticket"], core.Act.ACCEPT(visit=office.said["visit"]))
        silent = self.silent_at(office)
        thread, ended = self.begun(lambda: phone.sync(600_000))
        self.assertTrue(silent.came.wait(30))
        # Calls that need no network do not wait for it.
        phone.perform(office.said["ticket"], core.Act.NOTE(text="meanwhile"))
        phone.cancel_sync()
        thread.join(30)
        self.assertFalse(thread.is_alive())
        self.assertTrue(ended[0].called_off and not ended[0].finished)
        self.assertEqual(phone.status().unsent, 2)
        silent.close()
        office.ask("start")
        self.assertTrue(phone.sync(kit.SYNC_MS).finished)
        self.assertEqual(phone.status().unsent, 0)

    def test_a_cancel_that_comes_early_stops_no_later_sync(self):
        office = self.office()
        phone = self.enrolled(office)
        phone.cancel_sync()
        done = phone.sync(kit.SYNC_MS)
        self.assertTrue(done.finished and not done.called_off)

    def test_a_slice_ends_at_its_limit(self):
        office = self.office()
        phone = self.enrolled(office)
        self.silent_at(office)
        done = phone.sync(200)
        self.assertFalse(done.finished or done.called_off)

    def test_shutting_ends_a_sync_and_frees_the_store(self):
        office = self.office()
        phone = self.enrolled(office)
        silent = self.silent_at(office)
        thread, ended = self.begun(lambda: phone.sync(600_000))
        self.assertTrue(silent.came.wait(30))
        phone.shut()
        thread.join(30)
        self.assertTrue(ended[0].called_off)
        self.assertTrue(self.open().status().enrolled)

    def test_a_listener_that_never_comes_back_keeps_no_store_open(self):
        office = self.office()
        phone, deaf = self.enrolled(office), Deaf()
        phone.observe(deaf)
        phone.perform(office.said["ticket"], core.Act.NOTE(text="x"))
        self.assertTrue(deaf.told.wait(30))
        phone.shut()
        self.assertEqual(self.open().status().unsent, 1)
        deaf.end.set()

    def test_a_meeting_is_called_off_before_and_while_it_waits(self):
        office = self.office()
        phone = self.enrolled(office)
        waits = phone.wait_for_colleague("127.0.0.1")
        waits.cancel()
        self.fails("called_off", waits.meet)
        self.fails("meeting_over", waits.meet)
        waits = phone.wait_for_colleague("127.0.0.1")
        thread, ended = self.begun(waits.meet)
        waits.cancel()
        thread.join(30)
        self.assertEqual(ended, ["called_off"])
        # What is called off is the sync, not the meeting.
        waits = phone.wait_for_colleague("127.0.0.1")
        thread, ended = self.begun(waits.meet)
        phone.cancel_sync()
        phone.shut()
        thread.join(30)
        # Called off where it had begun; otherwise it never does.
        self.assertIn(ended, (["called_off"], ["phone_shut"]))
        phone = self.open()
        unmet = phone.wait_for_colleague("127.0.0.1")
        phone.shut()
        self.assertTrue(self.open().status().enrolled)
        self.fails("phone_shut", unmet.meet)

    def test_no_place_to_wait_at_is_told(self):
        phone = self.enrolled(self.office())
        self.fails("meeting_no_place", phone.wait_for_colleague, "not an address")
