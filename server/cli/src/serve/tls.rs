//! Certificate and key for the listener: rustls with ring, HTTP/1.1 only.

use std::sync::Arc;

use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::config::Tls;
use crate::fault::Fault;
use crate::words::fault as w;

/// Reads certificate and key.
///
/// # Errors
/// `tls_file` with the file that will not do.
pub(crate) fn load(tls: &Tls) -> Result<RustlsConfig, Fault> {
    let bad = |path: &std::path::Path, why: String| {
        Fault::new(
            "tls_file",
            w::TLS_FILE,
            &[("path", &path.display().to_string()), ("why", &why)],
        )
    };
    let chain = CertificateDer::pem_file_iter(&tls.cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| bad(&tls.cert, error.to_string()))?;
    let key = PrivateKeyDer::from_pem_file(&tls.key).map_err(|error| bad(&tls.key, error.to_string()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|error| bad(&tls.cert, error.to_string()))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(RustlsConfig::from_config(Arc::new(config)))
}
