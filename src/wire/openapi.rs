//! The OpenAPI 3.1 document.

use serde_json::{Value, json};

/// The OpenAPI 3.1 document of the portal.
pub fn openapi() -> Value {
    json!({ "openapi": "3.1.0", "info": { "title": "ogoh portal", "version": "1" }, "paths": {} })
}
