use std::io::{IsTerminal as _, Read as _};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use docuvault_domain::accounts::{
    AccountEdits, AccountFilter, AccountOverview, AccountQuery, Email, Handle, NewUser, Role,
};
use docuvault_domain::ids::UserId;
use docuvault_domain::page::Limit;
use docuvault_domain::{Caller, Timestamp};
use serde::Serialize;

use crate::config::Overrides;
use crate::services::Services;
use crate::telemetry;

#[derive(clap::Args)]
#[command(
    after_help = "All of it works whether or not the vault is running. Accounts are named by their \
    handle or e-mail address.\n\nExamples:\n  \
    docuvault user add --handle ada --email ada@example.org --role admin\n  \
    docuvault user reset-password ada"
)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
    /// Print the outcome as JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum RoleArg {
    User,
    Admin,
}

impl From<RoleArg> for Role {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::User => Self::User,
            RoleArg::Admin => Self::Admin,
        }
    }
}

#[derive(clap::Subcommand)]
enum Command {
    /// Make an account; without a password, print the link by which its person chooses one
    Add {
        /// How others name the person
        #[arg(long)]
        handle: String,
        /// Where mail goes
        #[arg(long)]
        email: String,
        /// What the account may do
        #[arg(long, default_value = "user")]
        role: RoleArg,
        /// How much it may keep, in bytes
        #[arg(long, value_name = "BYTES")]
        quota: Option<u64>,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// List accounts
    List {
        /// Handle, e-mail address or name contain this
        text: Option<String>,
    },
    /// Refuse signing in, and sign out at once
    Disable { account: String },
    /// Let a disabled account sign in again
    Enable { account: String },
    /// Sign out, and print a link to choose a new password
    ResetPassword { account: String },
    /// Turn off the second factor of somebody who has lost it
    ResetTotp { account: String },
    /// Make somebody an administrator
    Promote { account: String },
    /// Make an administrator an ordinary user
    Demote { account: String },
    /// Change how much an account may keep
    Quota { account: String, bytes: u64 },
    /// End all sessions of somebody
    SignOut { account: String },
}

/// What became of an account.
#[derive(Serialize)]
struct AccountRow {
    id: String,
    handle: String,
    email: String,
    role: &'static str,
    disabled: bool,
    totp_enabled: bool,
    used_bytes: u64,
    limit_bytes: u64,
    document_count: u64,
    last_seen_at: Option<String>,
    /// Where the person chooses a password, once.
    #[serde(skip_serializing_if = "Option::is_none")]
    reset_url: Option<String>,
}

impl From<AccountOverview> for AccountRow {
    fn from(found: AccountOverview) -> Self {
        let user = found.user;
        Self {
            id: user.id.to_string(),
            handle: user.handle.as_str().to_owned(),
            email: user.email.as_str().to_owned(),
            role: user.role.as_str(),
            disabled: user.disabled_at.is_some(),
            totp_enabled: user.totp_enabled,
            used_bytes: found.used_bytes,
            limit_bytes: found.limit_bytes,
            document_count: found.documents,
            last_seen_at: found.last_seen_at.map(Timestamp::to_rfc3339),
            reset_url: None,
        }
    }
}

pub(super) fn run(args: Args, overrides: &Overrides) -> anyhow::Result<ExitCode> {
    let config = super::quiet_configuration(overrides)?;
    telemetry::start_logs(&config.log)?;
    let rows = super::with_vault(&config, async |services| {
        services.instance.run().await?;
        run_command(services, args.command).await
    })?;
    if args.json {
        println!("{}", serde_json::to_string(&rows)?);
    } else {
        print(&rows);
    }
    Ok(ExitCode::SUCCESS)
}

async fn run_command(services: &Services, command: Command) -> anyhow::Result<Vec<AccountRow>> {
    let operator = Caller::operator(UserId::NOBODY);
    let administer = &services.administration.users;
    let edit = async |account: &str, edits| {
        let id = super::account(services, account).await?;
        anyhow::Ok(vec![administer.edit(&operator, id, edits).await?.into()])
    };
    let role = |role| AccountEdits {
        role: Some(role),
        ..AccountEdits::default()
    };
    let disabled = |disabled| AccountEdits {
        disabled: Some(disabled),
        ..AccountEdits::default()
    };
    match command {
        Command::Add {
            handle,
            email,
            role,
            quota,
            password_stdin,
        } => {
            let new = NewUser {
                email: Email::parse(&email)?,
                handle: Handle::parse(&handle)?,
                display_name: None,
                role: role.into(),
                limit_bytes: quota,
                locale: None,
                password: password_stdin.then(read_password).transpose()?,
            };
            let (made, link) = administer.create(&operator, new).await?;
            Ok(vec![AccountRow {
                reset_url: link.map(|link| link.url),
                ..made.into()
            }])
        }
        Command::List { text } => list(services, text).await,
        Command::Disable { account } => edit(&account, disabled(true)).await,
        Command::Enable { account } => edit(&account, disabled(false)).await,
        Command::Promote { account } => edit(&account, role(Role::Admin)).await,
        Command::Demote { account } => edit(&account, role(Role::User)).await,
        Command::Quota { account, bytes } => {
            let edits = AccountEdits {
                limit_bytes: Some(bytes),
                ..AccountEdits::default()
            };
            edit(&account, edits).await
        }
        Command::ResetPassword { account } => {
            let id = super::account(services, &account).await?;
            let link = administer.reset_password(&operator, id).await?;
            Ok(vec![AccountRow {
                reset_url: Some(link.url),
                ..administer.find(&operator, id).await?.into()
            }])
        }
        Command::ResetTotp { account } => {
            let id = super::account(services, &account).await?;
            if !administer.remove_second_factor(&operator, id).await? {
                bail!("{account} has no second factor.");
            }
            Ok(vec![administer.find(&operator, id).await?.into()])
        }
        Command::SignOut { account } => {
            let id = super::account(services, &account).await?;
            administer.sign_out_everywhere(&operator, id).await?;
            Ok(vec![administer.find(&operator, id).await?.into()])
        }
    }
}

async fn list(services: &Services, text: Option<String>) -> anyhow::Result<Vec<AccountRow>> {
    let operator = Caller::operator(UserId::NOBODY);
    let mut query = AccountQuery {
        filter: AccountFilter {
            text,
            ..AccountFilter::default()
        },
        limit: Limit::parse(Limit::MAX)?,
        after: None,
    };
    let mut rows = Vec::new();
    loop {
        let page = services
            .administration
            .users
            .list(&operator, &query)
            .await?;
        rows.extend(page.items.into_iter().map(AccountRow::from));
        query.after = page.next;
        if query.after.is_none() {
            return Ok(rows);
        }
    }
}

/// A password on a command line would be in the list of processes and in the shell's history.
fn read_password() -> anyhow::Result<String> {
    let mut input = std::io::stdin();
    if input.is_terminal() {
        eprintln!("Type the password, then Enter and Ctrl-D.");
    }
    let mut typed = String::new();
    (&mut input)
        .take(4096)
        .read_to_string(&mut typed)
        .context("The password could not be read")?;
    Ok(typed.trim_end_matches(['\r', '\n']).to_owned())
}

fn print(rows: &[AccountRow]) {
    for line in rows {
        let mib = |bytes: u64| bytes.div_ceil(1024 * 1024);
        println!(
            "{:<20} {:<32} {:<6} {:>6} of {} MiB, {} documents{}{}",
            line.handle,
            line.email,
            line.role,
            mib(line.used_bytes),
            mib(line.limit_bytes),
            line.document_count,
            if line.totp_enabled { ", two-step" } else { "" },
            if line.disabled { ", disabled" } else { "" },
        );
        if let Some(url) = &line.reset_url {
            println!("To choose a password, once and within 7 days:\n{url}");
        }
    }
}
