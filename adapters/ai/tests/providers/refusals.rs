//! A no, in all its forms.

use std::time::Duration;

use serde_json::json;

use super::support::{ALL, Canned, Emulator, Stop, Vendor, classifier, file, kind};

/// What becomes of a document when the server answers so, once.
async fn outcome(vendor: Vendor, answer: Canned) -> (&'static str, Option<Duration>) {
    let server = Emulator::with(vendor, vec![answer]).await;
    let error = file(&*classifier(server.config()).0).await.unwrap_err();
    kind(&error)
}

fn too_often(vendor: Vendor) -> Canned {
    let code = match vendor {
        Vendor::Anthropic => "rate_limit_error",
        Vendor::OpenAi | Vendor::Ollama => "rate_limit_exceeded",
    };
    vendor.refuses(429, code, "Too many requests.")
}

#[tokio::test]
async fn a_wait_is_handed_on_however_it_is_said() {
    for vendor in ALL {
        assert_eq!(
            outcome(vendor, too_often(vendor)).await,
            ("unavailable", None)
        );
        for (header, value, millis) in [
            ("retry-after", "17", 17_000),
            ("retry-after", "Sun, 01 Mar 2026 12:00:30 GMT", 30_000),
            ("retry-after-ms", "250", 250),
            ("x-ratelimit-reset-requests", "1s", 1_000),
            ("x-ratelimit-reset-tokens", "6m0s", 360_000),
            (
                "anthropic-ratelimit-tokens-reset",
                "2026-03-01T12:00:05Z",
                5_000,
            ),
        ] {
            let answer = too_often(vendor).with(header, value);
            let wait = Some(Duration::from_millis(millis));
            let found = outcome(vendor, answer).await;
            assert_eq!(found, ("unavailable", wait), "{header}: {value}");
        }
    }
}

#[tokio::test]
async fn servers_in_trouble_are_asked_later() {
    for vendor in ALL {
        let overloaded = match vendor {
            Vendor::Anthropic => vendor.refuses(529, "overloaded_error", "Overloaded"),
            Vendor::OpenAi => vendor.refuses(503, "server_error", "Loading model"),
            Vendor::Ollama => vendor.refuses(500, "", "llama runner process has terminated"),
        };
        let overloaded = overloaded.with("retry-after", "3");
        let wait = Some(Duration::from_secs(3));
        assert_eq!(outcome(vendor, overloaded).await, ("unavailable", wait));
        let html = "<html><head><title>502 Bad Gateway</title></head></html>";
        for (status, body) in [
            (502, html),
            (529, ""),
            (504, "{}"),
            (408, "null"),
            (200, html),
        ] {
            let found = outcome(vendor, Canned::raw(status, body)).await;
            assert_eq!(found, ("unavailable", None), "{status} {body}");
        }
    }
}

#[tokio::test]
async fn what_an_administrator_must_mend_is_told_apart() {
    for vendor in ALL {
        let answers = match vendor {
            Vendor::OpenAi => vec![
                vendor.refuses(401, "invalid_api_key", "Incorrect API key provided."),
                vendor.refuses(403, "unsupported_country_region_territory", "No."),
                vendor.refuses(404, "model_not_found", "The model does not exist."),
                vendor.refuses(
                    429,
                    "insufficient_quota",
                    "You exceeded your current quota.",
                ),
                Canned::raw(200, r#"{"error":{"code":402,"message":"no credit"}}"#),
            ],
            Vendor::Anthropic => vec![
                vendor.refuses(401, "authentication_error", "invalid x-api-key"),
                vendor.refuses(402, "billing_error", "Pay."),
                vendor.refuses(403, "permission_error", "No."),
                vendor.refuses(404, "not_found_error", "model: model-1"),
                vendor.refuses(
                    400,
                    "invalid_request_error",
                    "Your credit balance is too low to access the API.",
                ),
            ],
            Vendor::Ollama => vec![
                vendor.refuses(404, "", "model 'model-1' not found"),
                vendor.refuses(401, "", "unauthorized"),
            ],
        };
        for answer in answers {
            assert_eq!(
                outcome(vendor, answer).await.0,
                "misconfigured",
                "{vendor:?}"
            );
        }
        let elsewhere = Canned::raw(302, "").with("location", "https://elsewhere.example/");
        assert_eq!(outcome(vendor, elsewhere).await.0, "misconfigured");
    }
}

#[tokio::test]
async fn a_quota_is_not_a_pause() {
    let used_up = Vendor::OpenAi.refuses(429, "insufficient_quota", "Check your plan.");
    let found = outcome(Vendor::OpenAi, used_up.with("retry-after", "1")).await;
    assert_eq!(found, ("misconfigured", None));
}

#[tokio::test]
async fn a_model_that_refuses_is_not_asked_again() {
    let openai = Vendor::OpenAi;
    let refusal = openai.says("", Stop::Done).with_body_value(
        "/choices/0/message/refusal",
        json!("I cannot help with that."),
    );
    assert_eq!(outcome(openai, refusal).await.0, "no answer");
    let filtered = openai.says("{\"topics\":[]}", Stop::Other("content_filter"));
    assert_eq!(outcome(openai, filtered).await.0, "no answer");
    let filtered = openai.refuses(400, "content_filter", "The prompt was filtered.");
    assert_eq!(outcome(openai, filtered).await.0, "no answer");
    for stop in ["refusal", "pause_turn", "tool_use", "stop_sequence"] {
        let refusal = Vendor::Anthropic.says("{\"topics\":[]}", Stop::Other(stop));
        assert_eq!(
            outcome(Vendor::Anthropic, refusal).await.0,
            "no answer",
            "{stop}"
        );
    }
}

#[tokio::test]
async fn other_rejections_concern_the_document() {
    for vendor in ALL {
        let odd = vendor.refuses(400, "invalid_request_error", "Something about this.");
        assert_eq!(outcome(vendor, odd).await.0, "no answer");
    }
}

#[tokio::test]
async fn a_redirect_does_not_carry_the_document_away() {
    for vendor in ALL {
        let elsewhere = Emulator::with(vendor, vec![]).await;
        let away = Canned::raw(307, "").with("location", &elsewhere.uri());
        assert_eq!(outcome(vendor, away).await.0, "misconfigured");
        assert_eq!(elsewhere.requests(), [json!(null); 0]);
    }
}
