//! The command line.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use kit::config::Settings;
use kit::error::{Error, Result};

use crate::commands;

/// An OpenStack cloud in one binary whose servers are Docker containers.
#[derive(Debug, Parser)]
#[command(name = "novadock", version, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the cloud until interrupted.
    Serve(Common),
    /// Check the machine and say how to mend it.
    Doctor(Common),
    /// Copy the database, the keys and the credentials to FILE, also while the cloud is served.
    Backup {
        /// The tar file to write.
        file: PathBuf,
        #[command(flatten)]
        common: Common,
    },
    /// Remove everything that Novadock made: guests, networks, volumes, images, rows.
    Reset {
        /// Do not ask.
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        common: Common,
    },
    /// The rules of who may do what.
    Policy {
        #[command(subcommand)]
        what: Sample,
    },
    /// The settings.
    Config {
        #[command(subcommand)]
        what: Sample,
    },
}

#[derive(Debug, Subcommand)]
enum Sample {
    /// Print a sample file with every default.
    Sample,
}

/// What every command understands; each is also a setting and an environment variable.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Common {
    /// A TOML file; `novadock config sample` prints one.
    #[arg(long, env = "NOVADOCK_CONFIG")]
    config: Option<PathBuf>,
    /// Address and port to listen on.
    #[arg(long)]
    listen: Option<String>,
    /// Where all state lives; safe to delete. Default: the XDG state folder.
    #[arg(long, env = "NOVADOCK_DATA_DIR")]
    data_dir: Option<PathBuf>,
    /// `docker`, or `sim` for a simulated engine.
    #[arg(long)]
    engine: Option<String>,
    /// Where Docker listens, `unix:///var/run/docker.sock`.
    #[arg(long, env = "DOCKER_HOST")]
    docker_host: Option<String>,
    /// Also listen on the services' own ports (5000, 9292, 9696, …).
    #[arg(long)]
    native_ports: bool,
}

impl Common {
    /// The settings of file, environment and command line.
    pub(crate) fn settings(&self) -> Result<Settings> {
        let given = [
            ("listen", self.listen.clone()),
            ("engine", self.engine.clone()),
            ("docker_host", self.docker_host.clone()),
            ("native_ports", self.native_ports.then(|| "true".to_owned())),
        ];
        let overrides: Vec<_> =
            given.into_iter().filter_map(|(name, value)| Some(("default", name, value?))).collect();
        Settings::load(self.config.as_deref(), std::env::vars(), &overrides)
    }

    /// The data folder, which need not be there yet.
    pub(crate) fn data_dir(&self) -> Result<PathBuf> {
        let state = || {
            let home = std::env::home_dir()?;
            let set = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from);
            Some(set.unwrap_or_else(|| home.join(".local/state")).join("novadock"))
        };
        self.data_dir
            .clone()
            .or_else(state)
            .ok_or_else(|| Error::bad_request("no home folder; say where with --data-dir"))
    }
}

/// Runs the command; what goes wrong is one sentence on standard error.
pub fn run(arguments: Arguments) -> ExitCode {
    let outcome = match arguments.command {
        Command::Serve(common) => commands::serve::run(&common),
        Command::Doctor(common) => commands::doctor::run(&common),
        Command::Backup { file, common } => commands::backup::run(&common, &file),
        Command::Reset { yes, common } => commands::reset::run(&common, yes),
        Command::Policy { what: Sample::Sample } => commands::print(&commands::policy_sample()),
        Command::Config { what: Sample::Sample } => commands::print(&kit::config::sample()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            commands::complain(&format!("novadock: {error}"));
            ExitCode::FAILURE
        }
    }
}
