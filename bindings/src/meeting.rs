//! Meeting a colleague's phone in one network, as something that can be called off.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use fieldline_engine::Met;
use fieldline_engine::shell::lan::{Waiting, join};
use fieldline_model::meeting::MeetingCode;
use tokio::sync::Notify;

use crate::error::PhoneError;
use crate::phone::Core;
use crate::record::{BundleTaken, HandedOver, Meet};

enum End {
    Waits(Waiting),
    Joins(MeetingCode),
}

/// A meeting that has not happened yet, at one end.
#[derive(uniffi::Object)]
pub struct Meeting {
    /// Only while somebody meets; see [`Meeting::end`].
    core: Weak<Core>,
    code: String,
    /// Taken by the one call that meets.
    end: Mutex<Option<End>>,
    called_off: Notify,
}

impl std::fmt::Debug for Meeting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Meeting").finish_non_exhaustive()
    }
}

impl Meeting {
    pub(crate) fn waits(core: &Arc<Core>, waiting: Waiting) -> Arc<Self> {
        Self::new(core, waiting.code().to_text(), End::Waits(waiting))
    }

    pub(crate) fn joins(core: &Arc<Core>, code: MeetingCode) -> Arc<Self> {
        Self::new(core, code.to_text(), End::Joins(code))
    }

    fn new(core: &Arc<Core>, code: String, end: End) -> Arc<Self> {
        let meeting = Arc::new(Self {
            core: Arc::downgrade(core),
            code,
            end: Mutex::new(Some(end)),
            called_off: Notify::new(),
        });
        let mut meetings = core.meetings.lock().unwrap_or_else(PoisonError::into_inner);
        meetings.retain(|other| other.strong_count() > 0);
        meetings.push(Arc::downgrade(&meeting));
        drop(meetings);
        meeting
    }

    /// Lets go of the store, whether or not somebody is meeting.
    pub(crate) fn end(&self) {
        self.called_off.notify_one();
        let end = self.end.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(end);
    }
}

#[uniffi::export]
impl Meeting {
    /// The code that the phone which waits shows.
    #[must_use]
    pub fn code(&self) -> String {
        self.code.clone()
    }

    /// Meets the colleague's phone: both hand over what HQ may lack. Waits for it, ten minutes at most; once only.
    ///
    /// # Errors
    /// `called_off`; `meeting_over` the second time; `meeting_nobody`, `meeting_nobody_came`, `meeting_not_known`, `meeting_cut`
    /// and the like, where nothing was taken; the code of a bundle that could not be taken.
    pub fn meet(&self) -> Result<Meet, PhoneError> {
        let core = self.core.upgrade().ok_or_else(PhoneError::shut)?;
        let end = self.end.lock().unwrap_or_else(PoisonError::into_inner).take();
        let end = end.ok_or_else(PhoneError::meeting_over)?;
        let meets = async {
            match end {
                End::Waits(waiting) => waiting.meet().await,
                End::Joins(code) => join(Arc::clone(&core.engine), &code).await,
            }
        };
        let met = core.online(meets, &self.called_off)?;
        told(&core, met)
    }

    /// Calls it off, also before it began.
    pub fn cancel(&self) {
        // Kept for `meet`, should it not wait yet.
        self.called_off.notify_one();
    }
}

/// A bundle that could not be taken is this phone's failure, whatever the other one did.
fn told(core: &Core, met: Met) -> Result<Meet, PhoneError> {
    let handed = HandedOver::of(&met);
    let name: crate::words::Words = core.engine.engineer_words(met.with).into();
    let taken = met.taken.transpose()?;
    Ok(Meet {
        with: met.with.to_string(),
        handed,
        taken: taken.map(|taken| BundleTaken::of(&taken, name.clone())),
        with_name: name,
    })
}
