use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use testcontainers::ImageExt;
use tokio::sync::OnceCell;
use tokio_postgres::{Client, NoTls};
use url::Url;

use crate::container;
use crate::guard::Guard;
use crate::local::{command, data_directory, find_program, free_ports, ready};
use crate::service::{Service, setting, unique_name};

const SERVICE: Service = Service {
    name: "PostgreSQL",
    variables: "DOCUVAULT_TEST_DATABASE_URL=postgres://user:password@host:port/database \
                (a user who may create databases and roles)",
    binaries: "initdb and postgres, on the PATH or in /usr/lib/postgresql/*/bin \
               (Debian: apt-get install postgresql)",
};

/// Nobody, as whom PostgreSQL runs when the tests run as root, because it refuses root.
const NOBODY: u32 = 65534;

/// The PostgreSQL that all tests of this process share: each takes a database of its own.
pub async fn postgres() -> &'static PostgresServer {
    static SHARED: OnceCell<PostgresServer> = OnceCell::const_new();
    SHARED
        .get_or_init(async || match setting("DOCUVAULT_TEST_DATABASE_URL") {
            Some(url) => PostgresServer {
                admin: url,
                _running: None,
            },
            None => SERVICE.start(in_container(), local).await,
        })
        .await
}

/// A running PostgreSQL.
pub struct PostgresServer {
    admin: String,
    _running: Option<Guard>,
}

impl PostgresServer {
    /// Creates an empty database and gives its URL, with a user who owns everything.
    pub async fn database(&self) -> String {
        let name = unique_name();
        self.run(&format!("CREATE DATABASE {name} TEMPLATE template0"))
            .await;
        let mut url = parse(&self.admin);
        url.set_path(&name);
        url.into()
    }

    /// Creates a role that may log in and nothing else, and gives its name.
    pub async fn create_role(&self, password: &str) -> String {
        let name = unique_name();
        let password = password.replace('\'', "''");
        self.run(&format!("CREATE ROLE {name} LOGIN PASSWORD '{password}'"))
            .await;
        name
    }

    async fn run(&self, statement: &str) {
        let result = async {
            let client = connect(&self.admin).await?;
            client.batch_execute(statement).await?;
            anyhow::Ok(())
        };
        if let Err(error) = result.await {
            panic!("{statement}: {error:#}");
        }
    }
}

fn parse(url: &str) -> Url {
    match url.parse() {
        Ok(url) => url,
        Err(error) => panic!("DOCUVAULT_TEST_DATABASE_URL: {error}"),
    }
}

async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    // Ends with the client.
    tokio::spawn(connection);
    Ok(client)
}

async fn answers(url: String) -> Result<()> {
    connect(&url).await?.batch_execute("SELECT 1").await?;
    Ok(())
}

async fn in_container() -> Result<PostgresServer> {
    let mut container = container::start("postgres", "17", 5432, None, |request| {
        request
            .with_env_var("POSTGRES_HOST_AUTH_METHOD", "trust")
            .with_cmd(["postgres"].into_iter().chain(SETTINGS.iter().copied()))
    })
    .await?;
    let admin = format!(
        "postgres://postgres@{}:{}/postgres",
        container.host, container.port
    );
    ready(&mut container.guard, || answers(admin.clone())).await?;
    Ok(PostgresServer {
        admin,
        _running: Some(container.guard),
    })
}

/// Many connections, and no durability: what tests write need not outlive them.
const SETTINGS: &[&str] = &[
    "-c",
    "max_connections=300",
    "-c",
    "fsync=off",
    "-c",
    "synchronous_commit=off",
    "-c",
    "full_page_writes=off",
];

async fn local() -> Result<PostgresServer> {
    let initdb = find_program("initdb", &versions()).context("initdb was not found")?;
    let postgres = initdb.with_file_name("postgres");
    let dir = data_directory()?;
    let as_user = run_as(dir.path())?;
    let data = dir.path().join("data");
    let [port] = free_ports()?;

    let mut init = [as_user.clone(), command(&initdb, INITDB)].concat();
    init.extend(["--pgdata".into(), data.clone().into()]);
    run_to_end(&init, dir.path())?;

    let mut server = [as_user, command(&postgres, SETTINGS)].concat();
    server.extend(["-D".into(), data.into()]);
    server.extend(["-p".into(), port.to_string().into()]);
    server.extend(
        [
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
        ]
        .map(Into::into),
    );
    // QUIT is the immediate shutdown: unlike KILL it removes the shared memory.
    let mut guard = Guard::server(&server, dir, "QUIT")?;
    let admin = format!("postgres://postgres@127.0.0.1:{port}/postgres");
    ready(&mut guard, || answers(admin.clone())).await?;
    Ok(PostgresServer {
        admin,
        _running: Some(guard),
    })
}

const INITDB: &[&str] = &[
    "--no-sync",
    "--auth=trust",
    "--username=postgres",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
];

/// Debian keeps the servers off the PATH; the newest one first.
fn versions() -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir("/usr/lib/postgresql") else {
        return Vec::new();
    };
    let mut versions: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    versions.sort_by_key(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        std::cmp::Reverse(name.parse::<u32>().unwrap_or(0))
    });
    versions.into_iter().map(|path| path.join("bin")).collect()
}

/// What to put before a command so that it does not run as root; gives `dir` to that user.
fn run_as(dir: &Path) -> Result<Vec<OsString>> {
    let we_are_root = fs::metadata(dir)?.uid() == 0;
    if !we_are_root {
        return Ok(Vec::new());
    }
    chown(dir, Some(NOBODY), Some(NOBODY))?;
    let setpriv = find_program("setpriv", &[]).context("setpriv is not on the PATH")?;
    let (user, group) = (format!("--reuid={NOBODY}"), format!("--regid={NOBODY}"));
    Ok(command(&setpriv, &[&user, &group, "--clear-groups"]))
}

fn run_to_end(line: &[OsString], dir: &Path) -> Result<()> {
    let (program, args) = line.split_first().context("an empty command")?;
    let output = Command::new(program).args(args).current_dir(dir).output()?;
    ensure!(
        output.status.success(),
        "initdb: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}
