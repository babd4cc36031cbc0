//! Where a killed process may stop, for the simulator; and, planted on purpose, the bugs it must find.
//!
//! Without the `testing` feature a check is nothing. Nothing here changes what the engine does unless a test asks.

use crate::error::EngineError;

/// A place beside a write at which a process may die. A kill before a commit rolls the transaction back, one after it
/// loses only what was in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FaultPoint {
    /// The enrolment's answer is written, not committed.
    EnrolBeforeCommit,
    /// The enrolment is committed.
    EnrolAfterCommit,
    /// Change, intent and row of an operation are written, not committed.
    PerformBeforeCommit,
    /// The operation is saved; the caller has not heard of it.
    PerformAfterCommit,
    /// Changes are marked as sent, not committed.
    SentBeforeCommit,
    /// Changes are marked as sent; nothing has left the phone.
    SentAfterCommit,
    /// Verdicts are written, not committed.
    VerdictsBeforeCommit,
    /// Verdicts are committed, the page of the same reply is not.
    VerdictsAfterCommit,
    /// What HQ said of grants is written, not committed.
    GrantsBeforeCommit,
    /// In the middle of a page, before each item.
    PageItem,
    /// The items are written, the cursor is not.
    PageBeforeCursor,
    /// Items and cursor are written, not committed.
    PageBeforeCommit,
    /// The page is committed.
    PageAfterCommit,
    /// The new epoch is written, not committed.
    EpochBeforeCommit,
    /// The new epoch is committed.
    EpochAfterCommit,
    /// A new install is committed, the file beside the database still names the old one.
    RotateBeforeFile,
    /// The file beside the database names the new install.
    RotateAfterFile,
    /// A card is dismissed, not committed.
    DismissBeforeCommit,
    /// A position is queued, not committed.
    PositionBeforeCommit,
    /// Old settled work is compacted, not committed.
    CompactBeforeCommit,
    /// What the server lacks, or has taken back, is written, not committed.
    HealBeforeCommit,
    /// A photo is about to be saved. This and the next are in [`FaultPoint::OF_PHOTOS`].
    PhotoBeforeFile,
    /// The files of a photo are on the disk, nothing tells of them.
    PhotoAfterFile,
}

impl FaultPoint {
    /// All of them, for the dice.
    pub const ALL: &'static [Self] = &[
        Self::EnrolBeforeCommit,
        Self::EnrolAfterCommit,
        Self::PerformBeforeCommit,
        Self::PerformAfterCommit,
        Self::SentBeforeCommit,
        Self::SentAfterCommit,
        Self::VerdictsBeforeCommit,
        Self::VerdictsAfterCommit,
        Self::GrantsBeforeCommit,
        Self::PageItem,
        Self::PageBeforeCursor,
        Self::PageBeforeCommit,
        Self::PageAfterCommit,
        Self::EpochBeforeCommit,
        Self::EpochAfterCommit,
        Self::RotateBeforeFile,
        Self::RotateAfterFile,
        Self::DismissBeforeCommit,
        Self::PositionBeforeCommit,
        Self::CompactBeforeCommit,
        Self::HealBeforeCommit,
    ];

    /// Those that only a photo passes.
    pub const OF_PHOTOS: &'static [Self] = &[Self::PhotoBeforeFile, Self::PhotoAfterFile];
}

/// A bug switched on by a test, to show that the tests find it.
#[cfg(any(test, feature = "testing"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bug {
    /// Replayed operations get new ids, so the server cannot know them again.
    ReplayWithNewIds,
    /// The cursor is committed before the items of its page.
    CursorOutsidePage,
    /// What was sent counts as merged before any verdict.
    SentIsMerged,
    /// What was built on a refused change is forgotten.
    DependentsForgotten,
    /// A page is applied although it does not continue the cursor.
    PageFromAnywhere,
    /// Changes whose dependencies are missing are dropped.
    MissingDepsDropped,
    /// A line that had to be left behind is continued under the same actor.
    BranchReused,
    /// Own changes are sent without a look at whether they are what was authored. Not in [`Bug::ALL`]: without damage
    /// nothing goes wrong with it.
    DamageIsSent,
    /// A server that went back is given own work alone, and judges it anew. Not in [`Bug::ALL`]: servers seldom go back.
    NothingHealed,
    /// A server that went back counts as healed before a page shows that it stayed so. Not in [`Bug::ALL`]: as above.
    HealedUnread,
    /// Everything is read again after healing. Not in [`Bug::ALL`]: nothing goes wrong with it, it only costs.
    NeverResumed,
    /// Which rows came since the place it goes on from is not said. Not in [`Bug::ALL`]: servers seldom go back.
    RowsSinceUnsaid,
    /// What HQ took over, and has lost, is not offered again. Not in [`Bug::ALL`]: as above.
    TakenOverForgotten,
    /// Nobody is told when merged work is displaced later. Not in [`Bug::ALL`]: one phone alone is never displaced.
    DisplacedInSilence,
    /// Photos go from this phone as soon as HQ has them, whether a backup of HQ's holds them or not. Not in [`Bug::ALL`]:
    /// one phone alone takes no photos.
    PhotosPurgedUnsaved,
    /// What a colleague hands over is carried whoever signed it. Not in [`Bug::ALL`]: the dice forge nothing.
    CarriedUnproven,
    /// Whoever accepts is not asked what his phone carries for others. Not in [`Bug::ALL`]: the dice hand nothing over.
    CarriedUnasked,
    /// What is carried goes to HQ without HQ's word for its author's phone, as an older app brings it. Not in [`Bug::ALL`]:
    /// as above.
    CarriedUncertified,
    /// Handed to a colleague counts as sent and taken. Not in [`Bug::ALL`]: the dice hand nothing over.
    HandedIsSent,
    /// Settled work becomes a counter whether its document holds it or not. Not in [`Bug::ALL`]: without damage nothing goes
    /// wrong with it.
    CompactsUnseen,
    /// No bug of this app but an app of another version: it allows what the server's rules do not. Not in [`Bug::ALL`],
    /// because nothing may go wrong with it.
    RulesSkipped,
}

#[cfg(any(test, feature = "testing"))]
impl Bug {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::ReplayWithNewIds,
        Self::CursorOutsidePage,
        Self::SentIsMerged,
        Self::DependentsForgotten,
        Self::PageFromAnywhere,
        Self::MissingDepsDropped,
        Self::BranchReused,
    ];
}

/// The process dies here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Killed;

/// Decides at every [`FaultPoint`] whether the process dies there.
pub type FaultHook = Box<dyn FnMut(FaultPoint) -> Result<(), Killed> + Send>;

/// The hook, and the planted bugs. Empty outside tests.
#[derive(Default)]
pub(crate) struct Faults {
    #[cfg(any(test, feature = "testing"))]
    pub(crate) hook: Option<FaultHook>,
    #[cfg(any(test, feature = "testing"))]
    pub(crate) bugs: std::collections::BTreeSet<Bug>,
    /// Bytes of a file for which the disk has room; `None` where nobody pretends.
    pub(crate) room: Option<usize>,
}

impl Faults {
    /// Asks whether the process dies here.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn at(&mut self, point: FaultPoint) -> Result<(), EngineError> {
        match &mut self.hook {
            Some(hook) => hook(point).map_err(|Killed| EngineError::Killed(point)),
            None => Ok(()),
        }
    }

    /// Nobody dies outside tests.
    #[cfg(not(any(test, feature = "testing")))]
    #[expect(
        clippy::unnecessary_wraps,
        clippy::unused_self,
        reason = "the twin under `testing` can fail"
    )]
    pub(crate) fn at(&mut self, _point: FaultPoint) -> Result<(), EngineError> {
        Ok(())
    }
}

/// True when a test planted this bug; never true, and compiled away, without the `testing` feature.
macro_rules! bug {
    ($faults:expr, $bug:ident) => {{
        #[cfg(any(test, feature = "testing"))]
        let planted = $faults.bugs.contains(&$crate::fault::Bug::$bug);
        #[cfg(not(any(test, feature = "testing")))]
        let planted = {
            let _ = &$faults;
            false
        };
        planted
    }};
}
pub(crate) use bug;
