//! Words of administration.

use super::words;

words! {
    PASSWORD: "密码（至少 {n} 个字符）：", "Password (at least {n} characters): ";
    PASSWORD_AGAIN: "再输入一次：", "Once more: ";
}
