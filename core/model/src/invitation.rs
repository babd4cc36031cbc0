//! What HQ gives an engineer to join with: a link, also as a QR code, that names the server and a one-time code.

/// Where to join, and by which code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The server's address, without a slash at its end.
    pub server: String,
    /// The one-time code.
    pub code: String,
}

impl Invitation {
    /// Reads a link: `fieldline://enrol?server=…&code=…`, or `https://server/…?code=…`. `None` for any other text.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (before, after) = text.trim().split_once(['?', '#'])?;
        let field = |key: &str| {
            let mut pairs = after.split(['&', '#']).filter_map(|pair| pair.split_once('='));
            pairs
                .find(|(name, _)| *name == key)
                .map(|(_, value)| decoded(value))
        };
        let server = field("server").or_else(|| {
            let (scheme, rest) = before
                .split_once("://")
                .filter(|(scheme, _)| matches!(*scheme, "http" | "https"))?;
            Some(format!("{scheme}://{}", rest.split('/').next()?))
        })?;
        Some(Self {
            server: server.trim_end_matches('/').to_owned(),
            code: field("code")?,
        })
    }
}

/// Percent signs resolved; what is none stays as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = tail.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match hex
            .and_then(|two| u8::from_str_radix(two, 16).ok())
            .filter(|_| first == b'%')
        {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_link_names_server_and_code() {
        let link = Invitation::read;
        let whole = Some(Invitation {
            server: "https://service.example.com".to_owned(),
            code: "7KQ4M2XD".to_owned(),
        });
        assert_eq!(
            link("fieldline://enrol?server=https%3A%2F%2Fservice.example.com&code=7KQ4M2XD&key=9f"),
            whole
        );
        assert_eq!(link(" https://service.example.com/enrol?code=7KQ4M2XD\n"), whole);
        assert_eq!(link("https://service.example.com/#code=7KQ4M2XD"), whole);
        for bad in [
            "https://service.example.com",
            "7KQ4M2XD",
            "ftp://a?code=x",
            "?code=x",
        ] {
            assert_eq!(link(bad), None, "{bad}");
        }
        assert_eq!(decoded("100%"), "100%");
    }
}
