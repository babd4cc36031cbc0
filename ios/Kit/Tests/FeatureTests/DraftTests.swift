import Engine
import EngineFake
import Testing

@testable import Features

@Suite struct DraftTests {
    @Test func numbers_come_from_any_keyboard_and_nothing_else_is_one() {
        #expect(ReadingDraft(" 4,2 ").value == 4.2)
        #expect(ReadingDraft("-3.5").value == -3.5)
        #expect(ReadingDraft("−3").value == -3)
        for text in ["", "4 bar", "0x10", "nan", "inf", "1e3", "--4", "4..2"] {
            #expect(ReadingDraft(text).value == nil, "\(text)")
        }
        #expect(4.0.plain == "4" && 4.25.plain == "4.25" && (-0.5).plain == "-0.5")
    }

    @Test func a_reading_outside_the_sound_range_is_said_while_he_types() {
        let item = Samples.ticket("t", visit: "v").checklist[1]
        #expect(ReadingDraft("2.9").isOutside(item) && ReadingDraft("6.1").isOutside(item))
        #expect(!ReadingDraft("3").isOutside(item) && !ReadingDraft("6").isOutside(item) && !ReadingDraft("x").isOutside(item))
    }

    @Test func a_signature_stays_in_its_box_and_under_its_limit() {
        var strokes = Strokes()
        #expect(!strokes.isDrawn && strokes.path.isEmpty)
        strokes.draw(x: -50, y: 900, width: 300, height: 100, begins: true)
        strokes.draw(x: 400, y: -5, width: 300, height: 100, begins: false)
        #expect(strokes.path == "M0 200L600 0")
        for at in 0..<9_000 {
            strokes.draw(x: Double(at % 2) * 300, y: Double(at % 100), width: 300, height: 100, begins: at % 500 == 0)
        }
        #expect(strokes.path.utf8.count < 24_000)
        strokes.draw(x: 1, y: 1, width: 0, height: 0, begins: true)
        strokes.clear()
        #expect(!strokes.isDrawn)
    }

    @Test func a_dot_is_no_signature_and_near_dots_add_no_ink() {
        var strokes = Strokes()
        strokes.draw(x: 10, y: 10, width: 600, height: 200, begins: true)
        strokes.draw(x: 11, y: 11, width: 600, height: 200, begins: false)
        #expect(!strokes.isDrawn)
    }
}
