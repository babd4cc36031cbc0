//! Which servers are trusted: the public authorities, and a company's own certificates.
//!
//! A company may give an authority, or, without one, the very certificate its server shows. That one is taken only where
//! it is the same byte for byte, within its time, and for the name that was asked for; whoever shows it still has to
//! prove that he has its key.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, OtherError, RootCertStore, SignatureScheme};

use crate::error::EngineError;

/// The settings of TLS, with these certificates trusted beside the public authorities.
///
/// # Errors
/// [`EngineError::NoCertificate`] for a text without one, [`EngineError::BadCertificate`] for one that is damaged.
pub(super) fn tls(own_pem: Option<&[u8]>) -> Result<rustls::ClientConfig, EngineError> {
    let own = own_pem.map(certificates).transpose()?.unwrap_or_default();
    let mut roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    for certificate in &own {
        roots
            .add(certificate.clone())
            .map_err(|error| EngineError::BadCertificate(error.to_string()))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let authorities = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
        .build()
        .map_err(|error| EngineError::Tls(error.to_string()))?;
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| EngineError::Tls(error.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Trust { authorities, own }))
        .with_no_client_auth();
    Ok(config)
}

/// Every certificate of the text; anything else in it, such as a key, is passed over.
fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, EngineError> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let found = found.map_err(|error| EngineError::BadCertificate(error.to_string()))?;
    if found.is_empty() {
        return Err(EngineError::NoCertificate);
    }
    Ok(found)
}

#[derive(Debug)]
struct Trust {
    authorities: Arc<WebPkiServerVerifier>,
    own: Vec<CertificateDer<'static>>,
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        match self.authorities.verify_server_cert(shown, chain, name, ocsp, now) {
            // Its time was looked at before its issuer: a certificate out of date does not come here.
            Err(rustls::Error::InvalidCertificate(why))
                if self.own.contains(shown) && is_about_issuer(&why) =>
            {
                verify_server_name(&ParsedCertificate::try_from(shown)?, name)?;
                Ok(ServerCertVerified::assertion())
            }
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.authorities
            .verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.authorities
            .verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.authorities.supported_verify_schemes()
    }
}

/// The certificate was not issued by an authority: by itself, as the tools make it when asked for one line, or by
/// somebody unknown.
fn is_about_issuer(why: &CertificateError) -> bool {
    match why {
        CertificateError::UnknownIssuer => true,
        CertificateError::Other(other) => is_authority(other),
        _ => false,
    }
}

/// A server showed the certificate of an authority as its own.
pub(super) fn is_authority(other: &OtherError) -> bool {
    matches!(
        other.0.downcast_ref::<webpki::Error>(),
        Some(webpki::Error::CaUsedAsEndEntity)
    )
}
