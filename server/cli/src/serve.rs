//! `fieldline serve`: settings, lock, data, listener, router, and a stop that lets answers finish.

mod tls;

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::time::Duration;

use axum_server::Handle;
use fieldline_server::app::{App, Edge, Options};
use fieldline_server::http::{self, HttpOptions};
use fieldline_server::store::look::Look;
use fieldline_server::store::own_keys::KeysFit;
use fieldline_server::words::Lang;
use serde_json::json;

use crate::answer::{Answer, Say};
use crate::args::serve::{LogForm, ServeArgs};
use crate::config::Config;
use crate::data;
use crate::fault::Fault;
use crate::table::{WIDTH, hanging, pad};
use crate::words::{fault as w, fill, serve as s};

/// Answers under way may take so long after a stop was asked for.
const STOP_GRACE: Duration = Duration::from_secs(5);

/// Runs the server until it is told to stop.
///
/// # Errors
/// What keeps it from starting; once it listens it ends well.
pub(crate) fn run(args: &ServeArgs, say: Say) -> Result<Answer, Fault> {
    let config = Config::gather(args, &|name| std::env::var(name).ok())?;
    log(config.log);
    crate::runtime()?.block_on(serve(&config, say))
}

async fn serve(config: &Config, say: Say) -> Result<Answer, Fault> {
    data::make(&config.data)?;
    let _lock = data::lock(&config.data)?;
    let shown_data = config.data.display().to_string();
    data::check(&config.data, Look::Short)
        .map_err(|fault| fault.and(w::HINT_CHECK, &[("data", &shown_data)]))?;
    let listener = listen(config.listen)?;
    let address = listener
        .local_addr()
        .map_err(|error| listen_fault(config.listen, &error))?;
    let scheme = if config.tls.is_some() { "https" } else { "http" };
    let own = format!("{scheme}://{address}");
    let public = config.public_url.clone().unwrap_or_else(|| own.clone());
    let tls = config.tls.as_ref().map(tls::load).transpose()?;

    let options = Options {
        min_app: config.min_app,
        report_font: config.report_font.clone(),
        ..Options::default()
    };
    let app = App::open(&config.data, Edge::system(), options)?;
    // An address that stands for all interfaces leads nobody anywhere.
    let known = config.public_url.is_some() || !address.ip().is_unspecified();
    data::keep_address(&config.data, known.then_some(public.as_str()))?;
    let options = HttpOptions {
        tls: public.starts_with("https://"),
        public_url: config.public_url.clone(),
    };
    let router = http::router(app.clone(), options);
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let handle = Handle::new();
    stop_on_signal(handle.clone());
    say.answer(&started(say.lang, &app, config, &own, &public).await?);
    let failed = |error: std::io::Error| listen_fault(config.listen, &error);
    // Not `http1_only`: that serves connections without upgrades, and a phone's poke is one.
    match tls {
        Some(tls) => {
            let server = axum_server::from_tcp_rustls(listener, tls).map_err(failed)?;
            server.handle(handle).serve(service).await.map_err(failed)?;
        }
        None => {
            let server = axum_server::from_tcp(listener).map_err(failed)?;
            server.handle(handle).serve(service).await.map_err(failed)?;
        }
    }
    Ok(Answer::new(say.lang.t(s::STOPPED), json!({ "event": "stopped" })))
}

fn listen(address: SocketAddr) -> Result<TcpListener, Fault> {
    let listener = TcpListener::bind(address).map_err(|error| listen_fault(address, &error))?;
    listener
        .set_nonblocking(true)
        .map_err(|error| listen_fault(address, &error))?;
    Ok(listener)
}

fn listen_fault(address: SocketAddr, error: &std::io::Error) -> Fault {
    Fault::new(
        "listen_failed",
        w::LISTEN,
        &[("listen", &address.to_string()), ("why", &error.to_string())],
    )
}

fn stop_on_signal(handle: Handle<SocketAddr>) {
    tokio::spawn(async move {
        asked_to_stop().await;
        tracing::info!(
            "asked to stop; answers under way may take {} s",
            STOP_GRACE.as_secs()
        );
        handle.graceful_shutdown(Some(STOP_GRACE));
    });
}

#[cfg(unix)]
pub(crate) async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut term) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

#[cfg(not(unix))]
pub(crate) async fn asked_to_stop() {
    let _ = tokio::signal::ctrl_c().await;
}

/// The first thing said: where it listens, where the data is, what to do next.
async fn started(lang: Lang, app: &App, config: &Config, own: &str, public: &str) -> Result<Answer, Fault> {
    let company = &app.organisation().name;
    let data = shown(&config.data);
    let other_keys = app.keys_fit() == KeysFit::Other;
    let nobody = app.staff().await?.is_empty();
    let title = fill(
        lang,
        s::STARTED,
        &[("version", env!("CARGO_PKG_VERSION")), ("company", company)],
    );
    let next = fill(lang, if nobody { s::NEXT_INIT } else { s::NEXT_SIGN_IN }, &[]);
    let stop = fill(lang, s::STOP_HOW, &[]);
    let mut lines = vec![(s::ADDRESS, own)];
    if public != own {
        lines.push((s::PUBLIC, public));
    }
    lines.extend([(s::DATA, data.as_str()), (s::NEXT, &next), (s::STOP, &stop)]);
    let mut text = title;
    for (word, value) in lines {
        text.push_str(&format!("\n  {} {}", pad(lang.t(word), 14), value));
    }
    if other_keys {
        let keys = shown(&config.data.join(data::KEYS));
        let words = fill(lang, s::OTHER_KEYS, &[("path", &keys)]);
        text.push_str(&format!("\n{}", hanging("! ", &words, WIDTH).trim_end()));
    }
    let held = app.restored().await?.filter(|restored| restored.outbound_held);
    if let Some(restored) = held {
        let word = if restored.to.is_some() {
            s::RESTORED
        } else {
            s::MOVED
        };
        text.push_str(&format!("\n{}", hanging("! ", lang.t(word), WIDTH).trim_end()));
    }
    let json = json!({
        "event": "listening", "http": own, "public": public, "data": data, "company": company,
        "version": env!("CARGO_PKG_VERSION"), "users": !nobody, "other_keys": other_keys,
        "outbound_held": held.is_some(),
    });
    Ok(Answer::new(text, json))
}

/// A path as a person would name it from anywhere.
fn shown(path: &Path) -> String {
    path.canonicalize()
        .unwrap_or_else(|_| path.to_owned())
        .display()
        .to_string()
}

/// Sends log lines to standard error. `RUST_LOG` says how much.
fn log(form: LogForm) {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // A second subscriber in one process is a test's; the first one stays.
    let _ = match form {
        LogForm::Text => builder
            .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
            .try_init(),
        LogForm::Json => builder.json().flatten_event(true).try_init(),
    };
}
