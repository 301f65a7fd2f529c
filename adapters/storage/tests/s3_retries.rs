//! Which answers of an S3 server the store tries again, on a server that gives the ones it is told.
#![expect(clippy::unwrap_used, reason = "a helper that fails is a failed test")]

use std::sync::{Arc, Mutex};

use docuvault_domain::ports::{StorageBackend, StorageError};
use docuvault_storage::{S3Config, S3Storage};
use docuvault_testkit::builders::{bytes, collect};
use support::key;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

#[expect(dead_code, reason = "other tests use the rest")]
mod support;

/// The methods of the requests so far.
type Requests = Arc<Mutex<Vec<String>>>;

/// A store whose server gives these answers in turn, one to a connection.
async fn storage(answers: &'static [&'static str]) -> (S3Storage, Requests) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let requests = Requests::default();
    let heard = Arc::clone(&requests);
    tokio::spawn(async move {
        for answer in answers {
            let (stream, _) = listener.accept().await.unwrap();
            let method = serve(stream, answer).await;
            heard.lock().unwrap().push(method);
        }
    });
    let config = S3Config {
        endpoint,
        public_endpoint: None,
        bucket: "vault".to_owned(),
        region: "us-east-1".to_owned(),
        access_key: "key".to_owned(),
        secret_key: "secret".to_owned(),
        presign_keys: None,
    };
    (S3Storage::connect(config).unwrap(), requests)
}

/// Reads a request, answers it and tells its method.
async fn serve(stream: TcpStream, answer: &str) -> String {
    let mut stream = BufReader::new(stream);
    let (mut method, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.unwrap();
        let line = line.trim().to_ascii_lowercase();
        if method.is_empty() {
            line.split(' ').next().unwrap().clone_into(&mut method);
        } else if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        } else if line.is_empty() {
            break;
        }
    }
    stream.read_exact(&mut vec![0; length]).await.unwrap();
    let answer = format!("HTTP/1.1 {answer}");
    stream.write_all(answer.as_bytes()).await.unwrap();
    method
}

const OK: &str = "200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello";
const BUSY: &str = "503 Busy\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
const DENIED: &str = "403 Denied\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
const CUT_OFF: &str = "200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhel";

#[tokio::test]
async fn a_busy_server_is_asked_three_times() {
    let (storage, requests) = storage(&[BUSY, BUSY, OK]).await;
    let stored = storage.put(&key(1), bytes(b"hello"), None).await.unwrap();
    assert_eq!(stored.size, 5);
    assert_eq!(*requests.lock().unwrap(), ["put", "put", "put"]);
}

#[tokio::test]
async fn after_three_attempts_a_busy_server_is_given_up() {
    let (storage, requests) = storage(&[BUSY, BUSY, BUSY, OK]).await;
    let result = storage.stat(&key(1)).await;
    assert!(
        matches!(result, Err(StorageError::Transient(_))),
        "{result:?}"
    );
    assert_eq!(*requests.lock().unwrap(), ["head", "head", "head"]);
}

#[tokio::test]
async fn a_refusal_is_final() {
    let (storage, requests) = storage(&[DENIED, OK]).await;
    let result = storage.delete(&key(1)).await;
    assert!(
        matches!(result, Err(StorageError::Unauthorized(_))),
        "{result:?}"
    );
    assert_eq!(*requests.lock().unwrap(), ["delete"]);
}

#[tokio::test]
async fn a_check_of_a_busy_server_asks_once() {
    let (storage, requests) = storage(&[BUSY, OK]).await;
    let result = storage.check().await;
    assert!(
        matches!(result, Err(StorageError::Transient(_))),
        "{result:?}"
    );
    assert_eq!(*requests.lock().unwrap(), ["get"]);
}

#[tokio::test]
async fn a_download_that_is_cut_off_is_an_error() {
    let (storage, _) = storage(&[CUT_OFF]).await;
    let download = storage.get(&key(1), None).await.unwrap();
    let error = collect(download).await.unwrap_err();
    assert!(!format!("{error:?}").contains("Signature"), "{error:?}");
}
