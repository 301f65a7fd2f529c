//! Servers that know less than their vendor's text.

use std::collections::BTreeSet;

use serde_json::Value;

use super::support::{
    Canned, Emulator, Stop, TestDocument, Vendor, chosen, classifier, file, kind,
};

const ANSWER: &str = r#"{"topics":[{"name":"Bank","confidence":1}]}"#;

fn no(vendor: Vendor, message: &str) -> Canned {
    vendor.refuses(400, "invalid_request_error", message)
}

fn answer(vendor: Vendor) -> Canned {
    vendor.says(ANSWER, Stop::Done)
}

fn formats(requests: &[Value]) -> Vec<Option<&str>> {
    requests
        .iter()
        .map(|it| it.pointer("/response_format/type")?.as_str())
        .collect()
}

#[tokio::test]
async fn the_format_falls_back_step_by_step_and_stays_there() {
    let openai = Vendor::OpenAi;
    let answers = vec![
        no(
            openai,
            "'response_format' of type 'json_schema' is not supported",
        ),
        no(openai, "'response_format.type' must be 'text'"),
        answer(openai),
        answer(openai),
    ];
    let server = Emulator::with(openai, answers).await;
    let (classifier, _) = classifier(server.config());
    assert_eq!(chosen(&file(&*classifier).await.unwrap()), [1]);
    file(&*classifier).await.unwrap();
    let requests = server.requests();
    let expected = [Some("json_schema"), Some("json_object"), None, None];
    assert_eq!(formats(&requests), expected);
}

#[tokio::test]
async fn fields_that_are_not_known_are_left_out_for_good() {
    let openai = Vendor::OpenAi;
    let unknown = |status, field: &str| {
        let message = format!("Unsupported parameter: '{field}' is not supported with this model.");
        openai.refuses(status, "unsupported_parameter", &message)
    };
    let mistral =
        r#"{"detail":[{"type":"extra_forbidden","loc":["body","max_completion_tokens"]}]}"#;
    let answers = vec![
        unknown(400, "temperature"),
        Canned::raw(422, mistral),
        answer(openai),
        answer(openai),
    ];
    let server = Emulator::with(openai, answers).await;
    let (classifier, _) = classifier(server.config());
    file(&*classifier).await.unwrap();
    file(&*classifier).await.unwrap();
    let requests = server.requests();
    let has =
        |field: &str| -> Vec<bool> { requests.iter().map(|it| it.get(field).is_some()).collect() };
    assert_eq!(has("temperature"), [true, false, false, false]);
    assert_eq!(has("max_completion_tokens"), [true, true, false, false]);
    assert_eq!(has("max_tokens"), [false, false, true, true]);
    assert_eq!(has("response_format"), [true; 4]);
}

#[tokio::test]
async fn a_server_that_rejects_every_parameter_is_given_up() {
    let openai = Vendor::OpenAi;
    let message = "max_completion_tokens, max_tokens, temperature, response_format: no";
    let answers = (0..6).map(|_| no(openai, message)).collect();
    let server = Emulator::with(openai, answers).await;
    let error = file(&*classifier(server.config()).0).await.unwrap_err();
    assert_eq!(kind(&error).0, "no answer");
    let last = &server.requests()[5];
    let fields: BTreeSet<&str> = last
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(fields, BTreeSet::from(["messages", "model"]));
}

#[tokio::test]
async fn json_that_the_server_itself_threw_away_is_asked_for_again() {
    let openai = Vendor::OpenAi;
    let spoiled = || openai.refuses(400, "json_validate_failed", "Failed to generate JSON.");
    let server = Emulator::with(openai, vec![spoiled(), answer(openai)]).await;
    let (classifier, _) = classifier(server.config());
    assert_eq!(chosen(&file(&*classifier).await.unwrap()), [1]);
    server.add(spoiled());
    server.add(spoiled());
    let error = file(&*classifier).await.unwrap_err();
    assert_eq!(kind(&error).0, "no answer");
}

#[tokio::test]
async fn older_models_are_asked_without_a_schema() {
    let anthropic = Vendor::Anthropic;
    let message = "output_config.format: this model does not support structured outputs";
    let answers = vec![no(anthropic, message), answer(anthropic), answer(anthropic)];
    let server = Emulator::with(anthropic, answers).await;
    let (classifier, _) = classifier(server.config());
    file(&*classifier).await.unwrap();
    file(&*classifier).await.unwrap();
    let requests = server.requests();
    let held: Vec<bool> = requests
        .iter()
        .map(|it| it.get("output_config").is_some())
        .collect();
    assert_eq!(held, [true, false, false]);
}

#[tokio::test]
async fn servers_that_do_not_know_thinking_are_not_told_about_it() {
    let ollama = Vendor::Ollama;
    let answers = vec![
        no(ollama, "\"model-1\" does not support thinking"),
        answer(ollama),
    ];
    let server = Emulator::with(ollama, answers).await;
    file(&*classifier(server.config()).0).await.unwrap();
    let requests = server.requests();
    assert_eq!(requests[0]["think"], false);
    assert_eq!(requests[1].get("think"), None);
}

/// What servers say of a text that does not fit.
fn too_long(vendor: Vendor) -> Vec<Canned> {
    match vendor {
        Vendor::OpenAi => vec![
            vendor.refuses(
                400,
                "context_length_exceeded",
                "This model's maximum context length is 4096 tokens.",
            ),
            vendor.refuses(400, "exceed_context_size_error", "too large"),
            Canned::raw(413, ""),
        ],
        Vendor::Anthropic => vec![
            no(vendor, "prompt is too long: 9000 tokens > 8000 maximum"),
            vendor.says("", Stop::Other("model_context_window_exceeded")),
            vendor.refuses(
                413,
                "invalid_request_error",
                "Request exceeds the maximum size",
            ),
        ],
        Vendor::Ollama => vec![
            no(vendor, "the input length exceeds the context length"),
            answer(vendor).with_body_value("/prompt_eval_count", 8_190.into()),
            no(vendor, "the input length exceeds the context length"),
        ],
    }
}

#[tokio::test]
async fn a_text_that_does_not_fit_is_halved_twice() {
    for vendor in super::support::ALL {
        let mut answers = too_long(vendor);
        answers.insert(2, answer(vendor));
        let last = answers.pop().unwrap();
        let server = Emulator::with(vendor, answers).await;
        let (classifier, _) = classifier(server.config());
        let paper = TestDocument::of(&"ä".repeat(20_000));
        assert_eq!(chosen(&paper.filed_by(&*classifier).await.unwrap()), [1]);
        let requests = server.requests();
        let text = |it: &Value| {
            let (_, turns) = vendor.prompts(it);
            turns[0]["content"].as_str().unwrap().matches('ä').count()
        };
        let sizes: Vec<usize> = requests.iter().map(text).collect();
        assert_eq!(sizes, [5_000, 2_500, 1_250]);

        let again = too_long(vendor);
        again.into_iter().take(2).for_each(|it| server.add(it));
        server.add(last);
        let error = paper.filed_by(&*classifier).await.unwrap_err();
        assert_eq!(kind(&error).0, "no answer");
    }
}
