use bytes::{Bytes, BytesMut};
use docuvault_domain::documents::Sha256;
use docuvault_domain::ports::{ByteStream, StorageError, Stored};
use futures::StreamExt;
use sha2::Digest;

/// A stream cut into blocks of one size, hashed and counted on the way.
pub(crate) struct Blocks {
    stream: ByteStream,
    block_size: usize,
    /// How much to make room for, so that a small upload takes little memory.
    room: usize,
    /// What a chunk held beyond the end of its block.
    rest: Bytes,
    hasher: sha2::Sha256,
    size: u64,
}

/// A part of a stream.
pub(crate) struct Block {
    pub(crate) bytes: Bytes,
    /// Nothing follows. Only a block that says so may end an upload.
    pub(crate) last: bool,
}

impl Blocks {
    pub(crate) fn new(stream: ByteStream, block_size: usize, size_hint: Option<u64>) -> Self {
        const UNKNOWN: usize = 16 * 1024;
        let hint = size_hint.map_or(UNKNOWN, |hint| usize::try_from(hint).unwrap_or(usize::MAX));
        Self {
            stream,
            block_size,
            room: hint.min(block_size),
            rest: Bytes::new(),
            hasher: sha2::Sha256::new(),
            size: 0,
        }
    }

    /// The next block, full unless it is the last one.
    pub(crate) async fn next(&mut self) -> Result<Block, StorageError> {
        let mut block = BytesMut::with_capacity(self.room);
        while block.len() < self.block_size {
            if self.rest.is_empty() {
                let Some(chunk) = self.stream.next().await else {
                    return Ok(self.block(block, true));
                };
                self.rest = chunk.map_err(StorageError::Source)?;
            }
            let fits = self.rest.len().min(self.block_size - block.len());
            let chunk = self.rest.split_to(fits);
            self.hasher.update(&chunk);
            block.extend_from_slice(&chunk);
        }
        self.room = self.block_size;
        Ok(self.block(block, false))
    }

    fn block(&mut self, block: BytesMut, last: bool) -> Block {
        self.size += block.len() as u64;
        Block {
            bytes: block.freeze(),
            last,
        }
    }

    /// What went through, once the last block is out.
    pub(crate) fn stored(self) -> Result<Stored, StorageError> {
        let digest = hex::encode(self.hasher.finalize());
        let sha256 = Sha256::parse(digest)
            .ok_or_else(|| StorageError::Permanent("a digest that is none".into()))?;
        Ok(Stored {
            size: self.size,
            sha256,
        })
    }
}

#[cfg(test)]
mod tests {
    use docuvault_domain::ports::StreamError;
    use docuvault_testkit::builders::{chunks, failing_stream};

    use super::*;

    async fn cut(pieces: &[&'static str]) -> (Vec<(Bytes, bool)>, Stored) {
        let mut blocks = Blocks::new(chunks(pieces.to_vec()), 4, None);
        let mut all = Vec::new();
        loop {
            let block = blocks.next().await.unwrap();
            all.push((block.bytes, block.last));
            if block.last {
                return (all, blocks.stored().unwrap());
            }
        }
    }

    #[tokio::test]
    async fn blocks_are_full_but_for_the_last() {
        let (blocks, stored) = cut(&["a", "", "bcdefgh", "ij"]).await;
        let expected = [("abcd", false), ("efgh", false), ("ij", true)];
        assert_eq!(blocks, expected.map(|(text, last)| (text.into(), last)));
        assert_eq!(stored.size, 10);
        assert_eq!(
            stored.sha256.as_str(),
            "72399361da6a7754fec986dca5b7cbaf1c810a28ded4abaf56b2106d06cb78b0"
        );
    }

    #[tokio::test]
    async fn a_full_block_does_not_yet_end_an_upload() {
        let (blocks, _) = cut(&["abcd"]).await;
        assert_eq!(blocks, [("abcd".into(), false), (Bytes::new(), true)]);
        let (blocks, _) = cut(&[]).await;
        assert_eq!(blocks, [(Bytes::new(), true)]);
    }

    #[tokio::test]
    async fn a_broken_stream_has_no_last_block() {
        let stream = failing_stream(chunks(["abcd", "e"]), StreamError::Aborted);
        let mut blocks = Blocks::new(stream, 4, None);
        assert!(!blocks.next().await.unwrap().last);
        assert!(matches!(
            blocks.next().await,
            Err(StorageError::Source(StreamError::Aborted))
        ));
    }
}
