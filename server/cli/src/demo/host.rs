//! The demo's server: on this machine's own address only, at the wished port or the next free one.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::time::Duration;

use axum_server::Handle;
use fieldline_server::app::App;
use fieldline_server::http::{HttpOptions, router};
use tokio::task::JoinHandle;

use super::meter::Meter;
use super::words as w;
use crate::fault::Fault;

/// Ports tried after the wished one.
const TRIES: u16 = 50;
/// Answers under way may take so long after a stop.
const STOP_GRACE: Duration = Duration::from_secs(2);

/// A bound port.
#[derive(Debug)]
pub(super) struct Port {
    listener: TcpListener,
    /// Its number.
    pub(super) number: u16,
}

impl Port {
    /// Takes the port, or the next free one; 0 takes any.
    pub(super) fn take(wished: u16) -> Result<Self, Fault> {
        let mut why = String::new();
        let last = if wished == 0 {
            0
        } else {
            wished.saturating_add(TRIES)
        };
        for port in wished..=last {
            match bind(port) {
                Ok(bound) => return Ok(bound),
                Err(error) => why = error.to_string(),
            }
        }
        Err(Fault::new(
            "listen_failed",
            w::NO_PORT,
            &[("port", &wished.to_string()), ("why", &why)],
        ))
    }

    /// The address for links and phones.
    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.number)
    }
}

fn bind(port: u16) -> std::io::Result<Port> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    let number = listener.local_addr()?.port();
    Ok(Port { listener, number })
}

/// A running server.
#[derive(Debug)]
pub(super) struct Host {
    handle: Handle<SocketAddr>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Host {
    /// Serves the company.
    pub(super) fn start(app: App, port: Port, meter: &Meter) -> Result<Self, Fault> {
        let router = meter.on(router(app, HttpOptions::default()));
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let handle = Handle::new();
        let wished = port.number.to_string();
        let server = axum_server::from_tcp(port.listener).map_err(|error| {
            Fault::new(
                "listen_failed",
                w::NO_PORT,
                &[("port", &wished), ("why", &error.to_string())],
            )
        })?;
        let task = tokio::spawn(server.handle(handle.clone()).serve(service));
        Ok(Self { handle, task })
    }

    /// Lets answers finish and stops.
    pub(super) async fn stop(self) {
        self.handle.graceful_shutdown(Some(STOP_GRACE));
        if let Ok(Err(error)) = self.task.await {
            tracing::warn!(%error, "the demo's server ended badly");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_port_moves_on_to_the_next() {
        let first = Port::take(0).unwrap();
        let second = Port::take(first.number).unwrap();
        assert!(second.number > first.number && second.number <= first.number + TRIES);
    }
}
