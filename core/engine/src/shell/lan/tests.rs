//! Two phones on real sockets: cut anywhere, knocked at by strangers, met by the wrong one.

use fieldline_model::id::{OperationId, TicketId};
use fieldline_model::wire::MEETING_BUNDLE_BYTES_MAX;
use tokio::task::JoinHandle;

use super::*;
use crate::Told;
use crate::bundle::BundleError;
use crate::tests::phone::Phone;
use crate::tests::roads::note;
use crate::tests::server::Server;

/// A limit that a test waits for, long enough for who is not to meet it on a slow machine.
const SOON: Duration = Duration::from_secs(3);
const HOME: Ipv4Addr = Ipv4Addr::LOCALHOST;
/// Words that both phones say in a meeting, hello and nonce among them.
const WORDS: usize = 8;

/// A phone with work that HQ has not got, on the real clock, because the shell reads it.
struct Person {
    engine: Arc<Engine>,
    phone: Phone,
    done: Option<OperationId>,
}

fn person(device: u8, change: impl FnOnce(&mut Server)) -> Person {
    let (mut phone, ticket) = idle(device, change);
    let done = Some(phone.perform(ticket, note("机房里没有信号")));
    Person::new(phone, done)
}

/// A phone without work.
fn idle(device: u8, change: impl FnOnce(&mut Server)) -> (Phone, TicketId) {
    let now = crate::clock::device_time().wall.ms();
    let mut server = Server::new();
    server.device = [device; 16];
    // One record, whoever asks it when.
    server.now = now - now % 86_400_000;
    change(&mut server);
    let mut phone = Phone::seeded(u64::from(device));
    phone.clock = now;
    phone.enrol(&mut server);
    let (ticket, _) = server.ticket(1);
    phone.sync(&mut server);
    (phone, ticket)
}

fn two() -> [Person; 2] {
    [6, 16].map(|device| person(device, |_| {}))
}

impl Person {
    fn new(mut phone: Phone, done: Option<OperationId>) -> Self {
        let engine = Arc::new(phone.engine.take().unwrap());
        Self { engine, phone, done }
    }

    fn engine(&self) -> Arc<Engine> {
        Arc::clone(&self.engine)
    }

    /// Changes carried for others, and own work that waits for HQ.
    fn stand(&self) -> (i64, u64) {
        let carried = "SELECT count(*) FROM carried";
        let carried = self.phone.raw().query_row(carried, [], |row| row.get(0)).unwrap();
        (carried, self.engine.status().unwrap().saved_here)
    }

    async fn waits(&self) -> Waiting {
        let mut waiting = Waiting::open(self.engine(), HOME, 0).await.unwrap();
        // A test that would go on for minutes has failed.
        waiting.limits.wait = Duration::from_secs(60);
        waiting
    }

    async fn joins(&self, code: &MeetingCode) -> Result<Met, EngineError> {
        join(self.engine(), code).await
    }
}

fn failed(result: Result<Met, EngineError>) -> String {
    result.expect_err("it came to nothing").code().to_owned()
}

fn meets(waiting: Waiting) -> (MeetingCode, JoinHandle<Result<Met, EngineError>>) {
    let code = *waiting.code();
    (code, tokio::spawn(async move { waiting.meet().await }))
}

async fn whole(meeting: JoinHandle<Result<Met, EngineError>>) -> Met {
    meeting.await.unwrap().unwrap()
}

fn took(met: &Met) -> (u64, u64) {
    match met.told {
        Told::Took(counts) => (counts.carried, counts.known),
        Told::Nothing | Told::NotTaken => panic!("{met:?}"),
    }
}

#[tokio::test]
async fn each_takes_what_the_other_has_and_keeps_its_own() {
    let [waits, joins] = two();
    let (code, meeting) = meets(waits.waits().await);
    let code = MeetingCode::read(&code.to_text()).unwrap();
    let joined = joins.joins(&code).await.unwrap();
    let waited = whole(meeting).await;
    for met in [&joined, &waited] {
        assert_eq!((met.handed, took(met)), (Ok(1), (1, 0)), "{met:?}");
        assert_eq!(met.taken.as_ref().unwrap().as_ref().unwrap().carried, 1);
    }
    assert_eq!(
        (waits.stand(), joins.stand()),
        ((1, 1), (1, 1)),
        "a carrier's word frees nobody"
    );
    for (person, other) in [(&waits, &joins), (&joins, &waits)] {
        let held: String = person
            .phone
            .raw()
            .query_row("SELECT operation FROM carried_entry", [], |row| row.get(0))
            .unwrap();
        assert_eq!(held, other.done.unwrap().to_string(), "the other one's");
    }

    // Once more: what is known is not taken twice.
    let (code, meeting) = meets(waits.waits().await);
    let joined = joins.joins(&code).await.unwrap();
    assert_eq!((took(&joined), took(&whole(meeting).await)), ((0, 1), (0, 1)));
    assert_eq!((waits.stand(), joins.stand()), ((1, 1), (1, 1)));
}

/// Passes words between the two on, and cuts the line in the middle of the one after `words`; says when it has.
async fn cutting(to: MeetingCode, words: usize) -> (MeetingCode, JoinHandle<()>) {
    let listener = TcpListener::bind((HOME, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let cut = tokio::spawn(async move {
        let (mut joins, _) = listener.accept().await.unwrap();
        let mut waits = TcpStream::connect(to.address).await.unwrap();
        // They speak in turn, and who joins begins.
        for turn in 0..=words {
            let (from, to) = match turn % 2 {
                0 => (&mut joins, &mut waits),
                _ => (&mut waits, &mut joins),
            };
            let length = from.read_u32().await.unwrap();
            let mut said = length.to_be_bytes().to_vec();
            said.resize(4 + length as usize, 0);
            from.read_exact(&mut said[4..]).await.unwrap();
            let part = if turn == words { said.len() / 2 } else { said.len() };
            to.write_all(&said[..part]).await.unwrap();
        }
    });
    let code = MeetingCode {
        address: SocketAddrV4::new(HOME, port),
        ..to
    };
    (code, cut)
}

/// Nobody has shown who joins that he has the code before his card opens. Whoever joins takes first, when both bundles are across: cut in any word before his answer, neither has taken
/// anything; cut in the last two, he has. The same code brings it to its end.
#[tokio::test]
async fn a_line_cut_in_any_word_loses_nothing_and_the_same_code_brings_it_to_its_end() {
    for words in 0..WORDS {
        let [waits, joins] = two();
        let (code, meeting) = meets(waits.waits().await);
        let (cut_code, cut) = cutting(code, words).await;
        let first = joins.joins(&cut_code).await;
        cut.await.unwrap();
        match words {
            0..=3 => assert_eq!(first.unwrap_err().code(), "meeting_not_known", "{words}"),
            4 | 5 => assert_eq!(first.unwrap_err().code(), "meeting_cut", "{words}"),
            _ => assert_eq!(first.unwrap().told, Told::Nothing, "{words}"),
        }
        let has_taken = i64::from(words >= 6);
        assert_eq!(joins.stand(), (has_taken, 1), "{words}");
        if words == WORDS - 1 {
            // Who waited had said all there was to say.
            assert_eq!(took(&whole(meeting).await), (1, 0));
        } else {
            assert_eq!(waits.stand(), (0, 1), "{words}");
            let again = joins.joins(&code).await.unwrap();
            assert_eq!(took(&again).0, 1, "{words}");
            whole(meeting).await;
        }
        assert_eq!((waits.stand(), joins.stand()), ((1, 1), (1, 1)), "{words}");
    }
}

/// All that comes back on this line until it ends.
async fn heard(mut socket: TcpStream) -> Vec<u8> {
    let mut heard = Vec::new();
    // A line that is thrown away with something unread on it is an error, and says nothing either.
    let _ = socket.read_to_end(&mut heard).await;
    heard
}

#[tokio::test]
async fn a_stranger_hears_nothing_and_keeps_nobody_from_coming() {
    let [waits, joins] = two();
    let mut waiting = waits.waits().await;
    waiting.limits.knock = SOON;
    let (code, meeting) = meets(waiting);
    let mut long = u32::MAX.to_be_bytes().to_vec();
    long.resize(200, 1);
    let hello = [&48_u32.to_be_bytes()[..], &[7; 48]].concat();
    for said in [&b""[..], b"GET / HTTP/1.1\r\n\r\n", b"\0\0\0\x01x", &long, &hello] {
        let mut socket = TcpStream::connect(code.address).await.unwrap();
        socket.write_all(said).await.unwrap();
        assert_eq!(heard(socket).await, b"", "{said:?}");
    }
    let wrong = MeetingCode {
        secret: [9; 8],
        ..code
    };
    assert_eq!(failed(joins.joins(&wrong).await), "meeting_not_known");
    assert_eq!((waits.stand(), joins.stand()), ((0, 1), (0, 1)));
    assert_eq!(took(&joins.joins(&code).await.unwrap()), (1, 0));
    whole(meeting).await;
}

/// What was heard on the line and is said again brings nothing but a number drawn by lot.
#[tokio::test]
async fn a_hello_said_again_by_somebody_else_lets_nobody_in() {
    let [waits, joins] = two();
    let (code, meeting) = meets(waits.waits().await);
    let (mut machine, hello) = with_moment(|moment| Meeting::joins(code.secret, moment));
    let say = |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat();
    let mut first = TcpStream::connect(code.address).await.unwrap();
    first.write_all(&say(&hello)).await.unwrap();
    let mut nonce = [0; 20];
    first.read_exact(&mut nonce).await.unwrap();
    let step = with_moment(|moment| {
        joins
            .engine
            .meeting_take(&mut machine, nonce[4..].to_vec(), moment)
    });
    let card = step.unwrap().send.unwrap();
    drop(first);
    let mut again = TcpStream::connect(code.address).await.unwrap();
    again
        .write_all(&[say(&hello), say(&card)].concat())
        .await
        .unwrap();
    let heard = heard(again).await;
    assert_eq!(heard.len(), 20, "a nonce, and another one");
    assert_ne!(heard, nonce);
    assert_eq!(took(&joins.joins(&code).await.unwrap()), (1, 0));
    whole(meeting).await;
}

#[tokio::test]
async fn nobody_waits_for_ever_among_strangers_or_alone() {
    let [waits, joins] = two();
    let mut waiting = waits.waits().await;
    waiting.limits.strangers = 3;
    let (code, meeting) = meets(waiting);
    for _ in 0..4 {
        let mut socket = TcpStream::connect(code.address).await.unwrap();
        socket.write_all(b"\0\0\0\x01x").await.unwrap();
    }
    assert_eq!(failed(meeting.await.unwrap()), "meeting_strangers");
    assert_eq!(failed(joins.joins(&code).await), "meeting_nobody");
    let mut waiting = waits.waits().await;
    waiting.limits.wait = Duration::from_millis(50);
    assert_eq!(failed(waiting.meet().await), "meeting_nobody_came");
    let nowhere = Waiting::open(waits.engine(), Ipv4Addr::UNSPECIFIED, 0).await;
    assert_eq!(nowhere.unwrap_err().code(), "meeting_no_place");
}

/// It has the code, and HQ's word for it is not of this company's HQ, or it is this very phone, put back from a copy.
#[tokio::test]
async fn the_wrong_phone_with_the_right_code_is_handed_nothing() {
    for (wrong, why) in [
        (person(16, |server| server.hq = [1; 32]), "peer_unproven"),
        (person(6, |_| {}), "peer_self"),
    ] {
        let waits = person(6, |_| {});
        let (code, meeting) = meets(waits.waits().await);
        assert_eq!(failed(wrong.joins(&code).await), "meeting_stopped");
        assert_eq!(failed(meeting.await.unwrap()), why);
        assert_eq!((waits.stand(), wrong.stand()), ((0, 1), (0, 1)));
    }
}

/// It is not read, however long the other one would go on.
#[tokio::test]
async fn a_bundle_larger_than_any_is_not_read() {
    let [waits, joins] = two();
    let (code, meeting) = meets(waits.waits().await);
    let mut talk = at_the_bundle(&joins, &code).await;
    let length = u32::try_from(MEETING_BUNDLE_BYTES_MAX + 17).unwrap();
    talk.socket.write_all(&length.to_be_bytes()).await.unwrap();
    assert_eq!(failed(meeting.await.unwrap()), "bundle_too_large");
    assert_eq!(failed(talk.go_on().await), "meeting_stopped");
    assert_eq!(waits.stand(), (0, 1));
}

/// A phone that has the code and has shown it, and that hands over next; what it would hand over is not sent.
async fn at_the_bundle(person: &Person, code: &MeetingCode) -> Talk {
    let (meeting, hello) = with_moment(|moment| Meeting::joins(code.secret, moment));
    let mut talk = Talk {
        engine: person.engine(),
        socket: TcpStream::connect(code.address).await.unwrap(),
        meeting,
        word_max: WORD_MAX,
    };
    talk.send(&hello).await.unwrap();
    talk.next().await.unwrap();
    let Ok(said) = talk.receive().await else {
        panic!("the card comes");
    };
    talk.take(said).await.unwrap();
    assert!(talk.meeting.is_known());
    talk
}

#[tokio::test]
async fn one_phone_is_met_at_a_time_and_one_that_falls_silent_is_left() {
    let [waits, joins] = two();
    let mut waiting = waits.waits().await;
    waiting.limits.word = SOON;
    let (code, meeting) = meets(waiting);
    let other = TcpStream::connect(code.address).await.unwrap();
    let silent = at_the_bundle(&joins, &code).await;
    // Who stood at the door is sent away as soon as somebody is let in.
    assert_eq!(heard(other).await, b"");
    assert_eq!(took(&joins.joins(&code).await.unwrap()), (1, 0));
    whole(meeting).await;
    drop(silent);
}

#[tokio::test]
async fn who_has_nothing_to_hand_over_takes_all_the_same() {
    for idle_waits in [true, false] {
        let other = Person::new(idle(6, |_| {}).0, None);
        let has = person(16, |_| {});
        let (waits, joins) = if idle_waits {
            (&other, &has)
        } else {
            (&has, &other)
        };
        let (code, meeting) = meets(waits.waits().await);
        let joined = joins.joins(&code).await.unwrap();
        let waited = whole(meeting).await;
        let (idle, busy) = if idle_waits {
            (waited, joined)
        } else {
            (joined, waited)
        };
        assert_eq!(
            (idle.handed, idle.told),
            (Err(BundleError::Nothing), Told::Nothing)
        );
        assert_eq!(idle.taken.unwrap().unwrap().carried, 1);
        assert!(busy.taken.is_none());
        assert_eq!(took(&busy), (1, 0));
    }
}
