use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

/// An nginx that serves one file.
pub(crate) struct Nginx {
    pub(crate) address: String,
    process: Child,
    _folder: TempDir,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = Command::new("kill")
            .arg(self.process.id().to_string())
            .status();
        let _ = self.process.wait();
    }
}

/// `None` where nginx is not installed.
pub(crate) fn start(file: &[u8], sendfile: bool) -> Option<Nginx> {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().display().to_string();
    std::fs::write(folder.path().join("file"), file).unwrap();
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .to_string();
    let sendfile = if sendfile { "on" } else { "off" };
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {root}/{name};\n"))
        .concat();
    let user = if is_root() { "user root;" } else { "" };
    let config = format!(
        "daemon off; {user} worker_processes 2; pid {root}/pid; error_log {root}/error.log;\n\
         events {{}}\nhttp {{ access_log off; sendfile {sendfile}; keepalive_requests 100000;\n\
         {temporary} server {{ listen {address}; root {root}; }} }}\n"
    );
    let path = folder.path().join("nginx.conf");
    std::fs::write(&path, config).unwrap();
    let process = ["nginx", "/usr/sbin/nginx"]
        .into_iter()
        .find_map(|program| {
            let mut command = Command::new(program);
            command
                .arg("-c")
                .arg(&path)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .ok()
        })?;
    for _ in 0..100 {
        if std::net::TcpStream::connect(&address).is_ok() {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Some(Nginx {
        address,
        process,
        _folder: folder,
    })
}

fn is_root() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().any(|line| line.starts_with("Uid:\t0\t"))
}
