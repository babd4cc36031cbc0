//! The words for people, in both languages: what is wrong, and what to do about it. No other file of the engine picks
//! words for a failure.

use fieldline_model::reason::{Lang, Reason};
use fieldline_report::ReportError;

use super::{Distrust, EngineError, Silence};
use crate::bundle::BundleError;
use crate::meeting::MeetingError;

type Both = (&'static str, &'static str);

fn pick(lang: Lang, (zh, en): Both) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

impl EngineError {
    /// The words for people. A server's code nobody here knows stands beside them.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Self::Server {
                code, retry_after_s, ..
            } => server(lang, code, *retry_after_s),
            Self::Untrusted(Distrust::Name { presented }) if !presented.is_empty() => {
                let names = presented.join(", ");
                match lang {
                    Lang::Zh => format!("服务器的证书只适用于 {names}，与所用地址不符。请核对地址"),
                    Lang::En => format!(
                        "The server's certificate is for {names}, not for the address used; check the address"
                    ),
                }
            }
            _ => pick(lang, self.sentence()).to_owned(),
        }
    }

    fn sentence(&self) -> Both {
        match self {
            Self::StoreBusy => ("数据正被另一个程序使用", "Another program is using the data"),
            Self::StoreNewer { .. } => (
                "数据由更新版本的应用写入，请升级应用",
                "The data was written by a newer version of the app; please update",
            ),
            Self::DiskFull => (
                "存储空间已满，没有保存新内容。请腾出空间后再试",
                "The device is full and nothing new was saved. Make room, then try again",
            ),
            Self::StoreMissing => (
                "此手机的数据文件丢失。请从备份恢复该文件；没有备份时只能重新绑定，未发送的内容会丢失",
                "The data file of this phone is missing. Restore it from a backup; without one the phone can only be \
                 enrolled anew, and what was not sent is lost",
            ),
            Self::StoreEmpty => (
                "此手机的数据文件是空的，原有内容已不在其中。请从备份恢复该文件；没有备份时只能重新绑定，未发送的内容会丢失",
                "The data file of this phone is empty; what stood in it is gone. Restore it from a backup; without one the \
                 phone can only be enrolled anew, and what was not sent is lost",
            ),
            Self::StoreDamaged(_) => (
                "此手机的数据文件已损坏。请从备份恢复该文件；没有备份时只能重新绑定，未发送的内容会丢失",
                "The data file of this phone is damaged. Restore it from a backup; without one the phone can only be \
                 enrolled anew, and what was not sent is lost",
            ),
            Self::StoreKeyMissing => (
                "此手机的数据已加密，但系统密钥库中已没有密钥，无法读取。请先恢复密钥；无法恢复时只能重新绑定，未发送的内容会丢失",
                "The data on this phone is encrypted, and its key is gone from the phone's keystore. Restore the key; if that \
                 cannot be done, the phone can only be enrolled anew, and what was not sent is lost",
            ),
            Self::StoreKeyWrong => (
                "此手机的数据是用另一把密钥加密的，无法读取。请使用原来的密钥；找不到时只能重新绑定，未发送的内容会丢失",
                "The data on this phone is encrypted under another key. Use that one; if it is gone, the phone can only be \
                 enrolled anew, and what was not sent is lost",
            ),
            Self::StorePlain => (
                "此手机的数据没有加密，不能用密钥打开。请先同步，再用加密方式重新绑定",
                "The data on this phone is not encrypted and does not open with a key. Sync first, then enrol this phone anew \
                 with encryption",
            ),
            Self::CipherMissing => (
                "此应用不带加密功能，没有写入任何数据。请使用支持加密的版本",
                "This app was built without encryption; nothing was written. Use a version that encrypts",
            ),
            Self::Store(_) | Self::File(_) | Self::BadValue(_) => (
                "本机数据读写失败。请再试一次；仍然失败时请保留此手机上的数据，并联系总部",
                "Reading or writing on this phone failed. Try again; if it goes on, leave the data on this phone as \
                     it is and tell HQ",
            ),
            Self::Document(_) => ("工单数据无法处理", "The record cannot be processed"),
            Self::Stuck(_) => (
                "本机副本已损坏，下次同步时重新下载；未发送的内容仍然保留",
                "The copy on this phone is damaged and will be fetched again; unsent work is kept",
            ),
            Self::UnknownDocument(_) => ("本机没有这份内容", "This is not on this phone"),
            Self::NotEnrolled => ("此手机尚未绑定", "This phone is not enrolled"),
            Self::EnrolledAlready => (
                "此手机已绑定，绑定码没有被使用",
                "This phone is enrolled already; the code was not used",
            ),
            Self::OtherCompany => (
                "总部服务器已重新建立，或属于另一家公司，不认识此手机。本机内容都在，没有改动",
                "HQ's server was set up anew, or is another company's, and does not know this phone. Everything here is \
                 kept as it was",
            ),
            Self::KeyLost => (
                "本机密钥已损坏，暂停发送。内容都保存在本机；请向总部索取绑定码，重新绑定此手机",
                "This phone's key was damaged, so nothing is sent. All work is still saved here: ask HQ for \
                 a code and enrol this phone again",
            ),
            Self::Rule(reason) => both(*reason),
            Self::PhotoUnreadable => (
                "这个文件不是 JPEG、PNG 或 WebP 照片，未保存",
                "This file is no JPEG, PNG or WebP photo; it was not saved",
            ),
            Self::PhotoTooLarge => (
                "照片超过 20 MB，未保存。请用较小的尺寸再拍一次",
                "The photo has more than 20 MB and was not saved; take it again in a smaller size",
            ),
            Self::NotFinished => (
                "还没有完成的上门，因此没有完工报告",
                "No visit is finished yet, so there is no completion report",
            ),
            Self::Report(ReportError::NoFont) => (
                "字体文件无法读取。请换一个 TrueType 或 OpenType 字体",
                "The font cannot be read; take another TrueType or OpenType font",
            ),
            Self::Report(ReportError::LettersMissing) => (
                "该字体缺少报告所用语言的文字。请换一个中文字体",
                "The font lacks the letters of the report's language; take one that has Chinese",
            ),
            Self::NetworkMetered => (
                "当前网络按流量计费，文件没有下载。请换用无线网络，或允许使用任何网络",
                "This network costs by the byte, and the file was not fetched. Use Wi-Fi, or allow any network",
            ),
            Self::Bundle(error) => bundle(*error),
            Self::Meeting(error) => meeting(*error),
            Self::Wire(_) => ("收到的数据无法识别", "What was received cannot be read"),
            Self::BadAddress(_) => (
                "服务器地址无效。地址形如 https://service.example.com",
                "This is not a server's address. One looks like https://service.example.com",
            ),
            Self::PlainHttp(_) => (
                "该地址没有加密，姓名和令牌会以明文传送。请使用 https:// 开头的地址",
                "This address is not encrypted: names and tokens would travel in the clear. Use one that begins with \
                 https://",
            ),
            Self::Tls(_) => ("无法建立安全连接", "A secure connection cannot be set up"),
            Self::NoCertificate => (
                "给出的证书文件里没有证书",
                "There is no certificate in the file that was given",
            ),
            Self::BadCertificate(_) => (
                "给出的证书文件无法读取",
                "The certificate in the file that was given cannot be read",
            ),
            Self::Offline(silence) => silence.sentence(),
            Self::Untrusted(distrust) => distrust.sentence(),
            Self::NotOurServer => (
                "应答的不是总部服务器。当前网络如需登录，请先登录；否则请核对地址",
                "Something other than HQ's server answered. If this network wants you to sign in, do so; otherwise \
                 check the address",
            ),
            Self::Unauthorized => (
                "总部不再接受此手机，请重新绑定",
                "HQ no longer accepts this phone; enrol it again",
            ),
            Self::PhoneUnknown => (
                "该地址的服务器不认识此手机，可能属于另一家公司。地址没有改动，本机内容都在。请向总部核对地址",
                "The server there does not know this phone; it may be another company's. The old address is kept, and \
                 so is all work here; check the new address with HQ",
            ),
            Self::Server { .. } => ("总部服务器报告问题", "HQ's server reports a problem"),
            Self::TimeUp => (
                "时间已到，其余内容稍后同步",
                "Time was up; the rest follows later",
            ),
            #[cfg(any(test, feature = "testing"))]
            Self::Killed(_) => ("已中止", "Killed"),
        }
    }
}

fn both(reason: Reason) -> Both {
    (reason.words(Lang::Zh), reason.words(Lang::En))
}

impl Silence {
    fn sentence(&self) -> Both {
        match self {
            Self::HostUnknown => (
                "找不到总部服务器的地址。请检查网络，并核对地址的拼写",
                "The name of HQ's server cannot be found; check the network and the spelling of the address",
            ),
            Self::Refused => (
                "总部服务器所在的机器有应答，但服务没有运行。请核对地址和端口，或稍后再试",
                "The machine answers, but no server is running there; check address and port, or try again later",
            ),
            Self::TimedOut => (
                "总部服务器没有及时应答。请检查网络，或稍后再试",
                "HQ's server did not answer in time; check the network or try again later",
            ),
            Self::ServerDown(_) => (
                "总部服务器暂时没有运行，请稍后再试",
                "HQ's server is not running at the moment; try again later",
            ),
            Self::Broken(_) => (
                "无法连接总部，请检查网络",
                "HQ cannot be reached; check the network",
            ),
        }
    }
}

impl Distrust {
    fn sentence(&self) -> Both {
        match self {
            Self::Issuer => (
                "服务器的证书不受信任：签发者未知。如果公司使用自己的证书，请在绑定时给出；否则可能有人冒充总部，请不要继续",
                "The server's certificate is not trusted: its issuer is unknown. If the company has a certificate of \
                 its own, give it when enrolling; otherwise somebody may be posing as HQ, so do not go on",
            ),
            // With names, they stand in the sentence.
            Self::Name { .. } => (
                "服务器的证书没有写明适用的地址（缺少 subjectAltName），请总部重新签发",
                "The server's certificate names no address (it has no subjectAltName), so it counts for none; ask HQ \
                 for another",
            ),
            Self::Expired => (
                "服务器的证书已过期，或本机时间有误。请检查日期和时间；如果无误，请告知总部更换证书",
                "The server's certificate has expired, or the clock here is wrong. Check date and time; if they are \
                 right, ask HQ to renew it",
            ),
            Self::NotYetValid => (
                "服务器的证书尚未生效，或本机时间有误。请检查日期和时间",
                "The server's certificate is not valid yet, or the clock here is wrong; check date and time",
            ),
            Self::Certificate(_) => (
                "服务器的证书不可用，请告知总部",
                "The server's certificate will not do; tell HQ",
            ),
            Self::PlainHttp => (
                "该端口没有加密，地址却以 https:// 开头。请核对地址和端口",
                "The address begins with https://, but what answers there is not encrypted; check address and port",
            ),
            Self::NotHttp => (
                "该端口可能需要加密，地址却以 http:// 开头。请改用 https:// 再试",
                "The address begins with http://, but what answers there speaks otherwise; try https://",
            ),
            Self::Handshake(_) => (
                "无法与服务器建立安全连接，请告知总部",
                "No secure connection with the server could be set up; tell HQ",
            ),
        }
    }
}

/// Words for what our server says, by its stable codes.
fn server(lang: Lang, code: &str, retry_after_s: Option<u64>) -> String {
    let known = match code {
        "code_unknown" => (
            "绑定码无效、已使用或已过期。请核对，或向总部要一个新的",
            "The enrolment code is wrong, used or expired. Check it, or ask HQ for another",
        ),
        "code_of_another" => (
            "此手机已绑定给另一位工程师，绑定码没有被使用",
            "This phone is enrolled for another engineer; the code was not used",
        ),
        "other_company" => (
            "总部服务器已重新建立，或属于另一家公司，不认识此手机。绑定码没有被使用，本机内容都在，没有改动",
            "HQ's server was set up anew, or is another company's, and does not know this phone. The code was not used, and \
             everything here is kept as it was",
        ),
        "code_tries" => return wait(lang, retry_after_s),
        "device_revoked" => ("总部已停用此手机", "HQ has revoked this phone"),
        "wire_version" => (
            "此应用的版本与总部服务器不符，请更新应用",
            "This app does not fit HQ's server; please update it",
        ),
        "too_many" | "busy" => (
            "总部服务器繁忙，请稍后再试",
            "HQ's server is busy; try again in a moment",
        ),
        "disk_full" => (
            "总部服务器存储空间已满，请告知总部；内容保留在此手机上",
            "HQ's server has no room left on its disk; tell HQ. Everything is kept on this phone",
        ),
        "not_found" | "method_not_allowed" => (
            "服务器上没有这个地址，请核对地址",
            "The server knows no such address; check the address",
        ),
        "internal" => (
            "总部服务器出错，请稍后再试，或告知总部",
            "Something went wrong at HQ's server; try again later or tell HQ",
        ),
        _ => {
            return match lang {
                Lang::Zh => format!("总部服务器报告问题（{code}）"),
                Lang::En => format!("HQ's server reports a problem ({code})"),
            };
        }
    };
    pick(lang, known).to_owned()
}

fn wait(lang: Lang, seconds: Option<u64>) -> String {
    let seconds = seconds.unwrap_or(60).max(1);
    match lang {
        Lang::Zh => format!("绑定码试错次数过多，请 {seconds} 秒后再试"),
        Lang::En => format!("Too many wrong enrolment codes were tried; try again in {seconds} s"),
    }
}

fn bundle(error: BundleError) -> Both {
    match error {
        BundleError::NotABundle => (
            "这不是同事手机交接的数据，未导入",
            "This is not something a colleague's phone handed over; nothing was taken",
        ),
        BundleError::Newer => (
            "交接数据由更新版本的应用生成，请升级此手机上的应用",
            "A newer version of the app made this; please update the app on this phone",
        ),
        BundleError::Older => (
            "交接数据由过旧版本的应用生成，请让同事升级应用后重新交接",
            "The app that made this is too old; ask your colleague to update it and hand it over again",
        ),
        BundleError::TooLarge => (
            "交接的数据过大。请先有网络的一方同步，再交接其余内容",
            "This is too much to hand over at once; whoever has a network should sync first",
        ),
        BundleError::Damaged => (
            "交接数据已损坏或不完整，未导入。请重新交接",
            "What was handed over is damaged or not whole; nothing was taken. Hand it over again",
        ),
        BundleError::OtherCompany => (
            "对方手机属于另一家公司，不能交接",
            "The other phone belongs to another company; nothing is handed over",
        ),
        BundleError::NotForMe => (
            "这份交接数据是给另一台手机的。请出示此手机的名片，让同事重新生成",
            "This was made for another phone. Show your colleague this phone's card and have it made again",
        ),
        BundleError::NoCard => (
            "无法识别对方手机的名片。请让同事在手机上重新出示",
            "This is not a phone's card; ask your colleague to show it again",
        ),
        BundleError::PeerUnproven => (
            "总部没有证明对方的手机，不能交接。双方各同步一次后再试",
            "HQ does not vouch for the other phone, so nothing is handed over. Sync both phones once and try again",
        ),
        BundleError::PeerExpired => (
            "对方的手机太久没有同步，总部的证明已过期。请先同步那台手机",
            "The other phone has not synced for so long that HQ's word for it has run out; sync that phone first",
        ),
        BundleError::PeerSelf => (
            "这是此手机自己的名片。请使用同事手机的名片",
            "This is this phone's own card; use your colleague's",
        ),
        BundleError::NoPapers => (
            "此手机还没有总部的证明，或证明已过期。请先同步一次",
            "This phone has no word from HQ yet, or it has run out; sync once",
        ),
        BundleError::Revoked => (
            "此手机已停用，不能与同事交接",
            "This phone was revoked; it hands nothing over and takes nothing",
        ),
        BundleError::Nothing => (
            "就此手机所知，没有需要交给这位同事的内容：共有的工单都已在总部，或没有共有的工单。同步一次可知最新情况",
            "As far as this phone knows there is nothing for this colleague: HQ has everything of the tickets you share, or you share none; a sync tells what is so now",
        ),
        BundleError::Full => (
            "此手机代同事保管的内容已满。请先同步",
            "This phone carries as much for others as it may; sync first",
        ),
    }
}

fn meeting(error: MeetingError) -> Both {
    match error {
        MeetingError::NoCode => (
            "连接码不对，请核对后重新输入",
            "This is not the code of a phone that waits; compare it and type it again",
        ),
        MeetingError::NoPlace => (
            "此手机无法在该地址和端口等待。请使用它在当前网络中的地址，并换一个空闲的端口",
            "This phone cannot wait at this address and port; use the address it has in this network, and a port that nothing else uses",
        ),
        MeetingError::Nobody => (
            "该连接码所指的手机没有应答。请确认两部手机在同一网络，并且对方仍在等待",
            "No phone answers where the code says; see that both are in one network and that the other one still waits",
        ),
        MeetingError::NotKnown => (
            "给出此连接码的手机没有应答，没有交接。请核对连接码后再试；仍不行时，请对方重新等待，并使用新的连接码",
            "The phone that gave this code did not answer; nothing was handed over. Compare the code and try again; if it \
             stays so, have the other one wait anew, and use the new code",
        ),
        MeetingError::NobodyCame => (
            "等待时间已到，没有与同事的手机完成交接。请重新等待",
            "Time is up, and no colleague's phone came and handed over; wait anew",
        ),
        MeetingError::Strangers => (
            "此网络中有太多没有连接码的设备来访，不再等待。请改用其他网络，或用文件、二维码交接",
            "Too many in this network knocked without the code, so this phone waits no longer; use another network, a \
             file or QR codes",
        ),
        MeetingError::Cut => (
            "连接在交接完成前中断，本机没有变化。请用同一连接码再试",
            "The line was cut before both had handed over, and nothing changed here; try again with the same code",
        ),
        MeetingError::Damaged => (
            "收到的内容不是对方手机所发，没有收下。请再试",
            "What came is not what the other phone sent, and was not taken; try again",
        ),
        MeetingError::Stopped => (
            "对方手机中止了交接，原因显示在对方手机上",
            "The other phone did not go on; it says why",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server_error(code: &str) -> EngineError {
        EngineError::Server {
            status: 403,
            code: code.into(),
            retry_after_s: Some(7),
        }
    }

    #[test]
    fn every_failure_on_the_way_to_hq_has_a_sentence_of_its_own_in_both_languages() {
        let name = |presented: &[&str]| Distrust::Name {
            presented: presented.iter().map(|name| (*name).to_owned()).collect(),
        };
        let silences = [
            Silence::HostUnknown,
            Silence::Refused,
            Silence::TimedOut,
            Silence::ServerDown(502),
            Silence::Broken(String::new()),
        ];
        let distrusts = [
            Distrust::Issuer,
            name(&[]),
            name(&["field.example.com"]),
            Distrust::Expired,
            Distrust::NotYetValid,
            Distrust::Certificate(String::new()),
            Distrust::PlainHttp,
            Distrust::NotHttp,
            Distrust::Handshake(String::new()),
        ];
        let codes = [
            "code_unknown",
            "code_of_another",
            "other_company",
            "code_tries",
            "device_revoked",
            "wire_version",
            "busy",
            "disk_full",
            "not_found",
            "internal",
            "something_new",
        ];
        let mut all: Vec<EngineError> = silences.into_iter().map(EngineError::from).collect();
        all.extend(distrusts.into_iter().map(EngineError::from));
        all.extend(codes.map(server_error));
        all.extend([
            EngineError::NotOurServer,
            EngineError::PhoneUnknown,
            EngineError::BadAddress(String::new()),
            EngineError::PlainHttp(String::new()),
            EngineError::NoCertificate,
            EngineError::BadCertificate(String::new()),
            EngineError::OtherCompany,
            EngineError::KeyLost,
            EngineError::BadValue(""),
        ]);
        let meetings = [
            MeetingError::NoCode,
            MeetingError::NoPlace,
            MeetingError::Nobody,
            MeetingError::NotKnown,
            MeetingError::NobodyCame,
            MeetingError::Strangers,
            MeetingError::Cut,
            MeetingError::Damaged,
            MeetingError::Stopped,
        ];
        all.extend(meetings.map(EngineError::from));
        for lang in [Lang::Zh, Lang::En] {
            let mut sentences: Vec<String> = all.iter().map(|error| error.words(lang)).collect();
            assert!(
                sentences
                    .iter()
                    .all(|text| !text.ends_with(['.', '。']) && text.len() > 15)
            );
            if lang == Lang::En {
                assert!(sentences.iter().all(|text| text.is_ascii()), "{sentences:?}");
            }
            // Nobody at HQ is called that, and others may help as well.
            for post in ["supervisor", "主管"] {
                assert!(sentences.iter().all(|text| !text.contains(post)), "{sentences:?}");
            }
            sentences.sort();
            sentences.dedup();
            assert_eq!(sentences.len(), all.len());
        }
        assert!(server_error("code_tries").words(Lang::En).contains("7 s"));
        assert!(
            server_error("something_new")
                .words(Lang::Zh)
                .contains("something_new")
        );
        assert!(
            EngineError::from(name(&["field.example.com"]))
                .words(Lang::Zh)
                .contains("field.example.com")
        );
    }
}
