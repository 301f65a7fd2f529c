//! Real services for tests: [`postgres()`], [`redis()`] and [`s3()`].
//!
//! Each service comes from the first of these ways that works:
//! 1. the address given in the environment: `DOCUVAULT_TEST_DATABASE_URL`,
//!    `DOCUVAULT_TEST_REDIS_URL`, `DOCUVAULT_TEST_S3_ENDPOINT` with
//!    `DOCUVAULT_TEST_S3_ACCESS_KEY` and `DOCUVAULT_TEST_S3_SECRET_KEY`
//!    (and `DOCUVAULT_TEST_S3_REGION`, by default `us-east-1`);
//! 2. a container, where a Docker engine answers;
//! 3. a local binary on free loopback ports, its data in a temporary directory.
//!
//! Where none works the test panics with one message that names all three. What was started ends
//! with the test process, however that ends.
#![warn(missing_docs)]

mod container;
mod guard;
mod local;
mod postgres;
mod redis;
mod s3;
mod service;

pub use postgres::{PostgresServer, postgres};
pub use redis::{RedisServer, redis};
pub use s3::{S3Server, s3};
