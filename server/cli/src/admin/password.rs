//! Reading a new password: twice from a terminal without showing it, or one line from standard input.

use std::io::{BufRead, IsTerminal};

use fieldline_server::auth::password::PASSWORD_CHARS_MIN;
use fieldline_server::words::Lang;

use crate::fault::Fault;
use crate::words::{admin as a, fault as w, fill};

/// A new password as the person chose it.
///
/// # Errors
/// `password_none` when there is nobody to ask, `password_differs` when the two are not the same.
pub(super) fn read(from_stdin: bool, lang: Lang) -> Result<String, Fault> {
    let none = || Fault::new("password_none", w::PASSWORD_NONE, &[]);
    if from_stdin {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).map_err(|_| none())?;
        let password = line.trim_end_matches(['\r', '\n']);
        return if password.is_empty() {
            Err(none())
        } else {
            Ok(password.to_owned())
        };
    }
    if !std::io::stdin().is_terminal() {
        return Err(none());
    }
    let n = PASSWORD_CHARS_MIN.to_string();
    let first = rpassword::prompt_password(fill(lang, a::PASSWORD, &[("n", &n)])).map_err(|_| none())?;
    let again = rpassword::prompt_password(fill(lang, a::PASSWORD_AGAIN, &[])).map_err(|_| none())?;
    if first == again {
        Ok(first)
    } else {
        Err(Fault::new("password_differs", w::PASSWORD_DIFFERS, &[]))
    }
}
