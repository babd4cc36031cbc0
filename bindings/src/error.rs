//! Why a call did not do what it should, and the words for it.

use fieldline_engine::EngineError;
use fieldline_model::reason::Lang;

/// Why a call did not do what it should. Nothing was changed unless the call says so; what was saved stays saved.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum PhoneError {
    /// The engine said no.
    #[error("{code}")]
    Failed {
        /// Stable code, for programs.
        code: String,
        /// Words in Chinese, for people.
        zh: String,
        /// Words in English, for people.
        en: String,
    },
}

impl From<EngineError> for PhoneError {
    fn from(error: EngineError) -> Self {
        Self::Failed {
            code: error.code().to_owned(),
            zh: error.words(Lang::Zh),
            en: error.words(Lang::En),
        }
    }
}

/// A listener that failed is its own app's matter: the code says so, and nothing waits for it.
impl From<uniffi::UnexpectedUniFFICallbackError> for PhoneError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::said(
            "listener_failed",
            "应用没有处理好通知",
            "The app failed on what it was told",
        )
    }
}

impl PhoneError {
    fn said(code: &str, zh: &str, en: &str) -> Self {
        Self::Failed {
            code: code.to_owned(),
            zh: zh.to_owned(),
            en: en.to_owned(),
        }
    }

    /// An argument that is no id of the kind wanted.
    pub(crate) fn bad_id(kind: &str) -> Self {
        Self::said("bad_id", "编号无效", &format!("This is not a valid {kind} id"))
    }

    /// A key of the store that has another length than 32 bytes.
    pub(crate) fn bad_key() -> Self {
        Self::said("bad_key", "密钥必须是 32 个字节", "A key has 32 bytes")
    }

    /// A call after the phone was shut.
    pub(crate) fn shut() -> Self {
        Self::said(
            "phone_shut",
            "本机数据已关闭，请重新打开应用",
            "This phone's store was shut; open the app again",
        )
    }

    /// A meeting that was called off, or asked for twice.
    pub(crate) fn meeting_over() -> Self {
        Self::said(
            "meeting_over",
            "这次交接已结束，请重新开始",
            "This meeting is over; begin a new one",
        )
    }

    /// A wait that was called off by the person.
    pub(crate) fn called_off() -> Self {
        Self::said("called_off", "已取消", "Called off")
    }

    /// A phone that is in no network where a colleague's could reach it.
    pub(crate) fn address_unclear() -> Self {
        Self::said(
            "address_unclear",
            "本机没有可用的局域网地址，请先连接同一个无线网络或热点",
            "This phone has no address a colleague's could reach; join one Wi-Fi network or hotspot first",
        )
    }

    /// A text that is no invitation of HQ's.
    pub(crate) fn bad_link() -> Self {
        Self::said(
            "bad_link",
            "这不是总部的绑定码，请扫描总部给的二维码",
            "This is no enrolment code of HQ's; scan the one HQ gave you",
        )
    }
}
