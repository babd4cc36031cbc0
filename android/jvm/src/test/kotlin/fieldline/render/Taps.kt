package fieldline.render

import java.lang.reflect.Proxy

/** Taps that go nowhere: a picture takes none. */
val Taps: AllTaps = Proxy.newProxyInstance(AllTaps::class.java.classLoader, arrayOf(AllTaps::class.java)) { _, _, _ -> null } as AllTaps

interface AllTaps :
    fieldline.today.TodayTaps,
    fieldline.ticket.TicketTaps,
    fieldline.ticket.ChecklistTaps,
    fieldline.ticket.PhotosTaps,
    fieldline.ticket.NoteTaps,
    fieldline.ticket.ReportTaps,
    fieldline.parts.PartsTaps,
    fieldline.manuals.ManualsTaps,
    fieldline.manuals.ArticleTaps,
    fieldline.me.TruthTaps,
    fieldline.me.MeTaps,
    fieldline.me.EnrolTaps,
    fieldline.me.ExchangeTaps
