//! A real browser: Chromium, driven by the keyboard through ChromeDriver (W3C WebDriver).
//!
//! `OGOH_SCREENSHOTS=DIR` keeps pictures of what it saw, to be looked at.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use base64ct::{Base64, Encoding};
use serde_json::{Value, json};

/// A window of a browser; closes when dropped.
pub struct Chrome {
    driver: Child,
    base: String,
    _profile: tempfile::TempDir,
}

pub const ENTER: char = '\u{E007}';
pub const TAB: char = '\u{E004}';
const ALT: char = '\u{E00A}';

impl Chrome {
    /// Starts it; none where the machine has no Chromium.
    pub fn start() -> Option<Chrome> {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let lines = BufReader::new(driver.stdout.take()?).lines();
        // "ChromeDriver was started successfully on port 40123."
        let port = lines.map_while(Result::ok).find_map(|line| {
            let rest = line.split("started successfully on port ").nth(1)?;
            rest.trim_end_matches('.').parse::<u16>().ok()
        })?;
        let profile = tempfile::tempdir().ok()?;
        let mut args: Vec<String> = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
        ]
        .map(str::to_owned)
        .to_vec();
        args.push(format!("--user-data-dir={}", profile.path().display()));
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"args": args},
            "goog:loggingPrefs": {"performance": "ALL", "browser": "ALL"}
        }}});
        let mut chrome = Chrome {
            driver,
            base: format!("http://127.0.0.1:{port}"),
            _profile: profile,
        };
        let made = chrome.call("POST", "/session", &wanted);
        let id = made["sessionId"].as_str()?.to_owned();
        chrome.base = format!("{}/session/{id}", chrome.base);
        Some(chrome)
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(std::time::Duration::from_secs(60)))
            .build()
            .into();
        let url = format!("{}{path}", self.base);
        let answer = match method {
            "GET" => agent.get(url).call(),
            "DELETE" => agent.delete(url).call(),
            _ => agent
                .post(url)
                .header("content-type", "application/json")
                .send(&body.to_string().into_bytes()[..]),
        };
        let text = answer.unwrap().body_mut().read_to_string().unwrap();
        let said: Value = serde_json::from_str(&text).unwrap();
        assert!(said["value"]["error"].is_null(), "{method} {path}: {said}");
        said["value"].clone()
    }

    pub fn go(&self, url: &str) {
        self.call("POST", "/url", &json!({ "url": url }));
    }

    /// The address, without the host.
    pub fn at(&self) -> String {
        let url = self.call("GET", "/url", &Value::Null);
        let url = url.as_str().unwrap();
        let path = url.splitn(4, '/').nth(3).unwrap_or_default();
        format!("/{path}")
    }

    pub fn script(&self, code: &str) -> Value {
        self.call("POST", "/execute/sync", &json!({ "script": code, "args": [] }))
    }

    /// What the page says.
    pub fn says(&self) -> String {
        self.script("return document.body.innerText")
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Types; waits until a page that this leads to is there.
    pub fn keys(&self, text: &str) {
        let mut actions = Vec::new();
        for c in text.chars() {
            actions.push(json!({ "type": "keyDown", "value": c.to_string() }));
            actions.push(json!({ "type": "keyUp", "value": c.to_string() }));
        }
        self.act(&actions);
    }

    /// Alt with a key: the page's access keys.
    pub fn alt(&self, key: char) {
        self.act(&[
            json!({ "type": "keyDown", "value": ALT.to_string() }),
            json!({ "type": "keyDown", "value": key.to_string() }),
            json!({ "type": "keyUp", "value": key.to_string() }),
            json!({ "type": "keyUp", "value": ALT.to_string() }),
        ]);
    }

    fn act(&self, actions: &[Value]) {
        let keys = json!({ "type": "key", "id": "keys", "actions": actions });
        self.call("POST", "/actions", &json!({ "actions": [keys] }));
    }

    /// Waits until the page says something.
    pub fn wait_for(&self, text: &str) {
        let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
        loop {
            // A page in the making cannot be asked; ask again.
            let said = self.says_or_nothing();
            if said.contains(text) {
                return;
            }
            assert!(
                std::time::Instant::now() < until,
                "{text:?} never came: {} {said}",
                self.at()
            );
            std::thread::park_timeout(std::time::Duration::from_millis(5));
        }
    }

    fn says_or_nothing(&self) -> String {
        let ready = "return document.readyState === 'complete' ? document.body.innerText : ''";
        self.script(ready).as_str().unwrap_or_default().to_owned()
    }

    /// What has the focus: its name, else its text.
    pub fn focus(&self) -> String {
        let code = "const e = document.activeElement; return e.name || e.innerText || e.tagName";
        self.script(code).as_str().unwrap().to_owned()
    }

    pub fn size(&self, width: u32, height: u32) {
        self.call(
            "POST",
            "/window/rect",
            &json!({ "width": width, "height": height }),
        );
    }

    /// Whether nothing has to be scrolled sideways.
    pub fn fits(&self) -> bool {
        let code = "return document.documentElement.scrollWidth <= document.documentElement.clientWidth";
        self.script(code).as_bool().unwrap()
    }

    /// Addresses that were asked for since the last look.
    pub fn requests(&self) -> Vec<String> {
        let log = self.call("POST", "/se/log", &json!({ "type": "performance" }));
        let entries = log.as_array().unwrap().iter();
        entries
            .filter_map(|e| serde_json::from_str::<Value>(e["message"].as_str()?).ok())
            .filter(|m| m["message"]["method"] == "Network.requestWillBeSent")
            .map(|m| {
                m["message"]["params"]["request"]["url"]
                    .as_str()
                    .unwrap()
                    .to_owned()
            })
            .collect()
    }

    /// What the browser complained of since the last look, such as a broken policy.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.call("POST", "/se/log", &json!({ "type": "browser" }));
        let entries = log.as_array().unwrap().iter();
        entries
            .map(|e| e["message"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Keeps a picture, where somebody wants to look.
    pub fn picture(&self, name: &str) {
        let Ok(dir) = std::env::var("OGOH_SCREENSHOTS") else {
            return;
        };
        let shot = self.call("GET", "/screenshot", &Value::Null);
        let bytes = Base64::decode_vec(shot.as_str().unwrap()).unwrap();
        std::fs::write(std::path::Path::new(&dir).join(format!("{name}.png")), bytes).unwrap();
    }
}

impl Drop for Chrome {
    fn drop(&mut self) {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(std::time::Duration::from_secs(10)))
            .build()
            .into();
        let _ = agent.delete(&self.base).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
