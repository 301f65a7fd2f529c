//! Servers that are not there, that do not come to an end, that fail again and again.

use std::time::Duration;

use super::support::{
    ALL, Behaviour, Canned, Emulator, RawServer, Stop, classifier, config, file, kind,
    unreachable_url,
};

#[tokio::test]
async fn an_unreachable_server_is_asked_later() {
    for vendor in ALL {
        let (classifier, _) = classifier(config(vendor, &unreachable_url().await));
        let error = file(&*classifier).await.unwrap_err();
        assert_eq!(kind(&error), ("unavailable", None));
        let error = classifier.check().await.unwrap_err();
        assert_eq!(kind(&error), ("unavailable", None));
    }
}

#[tokio::test]
async fn endless_bodies_are_cut_off() {
    for vendor in ALL {
        for (start, piece) in [
            ("{\"choices\":[", "0,"),
            ("{\"message\":{\"content\":\"", "a"),
            ("", " "),
            ("", "["),
        ] {
            let mut wire = RawServer::start(Behaviour::Endless { start, piece }).await;
            let (classifier, _) = classifier(config(vendor, &wire.uri()));
            let error = file(&*classifier).await.unwrap_err();
            assert_eq!(kind(&error).0, "no answer");
            let written = wire.ended().await;
            // What the sockets on both sides hold comes on top of what was read.
            assert!(written < 32 * 1024 * 1024, "{written}");
        }
    }
}

#[tokio::test]
async fn slow_bodies_are_not_waited_for() {
    for vendor in ALL {
        let mut wire = RawServer::start(Behaviour::Stuck).await;
        let mut config = config(vendor, &wire.uri());
        config.timeout = Duration::from_millis(50);
        let error = file(&*classifier(config).0).await.unwrap_err();
        assert_eq!(kind(&error), ("unavailable", None));
        wire.ended().await;
    }
}

#[tokio::test]
async fn after_five_failures_a_server_is_not_asked_for_a_while() {
    for vendor in ALL {
        let down = || Canned::raw(502, "<html>");
        let server = Emulator::with(vendor, (0..5).map(|_| down()).collect()).await;
        let (classifier, clock) = classifier(server.config());
        for _ in 0..5 {
            let error = file(&*classifier).await.unwrap_err();
            assert_eq!(kind(&error), ("unavailable", None));
        }
        let error = file(&*classifier).await.unwrap_err();
        assert_eq!(kind(&error), ("unavailable", Some(Duration::from_mins(1))));
        assert_eq!(server.requests().len(), 5, "it is left alone");

        clock.advance(Duration::from_mins(1));
        server.add(down());
        file(&*classifier).await.unwrap_err();
        let error = file(&*classifier).await.unwrap_err();
        assert_eq!(kind(&error), ("unavailable", Some(Duration::from_mins(1))));
        assert_eq!(server.requests().len(), 6, "one request tries");

        clock.advance(Duration::from_mins(1));
        for _ in 0..2 {
            server.add(vendor.says("{\"topics\":[]}", Stop::Done));
            file(&*classifier).await.unwrap();
        }
    }
}
