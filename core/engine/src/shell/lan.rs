//! Two phones that meet in one network: the sockets around `meeting`.
//!
//! The one that waits listens at one address for some minutes. Whoever connects has seconds to show that he has the code and
//! hears nothing before; only one that has it is talked to further, alone. Every wait has an end and every size a limit.
//! A line that is cut leaves the phone waiting, so that the colleague may come again with the same code.

use std::net::{IpAddr, Ipv4Addr, SocketAddrV4, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use fieldline_model::meeting::MeetingCode;
use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

use crate::clock::with_moment;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::meeting::{Meeting, MeetingError, Met, Step};

/// How long a phone waits for a colleague's.
pub const WAIT: Duration = Duration::from_secs(10 * 60);
/// How long reaching the other phone may take.
const CONNECT_MAX: Duration = Duration::from_secs(10);
/// How long whoever connects has for showing that he has the code: two short messages in a network of two.
const KNOCK_MAX: Duration = Duration::from_secs(5);
/// How long one word may take: a bundle of 1 MiB over a bad network, and the work that is done before it is sent.
const WORD_MAX: Duration = Duration::from_secs(60);
/// Most who may be at the door at once; others wait in the system's queue. Each costs a socket and some hundred bytes.
const KNOCKS_MAX: usize = 8;
/// Most who may come without the code in one wait. More is no mistake of anybody's.
const STRANGERS_MAX: usize = 256;

/// An address that nobody has (RFC 5737): asked for the way there, the system names the phone's own. Nothing is sent.
const FAR_AWAY: (Ipv4Addr, u16) = (Ipv4Addr::new(192, 0, 2, 1), 9);

/// This phone's address in the network it is in; `None` where it has none that leads anywhere.
#[must_use]
pub fn own_address() -> Option<Ipv4Addr> {
    let asked = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).and_then(|socket| {
        socket.connect(FAR_AWAY)?;
        socket.local_addr()
    });
    match asked.map(|address| address.ip()) {
        Ok(IpAddr::V4(ip)) if !ip.is_unspecified() && !ip.is_loopback() => Some(ip),
        _ => None,
    }
}

/// The limits of a wait; tests have shorter ones.
#[derive(Debug, Clone, Copy)]
struct Limits {
    wait: Duration,
    knock: Duration,
    word: Duration,
    strangers: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            wait: WAIT,
            knock: KNOCK_MAX,
            word: WORD_MAX,
            strangers: STRANGERS_MAX,
        }
    }
}

/// A phone that waits for a colleague's.
#[derive(Debug)]
pub struct Waiting {
    engine: Arc<Engine>,
    listener: TcpListener,
    code: MeetingCode,
    limits: Limits,
}

impl Waiting {
    /// Listens at this address of this phone; port 0 is any that is free. Nobody is let in before [`Waiting::meet`].
    ///
    /// # Errors
    /// [`MeetingError::NoPlace`]; as [`Engine::card`].
    pub async fn open(engine: Arc<Engine>, ip: Ipv4Addr, port: u16) -> Result<Self, EngineError> {
        // Who could not say who he is need not wait.
        let asked = Arc::clone(&engine);
        blocking(move || with_moment(|moment| asked.card(moment))).await?;
        // Of an address that is none of one phone no code can be made.
        if ip.is_unspecified() || ip.is_multicast() || ip.is_broadcast() {
            return Err(MeetingError::NoPlace.into());
        }
        let listener = TcpListener::bind((ip, port))
            .await
            .map_err(|_| MeetingError::NoPlace)?;
        let port = listener.local_addr().map_err(|_| MeetingError::NoPlace)?.port();
        let code = MeetingCode {
            address: SocketAddrV4::new(ip, port),
            secret: with_moment(|moment| moment.bytes()),
        };
        Ok(Self {
            engine,
            listener,
            code,
            limits: Limits::default(),
        })
    }

    /// What the colleague types in.
    #[must_use]
    pub fn code(&self) -> &MeetingCode {
        &self.code
    }

    /// Waits for the colleague's phone and meets it. After a line that was cut or garbled it goes on waiting.
    ///
    /// # Errors
    /// [`MeetingError::NobodyCame`], [`MeetingError::Strangers`]; [`MeetingError::Stopped`] by the other phone; as
    /// [`Engine::export_bundle`] for a phone that nothing is handed to. Nothing was taken then.
    pub async fn meet(&self) -> Result<Met, EngineError> {
        let end = sleep(self.limits.wait);
        tokio::pin!(end);
        let mut strangers = 0;
        loop {
            let talk = tokio::select! {
                biased;
                () = &mut end => return Err(MeetingError::NobodyCame.into()),
                talk = self.somebody(&mut strangers) => talk?,
            };
            // Begun is ended, by its own limits.
            match talk.go_on().await {
                Err(EngineError::Meeting(error @ (MeetingError::Cut | MeetingError::Damaged))) => {
                    tracing::info!(
                        code = error.code(),
                        "the line to the other phone broke; still waiting"
                    );
                }
                ended => return ended,
            }
        }
    }

    /// The next one at the door who has the code. All others that stand there then are sent away: one at a time.
    async fn somebody(&self, strangers: &mut usize) -> Result<Talk, EngineError> {
        let mut knocks = FuturesUnordered::new();
        loop {
            tokio::select! {
                came = self.listener.accept(), if knocks.len() < KNOCKS_MAX => match came {
                    Ok((socket, _)) => knocks.push(self.knock(socket)),
                    // He was gone again, or no socket is left for him just now.
                    Err(error) => {
                        tracing::debug!(kind = ?error.kind(), "nobody after all");
                        *strangers += 1;
                    }
                },
                Some(knocked) = knocks.next() => match knocked {
                    // Also one whose line broke before this phone's first word was out: he may come again.
                    Err(EngineError::Meeting(
                        MeetingError::NotKnown | MeetingError::Cut | MeetingError::Damaged,
                    )) => *strangers += 1,
                    known => return known,
                },
            }
            if *strangers > self.limits.strangers {
                return Err(MeetingError::Strangers.into());
            }
        }
    }

    /// Lets him show that he has the code.
    async fn knock(&self, socket: TcpStream) -> Result<Talk, EngineError> {
        let mut talk = Talk {
            engine: Arc::clone(&self.engine),
            socket,
            meeting: Meeting::waits(self.code.secret),
            word_max: self.limits.word,
        };
        let shown = async {
            while !talk.meeting.is_known() {
                if let Some(met) = talk.next().await? {
                    return Ok(Some(met));
                }
            }
            Ok(None)
        };
        match timeout(self.limits.knock, shown).await {
            Ok(Ok(_)) => Ok(talk),
            Ok(Err(error)) => Err(error),
            Err(_) => Err(MeetingError::NotKnown.into()),
        }
    }
}

/// Meets the phone that waits where this code says.
///
/// # Errors
/// [`MeetingError::Nobody`], [`MeetingError::NotKnown`], [`MeetingError::Cut`], [`MeetingError::Stopped`],
/// [`MeetingError::Damaged`]; as [`Engine::card`], and as [`Engine::export_bundle`] for a phone that nothing is handed to.
/// Nothing was taken then.
pub async fn join(engine: Arc<Engine>, code: &MeetingCode) -> Result<Met, EngineError> {
    join_within(engine, code, WORD_MAX).await
}

async fn join_within(
    engine: Arc<Engine>,
    code: &MeetingCode,
    word_max: Duration,
) -> Result<Met, EngineError> {
    let asked = Arc::clone(&engine);
    blocking(move || with_moment(|moment| asked.card(moment))).await?;
    let connected = timeout(CONNECT_MAX, TcpStream::connect(code.address)).await;
    let Ok(Ok(socket)) = connected else {
        return Err(MeetingError::Nobody.into());
    };
    let (meeting, hello) = with_moment(|moment| Meeting::joins(code.secret, moment));
    let mut talk = Talk {
        engine,
        socket,
        meeting,
        word_max,
    };
    if timeout(word_max, talk.send(&hello)).await.is_err() {
        return talk.meeting.cut();
    }
    talk.go_on().await
}

/// One line, and where the meeting on it stands.
struct Talk {
    engine: Arc<Engine>,
    socket: TcpStream,
    meeting: Meeting,
    word_max: Duration,
}

impl Talk {
    async fn go_on(mut self) -> Result<Met, EngineError> {
        loop {
            if let Some(met) = self.next().await? {
                // The other one may close first; what was sent is on its way.
                let _ = self.socket.shutdown().await;
                return Ok(met);
            }
        }
    }

    /// Takes the next word and answers it.
    async fn next(&mut self) -> Result<Option<Met>, EngineError> {
        let said = match timeout(self.word_max, self.receive()).await {
            Ok(Ok(said)) => said,
            Ok(Err(Trouble::TooLarge)) => {
                let error = self.meeting.too_large();
                self.stop(&error).await;
                return Err(error);
            }
            Ok(Err(Trouble::Cut)) | Err(_) => return self.meeting.cut().map(Some),
        };
        let step = match self.take(said).await {
            Ok(step) => step,
            Err(error) => {
                self.stop(&error).await;
                return Err(error);
            }
        };
        let Some(bytes) = step.send else {
            return Ok(step.met);
        };
        let sent = timeout(self.word_max, self.send(&bytes)).await;
        match (step.met, sent) {
            // Nothing depends on the last word.
            (Some(met), _) => Ok(Some(met)),
            (None, Ok(Ok(()))) => Ok(None),
            (None, _) => self.meeting.cut().map(Some),
        }
    }

    /// The engine's work, which is never cut off in the middle.
    async fn take(&mut self, said: Vec<u8>) -> Result<Step, EngineError> {
        let engine = Arc::clone(&self.engine);
        let mut meeting = std::mem::replace(&mut self.meeting, Meeting::over());
        let (meeting, step) = blocking(move || {
            let step = with_moment(|moment| engine.meeting_take(&mut meeting, said, moment));
            Ok((meeting, step))
        })
        .await?;
        self.meeting = meeting;
        step
    }

    /// Tells the other one that this phone does not go on; it may have gone itself. A stranger is told nothing.
    async fn stop(&mut self, why: &EngineError) {
        if matches!(why, EngineError::Meeting(MeetingError::NotKnown)) {
            return;
        }
        if let Some(word) = self.meeting.stop() {
            let _ = timeout(self.word_max, self.send(&word)).await;
        }
    }

    async fn receive(&mut self) -> Result<Vec<u8>, Trouble> {
        let length = self.socket.read_u32().await? as usize;
        if length > self.meeting.expects() {
            return Err(Trouble::TooLarge);
        }
        let mut said = vec![0; length];
        self.socket.read_exact(&mut said).await?;
        Ok(said)
    }

    async fn send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        let length = u32::try_from(bytes.len()).map_err(std::io::Error::other)?;
        self.socket
            .write_all(&[&length.to_be_bytes()[..], bytes].concat())
            .await
    }
}

/// Why nothing was received.
enum Trouble {
    Cut,
    TooLarge,
}

impl From<std::io::Error> for Trouble {
    fn from(_: std::io::Error) -> Self {
        Self::Cut
    }
}

/// Runs the engine's work where blocking is allowed.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
) -> Result<T, EngineError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| EngineError::File(std::io::Error::other(error)))?
}

#[cfg(test)]
mod tests;
