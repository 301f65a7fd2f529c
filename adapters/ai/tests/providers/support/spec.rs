//! A vendor's text: what may be sent and answered.

use serde_json::{Value, json};

pub(crate) struct Spec(Value);

impl Spec {
    pub(crate) fn of(text: &str) -> Self {
        Self(serde_json::from_str(text).unwrap())
    }

    /// What is wrong with an instance of a named type.
    pub(crate) fn faults(&self, name: &str, instance: &Value) -> Vec<String> {
        let mut schema = self.0.clone();
        schema["$ref"] = json!(format!("#/$defs/{name}"));
        let schema = jsonschema::draft202012::new(&schema).unwrap();
        let fault = |error: jsonschema::ValidationError<'_>| {
            format!("{name}{}: {error}", error.instance_path())
        };
        schema.iter_errors(instance).map(fault).collect()
    }
}
