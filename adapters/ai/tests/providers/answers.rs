//! What models say, and what is made of it.

use docuvault_domain::documents::Source;
use serde_json::{Value, json};
use time::macros::date;

use super::support::{
    ALL, BANK, Canned, Emulator, RENT, Stop, TestDocument, Vendor, chosen, classifier, file, kind,
};

fn good() -> Value {
    json!({
        "topics": [
            { "name": "Rent \"and\" heating", "confidence": 0.25 },
            { "name": "Bank", "confidence": 0.75 },
        ],
        "new_topics": ["Savings"],
        "title": "Kontoauszug 3/2026",
        "summary": "Ein Kontoauszug.",
        "language": "de",
        "date": "2026-02-28",
        "correspondent": "Sparkasse",
        "reason": "It says so.",
    })
}

async fn filed(vendor: Vendor, text: &str) -> Vec<u128> {
    let server = Emulator::with(vendor, vec![vendor.says(text, Stop::Done)]).await;
    chosen(&file(&*classifier(server.config()).0).await.unwrap())
}

#[tokio::test]
async fn a_good_answer_files_the_document() {
    for vendor in ALL {
        let server = Emulator::with(vendor, vec![vendor.files(&good())]).await;
        let (classifier, _) = classifier(server.config());
        assert_eq!(classifier.source(), Source::Ai);
        let filed = file(&*classifier).await.unwrap();
        assert_eq!(chosen(&filed), [BANK, RENT]);
        assert!((filed.topics[0].confidence - 0.75).abs() < f32::EPSILON);
        assert_eq!(filed.topics[0].rationale.as_deref(), Some("It says so."));
        assert_eq!(filed.proposals, ["Savings"]);
        assert_eq!(filed.title.as_deref(), Some("Kontoauszug 3/2026"));
        assert_eq!(filed.summary.as_deref(), Some("Ein Kontoauszug."));
        assert_eq!(filed.language.as_deref(), Some("de"));
        assert_eq!(filed.date.unwrap().value, date!(2026 - 02 - 28));
        assert_eq!(filed.correspondent.as_deref(), Some("Sparkasse"));
    }
}

#[tokio::test]
async fn a_day_comes_with_the_words_of_the_document() {
    for (text, words) in [
        (
            "Sparkasse\nAuszug vom 28.02.2026\n",
            Some("Auszug vom 28.02.2026"),
        ),
        ("Sparkasse", None),
    ] {
        let vendor = Vendor::Ollama;
        let server = Emulator::with(vendor, vec![vendor.files(&good())]).await;
        let (classifier, _) = classifier(server.config());
        let filed = TestDocument::of(text).filed_by(&*classifier).await;
        let date = filed.unwrap().date.unwrap();
        assert_eq!(date.rationale.as_deref(), words);
    }
}

#[tokio::test]
async fn what_is_asked_is_the_same_everywhere() {
    for vendor in ALL {
        let server = Emulator::with(vendor, vec![vendor.files(&good())]).await;
        file(&*classifier(server.config()).0).await.unwrap();
        let [request] = &server.requests()[..] else {
            panic!("one request")
        };
        let (system, turns) = vendor.prompts(request);
        let topics = r#"[{"name":"Bank","description":"Statements, cards"},{"name":"Rent \"and\" heating"}]"#;
        let listed: Value = serde_json::from_str(system.rsplit_once(": ").unwrap().1).unwrap();
        assert_eq!(listed, serde_json::from_str::<Value>(topics).unwrap());
        assert!(system.contains("Today is 2026-03-01."));
        assert_eq!(turns.len(), 1);
        let names = vendor.schema(request).unwrap();
        let names = &names["properties"]["topics"]["items"]["properties"]["name"]["enum"];
        assert_eq!(*names, json!(["Bank", "Rent \"and\" heating"]));
        assert_eq!(vendor.max_tokens(request), Some(800));
        assert_eq!(request["model"], "model-1");
    }
}

#[tokio::test]
async fn each_vendor_is_asked_in_its_own_way() {
    for vendor in ALL {
        let server = Emulator::with(vendor, vec![vendor.files(&good())]).await;
        file(&*classifier(server.config()).0).await.unwrap();
        let request = &server.requests()[0];
        match vendor {
            Vendor::OpenAi => {
                assert_eq!(request["temperature"], 0);
                assert_eq!(request["response_format"]["json_schema"]["strict"], true);
            }
            Vendor::Anthropic => assert_eq!(request.get("temperature"), None),
            Vendor::Ollama => {
                assert_eq!(request["stream"], false);
                assert_eq!(request["think"], false);
                assert_eq!(request["keep_alive"], "5m");
                assert_eq!(request["options"]["num_ctx"], 8_192);
                assert_eq!(request["options"]["temperature"], 0);
            }
        }
    }
}

#[tokio::test]
async fn wrapped_answers_are_unwrapped() {
    let answer = good().to_string();
    for vendor in ALL {
        for wrapped in [
            format!("```json\n{answer}\n```"),
            format!("<think>A bank? {{Perhaps.}}</think>\n\n{answer}"),
            format!("Here you are:\n{answer}\nAnything else?"),
        ] {
            assert_eq!(filed(vendor, &wrapped).await, [BANK, RENT], "{wrapped}");
        }
    }
}

#[tokio::test]
async fn topics_outside_the_list_are_left_out() {
    for vendor in ALL {
        let answer =
            r#"{"topics":[{"name":"Payroll","confidence":1},{"name":"bank","confidence":0.5}]}"#;
        assert_eq!(filed(vendor, answer).await, [BANK]);
    }
}

#[tokio::test]
async fn an_invalid_answer_may_be_repaired_once() {
    for vendor in ALL {
        let broken = || vendor.says("The topic is {\"Bank\".", Stop::Done);
        let server = Emulator::with(vendor, vec![broken(), vendor.files(&good())]).await;
        let (classifier, _) = classifier(server.config());
        assert_eq!(chosen(&file(&*classifier).await.unwrap()), [BANK, RENT]);
        let requests = server.requests();
        let ((_, first), (_, second)) =
            (vendor.prompts(&requests[0]), vendor.prompts(&requests[1]));
        assert_eq!(second[0], first[0], "about the same document");
        let roles: Vec<_> = second.iter().map(|turn| turn["role"].clone()).collect();
        assert_eq!(roles, ["user", "assistant", "user"]);
        assert_eq!(second[1]["content"], "The topic is {\"Bank\".");
        let problem = second[2]["content"].as_str().unwrap();
        assert!(problem.contains("not one JSON object"), "{problem}");

        server.add(broken());
        server.add(vendor.says("{\"topics\":7}", Stop::Done));
        let error = file(&*classifier).await.unwrap_err();
        assert_eq!(kind(&error).0, "no answer");
        assert_eq!(server.requests().len(), 4);
    }
}

#[tokio::test]
async fn nothing_said_is_no_answer() {
    for vendor in ALL {
        let nothing = || match vendor {
            Vendor::OpenAi => vendor
                .says("", Stop::Done)
                .with_body_value("/choices", json!([])),
            Vendor::Anthropic => vendor
                .says("", Stop::Done)
                .with_body_value("/content", json!([])),
            Vendor::Ollama => vendor.says("", Stop::Other("load")),
        };
        let server = Emulator::with(vendor, vec![nothing(), nothing()]).await;
        let error = file(&*classifier(server.config()).0).await.unwrap_err();
        assert_eq!(kind(&error).0, "no answer");
        let (_, turns) = vendor.prompts(&server.requests()[1]);
        assert_eq!(turns[1]["content"], "{}", "turns are never empty");
    }
}

#[tokio::test]
async fn an_answer_that_was_cut_short_gets_more_tokens_once() {
    for vendor in ALL {
        let short = || vendor.says("{\"topics\":[", Stop::TooManyTokens);
        let server = Emulator::with(vendor, vec![short(), vendor.files(&good())]).await;
        let (classifier, _) = classifier(server.config());
        assert_eq!(chosen(&file(&*classifier).await.unwrap()), [BANK, RENT]);
        let tokens = server.requests();
        let tokens: Vec<_> = tokens
            .iter()
            .filter_map(|it| vendor.max_tokens(it))
            .collect();
        assert_eq!(tokens, [800, 4_000]);

        server.add(short());
        server.add(short());
        let error = file(&*classifier).await.unwrap_err();
        assert_eq!(kind(&error).0, "no answer");
    }
}

#[tokio::test]
async fn thoughts_apart_from_the_answer_are_passed_over() {
    let text = good().to_string();
    let parts = json!([{ "type": "thinking", "thinking": "{}" }, { "type": "text", "text": text }]);
    let answer = Vendor::Anthropic
        .says("", Stop::Done)
        .with_body_value("/content", parts);
    let server = Emulator::with(Vendor::Anthropic, vec![answer]).await;
    let filed = file(&*classifier(server.config()).0).await.unwrap();
    assert_eq!(chosen(&filed), [BANK, RENT]);
}

#[tokio::test]
async fn models_are_listed_and_checked() {
    for vendor in ALL {
        let list = match vendor {
            Vendor::OpenAi => json!({ "object": "list", "data": [
                { "id": "model-1", "object": "model", "created": 1, "owned_by": "us" },
                { "id": "model-2", "object": "model", "created": 1, "owned_by": "us" },
            ]}),
            Vendor::Anthropic => json!({ "data": [{ "id": "model-1" }, { "id": "model-2" }] }),
            Vendor::Ollama => {
                json!({ "models": [{ "name": "model-1:latest" }, { "name": "model-2" }] })
            }
        };
        let list = || Canned::answer(list.clone());
        let server = Emulator::with(vendor, vec![list(), list()]).await;
        let (classifier, _) = classifier(server.config());
        let models = classifier.models().await.unwrap();
        assert_eq!(models.len(), 2);
        assert_eq!(models[1], "model-2");
        classifier.check().await.unwrap();

        let wrong_key = match vendor {
            Vendor::Anthropic => vendor.refuses(401, "authentication_error", "invalid x-api-key"),
            Vendor::OpenAi | Vendor::Ollama => vendor.refuses(401, "invalid_api_key", "no"),
        };
        server.add(wrong_key);
        let error = classifier.check().await.unwrap_err();
        assert_eq!(kind(&error).0, "misconfigured");
    }
}

#[tokio::test]
async fn a_model_that_was_not_pulled_fails_the_check() {
    let list = || Canned::answer(json!({ "models": [{ "name": "model-10" }] }));
    let server = Emulator::with(Vendor::Ollama, vec![list()]).await;
    let error = classifier(server.config()).0.check().await.unwrap_err();
    assert_eq!(kind(&error).0, "misconfigured");
}
