use bytes::Bytes;
use docuvault_domain::ports::{ByteStream, StreamError};
use futures::channel::oneshot;
use futures::{FutureExt, StreamExt, TryStreamExt, future, stream};

/// A stream of these bytes in one piece.
pub fn bytes(content: &[u8]) -> ByteStream {
    chunks([Bytes::copy_from_slice(content)])
}

/// A stream of these pieces.
pub fn chunks<C>(pieces: C) -> ByteStream
where
    C: IntoIterator<Item: Into<Bytes>, IntoIter: Send + 'static>,
{
    stream::iter(pieces.into_iter().map(|piece| Ok(piece.into()))).boxed()
}

/// `before`, then a stream that breaks off with `error`.
pub fn failing_stream(before: ByteStream, error: StreamError) -> ByteStream {
    before
        .chain(stream::once(future::ready(Err(error))))
        .boxed()
}

/// `before`, then nothing for ever. The receiver hears when everything before was read.
pub fn stalling_stream(before: ByteStream) -> (ByteStream, oneshot::Receiver<()>) {
    let (reached, hears) = oneshot::channel();
    let stall = async move {
        // Nobody may be listening any more.
        let _ = reached.send(());
        future::pending().await
    };
    (before.chain(stall.into_stream()).boxed(), hears)
}

/// All bytes of a stream.
pub async fn collect(stream: ByteStream) -> Result<Vec<u8>, StreamError> {
    stream
        .try_fold(Vec::new(), |mut all, piece| {
            all.extend_from_slice(&piece);
            future::ok(all)
        })
        .await
}
