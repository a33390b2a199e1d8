//! What the run was told, field by field.

use maud::{Markup, html};
use serde_json::Value;

use crate::config::TestConfig;

/// A table of all fields, by the names that a configuration file has for them.
pub(super) fn section(config: &TestConfig) -> Markup {
    let mut fields = Vec::new();
    flatten("", &serde_json::json!(config), &mut fields);
    html! {
        details.more {
            summary { (fields.len()) " fields" }
            div.scroll tabindex="0" role="group" aria-label="Configuration" {
                table { tbody { @for (name, value) in fields {
                    tr { th scope="row" { code { (name) } } td.words { code { (value) } } }
                } } }
            }
        }
    }
}

fn flatten(path: &str, value: &Value, fields: &mut Vec<(String, String)>) {
    let Value::Object(inner) = value else {
        return fields.push((path.to_owned(), value.to_string()));
    };
    for (name, value) in inner {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        flatten(&path, value, fields);
    }
}
