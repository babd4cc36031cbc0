//! From what sockets and TLS say to what a person can do about it. Text for programs keeps the chain of causes, without
//! the address, which may hold a name.

use std::error::Error;
use std::io;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rustls::{CertificateError, InvalidMessage};

use crate::error::{Distrust, EngineError, Silence};

/// Asks the system for addresses, and marks its failures so that they are known again.
#[derive(Debug)]
pub(super) struct Names;

/// A name that could not be turned into an address.
#[derive(Debug, thiserror::Error)]
#[error("the name cannot be resolved: {0}")]
struct NameUnknown(io::Error);

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            let found: Vec<_> = found.map_err(NameUnknown)?.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Why a request brought no answer.
pub(super) fn told(error: reqwest::Error) -> EngineError {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        if let Some(known) = known(next) {
            return known;
        }
        text = format!("{text}: {next}");
        cause = next.source();
    }
    if error.is_timeout() {
        return Silence::TimedOut.into();
    }
    Silence::Broken(text).into()
}

fn known(cause: &(dyn Error + 'static)) -> Option<EngineError> {
    if cause.is::<NameUnknown>() {
        return Some(Silence::HostUnknown.into());
    }
    if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
        return Some(distrust(tls).into());
    }
    if cause
        .downcast_ref::<hyper::Error>()
        .is_some_and(hyper::Error::is_parse)
    {
        return Some(Distrust::NotHttp.into());
    }
    let broken = cause.downcast_ref::<io::Error>()?;
    // What an IO error was made of is not among its causes, and TLS wraps one in another.
    if let Some(known) = broken.get_ref().and_then(|inner| known(inner)) {
        return Some(known);
    }
    match broken.kind() {
        io::ErrorKind::ConnectionRefused => Some(Silence::Refused.into()),
        io::ErrorKind::TimedOut => Some(Silence::TimedOut.into()),
        _ => None,
    }
}

fn distrust(error: &rustls::Error) -> Distrust {
    use CertificateError as C;
    match error {
        rustls::Error::InvalidCertificate(why) => match why {
            // A signature that does not fit: an issuer of the same name, a renewed certificate, or a thief.
            C::UnknownIssuer | C::BadSignature => Distrust::Issuer,
            C::Expired | C::ExpiredContext { .. } => Distrust::Expired,
            C::NotValidYet | C::NotValidYetContext { .. } => Distrust::NotYetValid,
            C::NotValidForName => Distrust::Name {
                presented: Vec::new(),
            },
            C::NotValidForNameContext { presented, .. } => Distrust::Name {
                presented: presented.iter().map(|name| plain(name)).collect(),
            },
            // An authority's own certificate, shown by a server: issued by itself, like any other nobody knows.
            C::Other(other) if super::trust::is_authority(other) => Distrust::Issuer,
            other => Distrust::Certificate(other.to_string()),
        },
        rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => Distrust::PlainHttp,
        other => Distrust::Handshake(other.to_string()),
    }
}

/// `DnsName("field.example.com")` without its wrapping, and nothing that could move a cursor: a server chose it.
fn plain(name: &str) -> String {
    let inner = name
        .split_once("(\"")
        .and_then(|(_, rest)| rest.strip_suffix("\")"));
    let inner = inner.unwrap_or(name);
    inner.chars().filter(|c| !c.is_control()).take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_certificate_is_shown_without_its_wrapping() {
        assert_eq!(plain("DnsName(\"a.example\")"), "a.example");
        assert_eq!(plain("10.0.0.1\u{1b}[2J"), "10.0.0.1[2J");
    }
}
