package fieldline.engine.fake

import fieldline.engine.Answer
import fieldline.engine.Annotation
import fieldline.engine.Article
import fieldline.engine.ArticleFile
import fieldline.engine.ArticleLine
import fieldline.engine.Asset
import fieldline.engine.Card
import fieldline.engine.CardFate
import fieldline.engine.CheckItem
import fieldline.engine.CheckKind
import fieldline.engine.Code
import fieldline.engine.CodeSort
import fieldline.engine.Completeness
import fieldline.engine.EarlierReading
import fieldline.engine.Entry
import fieldline.engine.EntryKind
import fieldline.engine.GivenAnswer
import fieldline.engine.KeptPart
import fieldline.engine.KeptState
import fieldline.engine.NextStep
import fieldline.engine.Owner
import fieldline.engine.PartLine
import fieldline.engine.PastWork
import fieldline.engine.PhotoLine
import fieldline.engine.PhotoShows
import fieldline.engine.PhotoState
import fieldline.engine.Place
import fieldline.engine.Priority
import fieldline.engine.Section
import fieldline.engine.StockPlace
import fieldline.engine.Ticket
import fieldline.engine.TicketLine
import fieldline.engine.Truth
import fieldline.engine.VisitPhase
import fieldline.engine.Waiting
import fieldline.engine.Who
import fieldline.engine.Words

/** An invented day, for previews, pictures and tests of view models. Monday, 23 November 2026, 08:30 in Shanghai. */
object Samples {
    const val NOW = 1_795_393_800_000L
    private const val MINUTE = 60_000L
    private const val HOUR = 60 * MINUTE
    const val ME_ZH = "陈立群"
    private val me = Words(ME_ZH, "Chen Liqun")

    private val phases = mapOf(
        VisitPhase.Offered to Words("待接单", "Offered"),
        VisitPhase.Accepted to Words("已接单", "Accepted"),
        VisitPhase.EnRoute to Words("在路上", "On the way"),
        VisitPhase.Arrived to Words("已到达", "Arrived"),
        VisitPhase.Working to Words("处理中", "Working"),
        VisitPhase.Paused to Words("已暂停", "Paused"),
        VisitPhase.Done to Words("已完工", "Done"),
    )

    fun phase(phase: VisitPhase): Words = phases[phase] ?: Words("未知", "Unknown")

    private fun line(id: Int, phase: VisitPhase, startH: Double, customer: Words, address: Words, fault: Words) = TicketLine(
        ticket = "t$id", number = "T-%06d".format(id), visit = "v$id", phase = phase, phaseWords = phase(phase),
        planStartMs = NOW + (startH * HOUR).toLong(), planEndMs = NOW + ((startH + 2) * HOUR).toLong(),
        customer = customer, address = address, fault = fault, deadlineMs = NOW + ((startH + 5) * HOUR).toLong(),
    )

    val lines = listOf(
        line(
            4, VisitPhase.Accepted, 0.5, Words("明澄律师事务所", "Mingcheng Law"),
            Words("上海市徐汇区漕溪北路88号12楼1203", "Room 1203, 88 North Caoxi Road, Xuhui, Shanghai"),
            Words("打印有黑线", "Black lines on print"),
        ).copy(vip = true, urges = 1, deadlineMs = NOW + HOUR + 25 * MINUTE, faultText = "复印时右侧有竖条纹，换粉后仍有"),
        line(
            7, VisitPhase.Offered, 3.0, Words("东岸物流仓储", "East Bank Logistics"),
            Words("上海市浦东新区川沙路1200号", "1200 Chuansha Road, Pudong, Shanghai"), Words("卡纸", "Paper jam"),
        ).copy(priority = Priority.High),
        line(
            9, VisitPhase.Accepted, 5.5, Words("禾木幼儿园", "Hemu Kindergarten"),
            Words("上海市静安区愚园路33号", "33 Yuyuan Road, Jing'an, Shanghai"), Words("空调不制冷", "Air conditioner does not cool"),
        ).copy(pending = 2),
        line(
            12, VisitPhase.Accepted, 7.5, Words("安泰口腔诊所", "Antai Dental Clinic"),
            Words("上海市长宁区仙霞路501号", "501 Xianxia Road, Changning, Shanghai"), Words("不进纸", "Does not pick paper"),
        ).copy(deadlineMs = NOW - 40 * MINUTE),
    )

    val ticket = Ticket(
        ticket = "t4", number = "T-000004", statusWords = Words("处理中", "In progress"), visit = "v4",
        phase = VisitPhase.Working, phaseWords = phase(VisitPhase.Working), next = listOf(NextStep.Finish, NextStep.Pause),
        vip = true, urges = 1, deadlineMs = NOW + HOUR + 25 * MINUTE, planStartMs = NOW - HOUR / 2, planEndMs = NOW + 3 * HOUR / 2,
        category = "printer", fault = Words("打印有黑线", "Black lines on print"),
        faultText = "复印时右侧有竖条纹，换粉后仍有", customer = Words("明澄律师事务所", "Mingcheng Law"),
        contract = "HT-2025-0117", contact = "周婉如", phone = "13900001126",
        address = Words("上海市徐汇区漕溪北路88号12楼1203", "Room 1203, 88 North Caoxi Road, Xuhui, Shanghai"),
        place = Place(31.1912, 121.4363),
        asset = Asset(
            Words("ML-P3200 激光打印机", "ML-P3200 laser printer"), "MLP32-24A0187", "2026-08-31",
            listOf(
                PastWork(
                    "T-000871", "2026-05-12", Words("卡纸", "Paper jam"), Words("搓纸轮磨损", "Pickup roller worn"),
                    Words("更换搓纸轮", "Pickup roller replaced"),
                ),
                PastWork(
                    "T-000623", "2026-01-20", Words("打印颜色浅", "Faint print"), Words("碳粉用尽", "Toner empty"),
                    Words("更换碳粉", "Toner replaced"),
                ),
                PastWork(
                    "T-000410", "2025-09-03", Words("不进纸", "Does not pick paper"), Words("分离垫老化", "Separation pad aged"),
                    Words("更换分离垫", "Separation pad replaced"),
                ),
            ),
        ),
        checklist = listOf(
            CheckItem(
                "power_off", CheckKind.Tick, Words("断电冷却后再开盖", "Powered off and cooled before opening"),
                answers = listOf(GivenAnswer(Answer.Tick(true), Words("是", "Yes"), false, me, NOW - 12 * MINUTE, true)),
            ),
            CheckItem(
                "counter", CheckKind.Reading, Words("总印张计数", "Total page counter"), "p", 0.0, 5_000_000.0,
                answers = listOf(GivenAnswer(Answer.Reading(48213.0, "p"), Words("48213 p", "48213 p"), false, me, NOW - 10 * MINUTE, true)),
                earlier = EarlierReading(45120.0, "p", NOW - 195L * 24 * HOUR, "T-000871"),
            ),
            CheckItem("path_clean", CheckKind.Tick, Words("纸道和搓纸轮已清洁", "Paper path and rollers cleaned")),
            CheckItem(
                "humidity", CheckKind.Reading, Words("放置处相对湿度", "Relative humidity at the machine"), "%", 20.0, 80.0,
                answers = listOf(GivenAnswer(Answer.Reading(86.0, "%"), Words("86 %", "86 %"), true, me, NOW - 8 * MINUTE, true)),
                earlier = EarlierReading(61.0, "%", NOW - 195L * 24 * HOUR, "T-000871"),
            ),
            CheckItem("test_page", CheckKind.Photo, Words("测试页照片", "Photo of the test page")),
            CheckItem("advice", CheckKind.Text, Words("给客户的建议", "Advice to the customer")),
        ),
        photos = listOf(
            PhotoLine("o-p1", PhotoShows.Before, "右侧竖条纹", NOW - 14 * MINUTE, PhotoState.Waiting, true),
            PhotoLine("o-p2", PhotoShows.Other, "", NOW - 9 * MINUTE, PhotoState.AtHq, true),
        ),
        kept = listOf(KeptPart("P004", Words("硒鼓", "Drum unit"), Words("陈立群的车", "Chen Liqun's van"), 1, KeptState.Reserved)),
        entries = listOf(
            entry("o1", EntryKind.Step, Words("接单", "accepted"), 95),
            entry("o2", EntryKind.Step, Words("出发", "set out"), 52),
            entry("o3", EntryKind.Step, Words("到达现场", "arrived"), 21),
            entry("o4", EntryKind.Step, Words("开始处理", "began work"), 18).copy(pending = true),
            entry("o5", EntryKind.Note, Words("备注", "note"), 11, Words.same("硒鼓刮伤，已换新")).copy(pending = true),
            entry("o6", EntryKind.UsePart, Words("使用备件", "part used"), 6, Words("P004 硒鼓 × 1", "P004 Drum unit × 1")).copy(pending = true),
        ),
        workedMs = 18 * MINUTE, pending = 5,
    )

    private fun entry(id: String, kind: EntryKind, label: Words, minutesAgo: Int, detail: Words = Words.same("")) =
        Entry(id, kind, label, detail, Who.Me, me, NOW - minutesAgo * MINUTE)

    val codes = listOf(
        Code("drum_scratched", CodeSort.Cause, "printer", Words("硒鼓刮伤", "Drum scratched")),
        Code("toner_empty", CodeSort.Cause, "printer", Words("碳粉用尽", "Toner empty")),
        Code("roller_worn", CodeSort.Cause, "printer", Words("搓纸轮磨损", "Pickup roller worn")),
        Code("replaced", CodeSort.Remedy, null, Words("更换备件", "Part replaced")),
        Code("cleaned", CodeSort.Remedy, null, Words("清洁", "Cleaned")),
        Code("adjusted", CodeSort.Remedy, null, Words("调整", "Adjusted")),
    )

    val places = listOf(
        StockPlace("van", Words("陈立群的车", "Chen Liqun's van"), true, true),
        StockPlace("van2", Words("李明的车", "Li Ming's van"), true),
        StockPlace("wh", Words("上海仓库", "Shanghai warehouse"), false),
    )

    val parts = listOf(
        PartLine("van", "p4", "P004", Words("硒鼓", "Drum unit"), places[0].name, 2, mine = 2, asOfMs = NOW - 23 * MINUTE),
        PartLine("van", "p1", "P001", Words("搓纸轮组件", "Pickup roller kit"), places[0].name, 1, mine = 1, asOfMs = NOW - 23 * MINUTE),
        PartLine("van", "p3", "P003", Words("定影器", "Fuser unit"), places[0].name, 0, unconfirmed = 1, asOfMs = NOW - 23 * MINUTE),
        PartLine("wh", "p4", "P004", Words("硒鼓", "Drum unit"), places[2].name, 14, requested = 1, asOfMs = NOW - 23 * MINUTE),
        PartLine("van2", "p3", "P003", Words("定影器", "Fuser unit"), places[1].name, 1, asOfMs = NOW - 3 * HOUR),
    )

    val articles = listOf(
        ArticleLine("a1", false, Words("打印有竖向黑线的排查", "Tracing vertical black lines on prints"), "printer"),
        ArticleLine("a2", false, Words("硒鼓更换步骤", "Replacing the drum unit"), "printer"),
        ArticleLine("a3", true, Words("ML-P3200 维修手册", "ML-P3200 service manual"), "printer"),
        ArticleLine("a4", false, Words("空调不制冷：先查滤网", "Air conditioner does not cool: filter first"), "aircon"),
    )

    val article = Article(
        articles[0],
        listOf(
            Section(
                "s1", Words("现象", "Symptom"),
                Words("每页同一位置有一条竖向黑线，换碳粉后不消失。", "One vertical black line at the same place on every page; new toner does not help."),
            ),
            Section(
                "s2", Words("步骤", "Steps"),
                Words(
                    "1. 断电，冷却十分钟。\n2. 取出硒鼓，对光看表面有没有划痕。\n3. 有划痕换硒鼓；没有则清洁充电辊。",
                    "1. Power off and let it cool for ten minutes.\n2. Take the drum out and look for scratches against the light.\n" +
                        "3. Scratched: replace the drum. Otherwise clean the charge roller.",
                ),
            ),
        ),
        listOf(ArticleFile("f1", Words("接线图", "Wiring diagram"), 1_840_000, 4, true)),
        listOf(
            Annotation("s2", "P3200 的充电辊要用干布，酒精会留下痕迹。", Who.Colleague, Words("李明", "Li Ming"), NOW - 40L * 24 * HOUR),
            Annotation(null, "装回前先转动两圈。", Who.Me, me, NOW - 5 * MINUTE, pending = true),
        ),
    )

    val truth = Truth(
        enrolled = true, company = "长三角设备服务", savedHere = 5, atHq = 128, overruled = 1, refused = 1,
        cards = listOf(
            Card(
                "c1", "t7", "T-000007", Words("使用备件", "part used"), "", CardFate.Refused, Words("已拒绝", "Refused"),
                Words("此工单已关闭，不能再使用备件", "The ticket was closed; no part can be used on it any more"), NOW - 2 * HOUR,
            ),
            Card(
                "c2", "t9", "T-000009", Words("备注", "note"), "外机风扇异响，建议更换轴承", CardFate.Overruled, Words("已被裁定", "Overruled"),
                Words("同事先到并完成了这次上门", "A colleague was there first and finished this visit"), NOW - 26 * HOUR,
            ),
        ),
        waiting = listOf(
            Waiting("o4", "t4", "T-000004", Words("开始处理", "began work"), NOW - 18 * MINUTE, Words("下次同步发送", "goes with the next sync")),
            Waiting("o5", "t4", "T-000004", Words("备注", "note"), NOW - 11 * MINUTE, Words("下次同步发送", "goes with the next sync")),
            Waiting("o6", "t4", "T-000004", Words("使用备件", "part used"), NOW - 6 * MINUTE, Words("下次同步发送", "goes with the next sync")),
        ),
        lastSyncMs = NOW - 27 * MINUTE, held = 42, expected = 42, asOfMs = NOW - 27 * MINUTE,
        completeness = Completeness.Complete, photosWaiting = 1,
    )

    val owner = Owner("长三角设备服务", me, "https://hq.example.com")
}
