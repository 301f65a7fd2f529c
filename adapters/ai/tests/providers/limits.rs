//! What a provider may be asked, and what a configuration may say.

use std::sync::Arc;
use std::time::Duration;

use docuvault_ai::provider::{ApiKey, ProviderConfig, ProviderError, ProviderKind, provider};
use docuvault_testkit::memory::FixedClock;
use futures::future::join_all;
use tokio::sync::Barrier;

use super::support::{
    ALL, Behaviour, Emulator, RawServer, Stop, Vendor, classifier, config, file, kind,
};

#[tokio::test]
async fn no_more_documents_at_a_time_than_allowed() {
    let body = r#"{"choices":[{"message":{"content":"{\"topics\":[]}"}}]}"#;
    for slots in [1, 4] {
        let together = Behaviour::Together {
            barrier: Arc::new(Barrier::new(slots)),
            body: body.to_owned(),
        };
        let wire = RawServer::start(together).await;
        let mut config = config(Vendor::OpenAi, &wire.uri());
        config.max_in_flight = slots;
        let (classifier, _) = classifier(config);
        for filed in join_all((0..8).map(|_| file(&*classifier))).await {
            filed.unwrap();
        }
        assert_eq!(wire.most(), slots);
    }
}

#[tokio::test]
async fn the_tokens_of_a_day_are_counted() {
    for vendor in ALL {
        let answer = || vendor.says("{\"topics\":[]}", Stop::Done);
        let server = Emulator::with(vendor, vec![answer(), answer()]).await;
        let mut config = server.config();
        config.daily_tokens = Some(101);
        let (classifier, clock) = classifier(config);
        file(&*classifier).await.unwrap();
        file(&*classifier).await.unwrap();
        let error = file(&*classifier).await.unwrap_err();
        let until_midnight = Duration::from_hours(12);
        assert_eq!(kind(&error), ("unavailable", Some(until_midnight)));
        clock.advance(until_midnight);
        server.add(answer());
        file(&*classifier).await.unwrap();
    }
}

#[tokio::test]
async fn tokens_that_are_not_counted_are_estimated() {
    let answer = Vendor::Ollama.says("{\"topics\":[]}", Stop::Done);
    let uncounted = answer
        .with_body_value("/prompt_eval_count", 0.into())
        .with_body_value("/eval_count", 0.into());
    let server = Emulator::with(Vendor::Ollama, vec![uncounted]).await;
    let mut config = server.config();
    config.daily_tokens = Some(1);
    let (classifier, _) = classifier(config);
    file(&*classifier).await.unwrap();
    let error = file(&*classifier).await.unwrap_err();
    assert_eq!(kind(&error).0, "unavailable");
}

#[test]
fn configurations_that_cannot_work_are_refused() {
    let refused = |change: fn(&mut ProviderConfig)| {
        let mut config = ProviderConfig::new(ProviderKind::OpenAi, "m");
        change(&mut config);
        provider(config, Arc::new(FixedClock::default())).err()
    };
    assert!(refused(|_| {}).is_none());
    let wrong = refused(|it| it.base_url = "ftp://host".to_owned());
    assert!(matches!(wrong, Some(ProviderError::BaseUrl)));
    let wrong = refused(|it| it.model = " ".to_owned());
    assert!(matches!(wrong, Some(ProviderError::Model)));
    let wrong = refused(|it| it.api_key = Some(ApiKey::new("a\nb")));
    assert!(matches!(wrong, Some(ProviderError::ApiKey)));
    assert!(refused(|it| it.max_in_flight = 0).is_none());
    assert!(refused(|it| it.max_in_flight = usize::MAX).is_none());
}

#[test]
fn every_kind_has_its_usual_place() {
    for kind in [
        ProviderKind::OpenAi,
        ProviderKind::Anthropic,
        ProviderKind::Ollama,
    ] {
        let config = ProviderConfig::new(kind, "m");
        let local = kind == ProviderKind::Ollama;
        assert_eq!(config.max_in_flight, if local { 1 } else { 4 });
        assert_eq!(config.timeout.as_secs(), if local { 300 } else { 60 });
        provider(config, Arc::new(FixedClock::default())).unwrap();
    }
}
