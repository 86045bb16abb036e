//! Plain requests from an address of one's own: every address of 127.0.0.0/8 is this machine.

use std::io::{Read as _, Write as _};

/// What came back.
pub struct Answer {
    pub status: u16,
    /// Head and body as they came.
    pub text: String,
}

impl Answer {
    /// The value of a header, by its name in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.text.lines().take_while(|l| !l.is_empty());
        let mut named = lines.filter_map(|l| l.split_once(": "));
        named.find(|(n, _)| *n == name).map(|(_, value)| value)
    }
}

/// Posts a body from an address.
pub fn post_from(source: &str, url: &str, media: &str, body: &str) -> Answer {
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let stream = runtime.block_on(async {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind(format!("{source}:0").parse().unwrap()).unwrap();
        socket.connect(host.parse().unwrap()).await.unwrap()
    });
    let mut stream = stream.into_std().unwrap();
    stream.set_nonblocking(false).unwrap();
    let head = format!(
        "POST /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-type: {media}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body.as_bytes()).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let status = text.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, text }
}
