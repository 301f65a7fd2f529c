//! The vendors' schemas tell right from wrong.

use serde_json::Value;

use super::support::{ALL, Vendor};

#[test]
fn they_take_what_is_right_and_nothing_else() {
    let samples: Vec<Value> = serde_json::from_str(include_str!("../specs/samples.json")).unwrap();
    assert_eq!(samples.len(), 7);
    for sample in samples {
        let vendor = match sample["spec"].as_str().unwrap() {
            "openai" => Vendor::OpenAi,
            "anthropic" => Vendor::Anthropic,
            _ => Vendor::Ollama,
        };
        let name = sample["def"].as_str().unwrap();
        assert_eq!(vendor.spec().faults(name, &sample["good"]), [""; 0]);
        assert_ne!(vendor.spec().faults(name, &sample["wrong"]), [""; 0]);
    }
}

#[test]
fn and_no_field_that_the_vendor_does_not_have() {
    for vendor in ALL {
        let (request, ..) = vendor.types();
        let body = serde_json::json!({
            "model": "m", "max_tokens": 1, "messages": [{ "role": "user", "content": "u" }],
            "num_predict": 7,
        });
        assert_ne!(vendor.spec().faults(request, &body), [""; 0], "{vendor:?}");
    }
}
