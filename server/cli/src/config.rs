//! The server's settings: one typed struct, read once from flags, variables and file, checked before anything starts.
//!
//! Flags win over FIELDLINE_* variables, those over the file. `fieldline.example.toml` names every setting and a test
//! parses it. No setting is a secret: keys are named by their files, and what the files hold is never printed.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use fieldline_model::wire::AppVersion;
use serde::Deserialize;

use crate::args::serve::{LogForm, ServeArgs};
use crate::fault::Fault;
use crate::words::fault as w;

/// Where the data is when nobody says.
pub(crate) const DATA_DEFAULT: &str = "fieldline-data";
/// Where the server listens when nobody says.
const LISTEN_DEFAULT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8080);

/// The settings file.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    data: Option<PathBuf>,
    listen: Option<SocketAddr>,
    insecure: Option<bool>,
    public_url: Option<String>,
    log: Option<LogForm>,
    min_app: Option<String>,
    tls: Option<Tls>,
    report: Option<Report>,
}

/// What completion reports are drawn with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Report {
    /// A TrueType or OpenType font, or a collection, that has Chinese.
    font: PathBuf,
}

/// Certificate and key, as files.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tls {
    /// Certificate chain, PEM.
    pub(crate) cert: PathBuf,
    /// Private key, PEM.
    pub(crate) key: PathBuf,
}

/// How the server runs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Config {
    /// Directory of the data.
    pub(crate) data: PathBuf,
    /// Address to listen at.
    pub(crate) listen: SocketAddr,
    /// TLS, when this process does it.
    pub(crate) tls: Option<Tls>,
    /// Address for links; otherwise the one listened at.
    pub(crate) public_url: Option<String>,
    /// Form of the log.
    pub(crate) log: LogForm,
    /// The oldest app that is still sent anything.
    pub(crate) min_app: Option<AppVersion>,
    /// The font of completion reports; the system's when nobody says.
    pub(crate) report_font: Option<PathBuf>,
}

impl Config {
    /// Puts the settings together and checks them.
    ///
    /// # Errors
    /// `config_failed` when a setting cannot be read, `tls_required` when other machines could listen in.
    pub(crate) fn gather(args: &ServeArgs, variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, Fault> {
        let file = args
            .config
            .clone()
            .or_else(|| variable("FIELDLINE_CONFIG").map(PathBuf::from));
        let file = file.as_deref().map(read).transpose()?.unwrap_or_default();
        let cert = args
            .tls_cert
            .clone()
            .or_else(|| variable("FIELDLINE_TLS_CERT").map(PathBuf::from));
        let key = args
            .tls_key
            .clone()
            .or_else(|| variable("FIELDLINE_TLS_KEY").map(PathBuf::from));
        let tls = match (cert, key) {
            (Some(cert), Some(key)) => Some(Tls { cert, key }),
            (None, None) => file.tls,
            _ => return Err(Fault::new("config_failed", w::TLS_HALF, &[])),
        };
        let config = Self {
            data: args
                .data
                .clone()
                .or_else(|| variable("FIELDLINE_DATA").map(PathBuf::from))
                .or(file.data)
                .unwrap_or_else(|| DATA_DEFAULT.into()),
            listen: args
                .listen
                .or(parsed(variable, "FIELDLINE_LISTEN")?)
                .or(file.listen)
                .unwrap_or(LISTEN_DEFAULT),
            tls,
            public_url: args
                .public_url
                .clone()
                .or_else(|| variable("FIELDLINE_PUBLIC_URL"))
                .or(file.public_url),
            min_app: match (args.min_app, parsed(variable, "FIELDLINE_MIN_APP")?, file.min_app) {
                (Some(min), ..) | (None, Some(min), _) => Some(min),
                (None, None, Some(text)) => Some(min_app(&text)?),
                (None, None, None) => None,
            },
            report_font: variable("FIELDLINE_REPORT_FONT")
                .map(PathBuf::from)
                .or(file.report.map(|report| report.font)),
            log: args.log.or(log_form(variable)?).or(file.log).unwrap_or_default(),
        };
        let insecure = args.insecure
            || parsed(variable, "FIELDLINE_INSECURE")?
                .or(file.insecure)
                .unwrap_or(false);
        config.check(insecure)?;
        Ok(config)
    }

    fn check(&self, insecure: bool) -> Result<(), Fault> {
        if !self.listen.ip().is_loopback() && self.tls.is_none() && !insecure {
            let listen = self.listen.to_string();
            return Err(Fault::new(
                "tls_required",
                w::TLS_REQUIRED,
                &[("listen", &listen)],
            ));
        }
        if let Some(font) = self.report_font.as_deref().filter(|font| !font.is_file()) {
            let path = font.display().to_string();
            return Err(Fault::new("config_failed", w::REPORT_FONT, &[("path", &path)]));
        }
        self.public_url.as_deref().map_or(Ok(()), check_url)
    }
}

fn min_app(text: &str) -> Result<AppVersion, Fault> {
    text.parse()
        .map_err(|_| Fault::new("config_failed", w::MIN_APP, &[("value", text)]))
}

/// An address for links says how to get there.
pub(crate) fn check_url(url: &str) -> Result<(), Fault> {
    let host = url
        .strip_prefix("http://")
        .or_else(|| url.strip_prefix("https://"));
    if host.is_some_and(|host| !host.is_empty() && !host.starts_with('/')) {
        Ok(())
    } else {
        Err(Fault::new("config_failed", w::PUBLIC_URL, &[("url", url)]))
    }
}

fn read(path: &Path) -> Result<Settings, Fault> {
    let text = std::fs::read_to_string(path).map_err(|error| Fault::file(path, &error))?;
    toml::from_str(&text).map_err(|error| {
        let (path, why) = (path.display().to_string(), error.to_string());
        Fault::new(
            "config_failed",
            w::CONFIG,
            &[("path", &path), ("why", why.trim())],
        )
    })
}

fn parsed<T: FromStr>(variable: &dyn Fn(&str) -> Option<String>, name: &str) -> Result<Option<T>, Fault> {
    let Some(value) = variable(name).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let bad = || Fault::new("config_failed", w::VARIABLE, &[("name", name), ("value", &value)]);
    value.parse().map(Some).map_err(|_| bad())
}

fn log_form(variable: &dyn Fn(&str) -> Option<String>) -> Result<Option<LogForm>, Fault> {
    match variable("FIELDLINE_LOG").as_deref() {
        None | Some("") => Ok(None),
        Some("text") => Ok(Some(LogForm::Text)),
        Some("json") => Ok(Some(LogForm::Json)),
        Some(other) => Err(Fault::new(
            "config_failed",
            w::VARIABLE,
            &[("name", "FIELDLINE_LOG"), ("value", other)],
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nothing(_: &str) -> Option<String> {
        None
    }

    #[test]
    fn the_example_file_is_read_and_names_every_setting() {
        let settings: Settings = toml::from_str(include_str!("../../../fieldline.example.toml")).unwrap();
        let Settings {
            data,
            listen,
            insecure,
            public_url,
            log,
            min_app,
            tls,
            report,
        } = settings;
        assert!(data.is_some() && listen.is_some() && insecure == Some(false) && public_url.is_some());
        assert!(log == Some(LogForm::Text) && tls.is_some() && report.is_some());
        assert!(super::min_app(&min_app.unwrap()).is_ok());
        assert_eq!(super::min_app("1.2").unwrap_err().code(), "config_failed");
    }

    #[test]
    fn a_flag_wins_over_a_variable_and_that_over_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.toml");
        std::fs::write(&path, "data = 'file'\nlisten = '127.0.0.1:1'\nlog = 'json'").unwrap();
        let args = ServeArgs {
            config: Some(path),
            data: Some("flag".into()),
            ..ServeArgs::default()
        };
        let variable = |name: &str| match name {
            "FIELDLINE_DATA" => Some("variable".to_owned()),
            "FIELDLINE_LISTEN" => Some("127.0.0.1:2".to_owned()),
            _ => None,
        };
        let config = Config::gather(&args, &variable).unwrap();
        assert_eq!(config.data, PathBuf::from("flag"));
        assert_eq!((config.listen.port(), config.log), (2, LogForm::Json));
    }

    #[test]
    fn other_machines_need_tls_unless_insecure() {
        let mut args = ServeArgs {
            listen: "0.0.0.0:0".parse().ok(),
            ..ServeArgs::default()
        };
        assert_eq!(
            Config::gather(&args, &nothing).unwrap_err().code(),
            "tls_required"
        );
        args.insecure = true;
        assert!(Config::gather(&args, &nothing).is_ok());
    }

    #[test]
    fn a_font_that_is_not_there_is_named_at_the_start() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.toml");
        std::fs::write(&path, "[report]\nfont = '/nowhere/a.ttf'").unwrap();
        let args = ServeArgs {
            config: Some(path),
            ..ServeArgs::default()
        };
        let fault = Config::gather(&args, &nothing).unwrap_err();
        assert_eq!(fault.code(), "config_failed");
        assert!(
            fault
                .words(fieldline_server::words::Lang::En)
                .contains("/nowhere/a.ttf")
        );
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.toml");
        std::fs::write(&path, "lisen = '127.0.0.1:1'").unwrap();
        let args = ServeArgs {
            config: Some(path),
            ..ServeArgs::default()
        };
        let fault = Config::gather(&args, &nothing).unwrap_err();
        assert!(fault.words(fieldline_server::words::Lang::En).contains("lisen"));
        let variable = |name: &str| (name == "FIELDLINE_LISTEN").then(|| "8080".to_owned());
        let fault = Config::gather(&ServeArgs::default(), &variable).unwrap_err();
        assert_eq!(fault.code(), "config_failed");
    }
}
