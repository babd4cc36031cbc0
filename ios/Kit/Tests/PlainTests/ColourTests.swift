import Design
import Testing

@Suite struct ColourTests {
    @Test func every_text_reads_on_every_ground_by_day_and_by_night() {
        for (name, tone) in Tone.read {
            for ground in [Tone.paper, Tone.mist, tone.ground] {
                let pairs = [("light", tone.light, ground.light), ("dark", tone.dark, ground.dark)]
                for (scheme, text, ground) in pairs {
                    let contrast = text.contrast(with: ground)
                    #expect(contrast >= 4.5, "\(name), \(scheme): \(contrast)")
                }
            }
        }
        #expect(Tone.accentInk.light.contrast(with: Tone.accent.light) >= 4.5)
        #expect(Tone.accentInk.dark.contrast(with: Tone.accent.dark) >= 4.5)
    }

    @Test func contrast_is_measured_as_the_guidelines_say() {
        #expect(Colour(0x000000).contrast(with: Colour(0xFFFFFF)) == 21)
        #expect(abs(Colour(0x777777).contrast(with: Colour(0xFFFFFF)) - 4.48) < 0.01)
    }

    @Test func sizes_stand_on_a_grid_of_four_and_fingers_in_gloves_find_them() {
        #expect(Size.all.allSatisfy { $0.truncatingRemainder(dividingBy: 4) == 0 })
        #expect(Size.touchMin >= 48 && Size.primary >= 56)
        #expect(TypeSize.allCases.allSatisfy { $0.rawValue >= 12 })
    }
}
