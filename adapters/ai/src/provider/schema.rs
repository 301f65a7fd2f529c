//! The shape of an answer, for servers that can hold their model to one.

use serde_json::{Value, json};

use super::topics::ClosedList;

/// Named where nothing can be chosen: an empty choice is no JSON Schema. Stands for no topic.
const NONE: &str = "none";

/// Lengths and ranges are left out: several servers refuse or ignore them. They are checked when
/// the answer is read.
pub(super) fn schema(topics: &ClosedList) -> Value {
    let mut names: Vec<&str> = topics.names().collect();
    if names.is_empty() {
        names.push(NONE);
    }
    let topic = object(&json!({
        "name": { "type": "string", "enum": names },
        "confidence": { "type": "number" },
    }));
    let text_or_null = json!({ "type": ["string", "null"] });
    object(&json!({
        "topics": { "type": "array", "items": topic },
        "new_topics": { "type": "array", "items": { "type": "string" } },
        "title": text_or_null,
        "summary": text_or_null,
        "language": text_or_null,
        "date": text_or_null,
        "correspondent": text_or_null,
        "reason": { "type": "string" },
    }))
}

/// An object that has all of its properties and no others.
fn object(properties: &Value) -> Value {
    let names: Vec<&String> = properties
        .as_object()
        .into_iter()
        .flat_map(|properties| properties.keys())
        .collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": names,
        "additionalProperties": false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every object is closed, and no keyword is used that strict servers do not have.
    fn is_strict(schema: &Value) {
        if let Some(object) = schema.as_object() {
            let words = [
                "type",
                "properties",
                "required",
                "additionalProperties",
                "items",
                "enum",
            ];
            assert!(
                object.keys().all(|word| words.contains(&word.as_str())),
                "{schema}"
            );
            if object["type"] == "object" {
                let properties = object["properties"].as_object().unwrap();
                let required = object["required"].as_array().unwrap();
                assert!(required.iter().eq(properties.keys()), "{schema}");
                assert_eq!(object["additionalProperties"], false);
                properties.values().for_each(is_strict);
            }
            object.get("items").into_iter().for_each(is_strict);
        }
    }

    #[test]
    fn it_is_what_strict_servers_take() {
        let empty = schema(&ClosedList::of(&[]));
        is_strict(&empty);
        let names = &empty["properties"]["topics"]["items"]["properties"]["name"]["enum"];
        assert_eq!(*names, json!(["none"]));
    }
}
