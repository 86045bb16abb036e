//! The keys and the header of an age file: its own key, sealed to each recipient.

use std::io::{BufRead, Error, ErrorKind, Read, Result, Write};

use base64ct::{Base64Unpadded, Encoding};
use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use crate::env::random;

const VERSION: &str = "age-encryption.org/v1";
const X25519: &str = "X25519";
const WRAP: &[u8] = b"age-encryption.org/v1/X25519";
/// Most bytes of a header: it has a line or two for each recipient.
const MOST_HEADER: u64 = 64 << 10;
/// Columns of a line in the body of a stanza.
const COLUMNS: usize = 64;
/// Bytes of a sealed file key; those of other lengths could be made to open with several keys.
const WRAPPED: usize = 32;

pub(super) type FileKey = Zeroizing<[u8; 16]>;

/// Whom a file is sealed to: a public key, `age1…`.
#[derive(Clone)]
pub(in crate::portal) struct Recipient([u8; 32]);

/// What opens it: a secret key, `AGE-SECRET-KEY-1…`.
pub(in crate::portal) struct Identity(StaticSecret);

impl Recipient {
    /// Reads `age1…`. A point of low order is no key: what is sealed to it anybody could open.
    pub fn parse(text: &str) -> Option<Recipient> {
        let bytes = decode(text, "age")?;
        let shared = StaticSecret::from([1; 32]).diffie_hellman(&PublicKey::from(bytes));
        shared.was_contributory().then_some(Recipient(bytes))
    }
}

impl Identity {
    fn parse(text: &str) -> Option<Identity> {
        let bytes = Zeroizing::new(decode(text, "age-secret-key-")?);
        Some(Identity(StaticSecret::from(*bytes)))
    }

    /// Reads what `age-keygen` writes: a key in each line, and remarks after `#`. None where a line is neither.
    pub fn parse_all(text: &str) -> Option<Vec<Identity>> {
        let lines = text.lines().map(str::trim);
        let keys = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let keys: Vec<Identity> = keys.map(Identity::parse).collect::<Option<_>>()?;
        (!keys.is_empty()).then_some(keys)
    }
}

fn decode(text: &str, prefix: &str) -> Option<[u8; 32]> {
    let checked = CheckedHrpstring::new::<Bech32>(text).ok()?;
    let bytes = Zeroizing::new(checked.byte_iter().collect::<Vec<u8>>());
    (checked.hrp() == Hrp::parse(prefix).ok()?).then_some(())?;
    bytes.as_slice().try_into().ok()
}

/// A file that nobody can read as it stands: damaged, or no age file.
pub(super) fn damaged() -> Error {
    Error::new(ErrorKind::InvalidData, "age")
}

pub(super) fn derive(salt: &[u8], secret: &[u8], what: &[u8]) -> Result<Zeroizing<[u8; 32]>> {
    let mut key = Zeroizing::new([0; 32]);
    let expanded = Hkdf::<Sha256>::new(Some(salt), secret).expand(what, &mut *key);
    expanded.map(|()| key).map_err(|_| damaged())
}

fn header_mac(key: &FileKey, header: &[u8]) -> Result<Hmac<Sha256>> {
    let key = derive(&[], &**key, b"header")?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&*key).map_err(|_| damaged())?;
    mac.update(header);
    Ok(mac)
}

/// The cipher under which a file key is sealed between two keys.
fn wrapping(shared: &[u8], ephemeral: &[u8; 32], recipient: &[u8; 32]) -> Result<ChaCha20Poly1305> {
    let salt = [&ephemeral[..], &recipient[..]].concat();
    let key = derive(&salt, shared, WRAP)?;
    ChaCha20Poly1305::new_from_slice(&*key).map_err(|_| damaged())
}

/// Begins a file: writes its header, and gives its key.
pub(super) fn write_header(out: &mut impl Write, recipients: &[Recipient]) -> Result<FileKey> {
    let bytes = || random::<32>().map_err(Error::other);
    let key: FileKey = Zeroizing::new(random().map_err(Error::other)?);
    let mut header = format!("{VERSION}\n");
    for Recipient(recipient) in recipients {
        let secret = StaticSecret::from(bytes()?);
        let ephemeral = PublicKey::from(&secret).to_bytes();
        let shared = secret.diffie_hellman(&PublicKey::from(*recipient));
        if !shared.was_contributory() {
            return Err(damaged());
        }
        let cipher = wrapping(shared.as_bytes(), &ephemeral, recipient)?;
        let wrapped = cipher
            .encrypt(&Nonce::from([0; 12]), &key[..])
            .map_err(|_| damaged())?;
        let (share, body) = (
            Base64Unpadded::encode_string(&ephemeral),
            Base64Unpadded::encode_string(&wrapped),
        );
        header.push_str(&format!("-> {X25519} {share}\n{body}\n"));
    }
    header.push_str("---");
    let mac = header_mac(&key, header.as_bytes())?.finalize().into_bytes();
    writeln!(out, "{header} {}", Base64Unpadded::encode_string(&mac))?;
    Ok(key)
}

/// Reads a header; gives the key of the file, none where no identity opens it.
pub(super) fn read_header(input: &mut impl BufRead, identities: &[Identity]) -> Result<Option<FileKey>> {
    let mut input = input.take(MOST_HEADER);
    let mut line = move || -> Result<String> {
        let mut line = String::new();
        input.read_line(&mut line)?;
        line.ends_with('\n').then_some(line).ok_or_else(damaged)
    };
    let mut header = line()?;
    if header.trim_end_matches('\n') != VERSION {
        return Err(damaged());
    }
    let mut found = None;
    let mut next = line()?;
    if !next.starts_with("-> ") {
        return Err(damaged());
    }
    while let Some(stanza) = next.strip_prefix("-> ") {
        let args: Vec<String> = stanza
            .trim_end_matches('\n')
            .split(' ')
            .map(str::to_owned)
            .collect();
        let visible = |arg: &String| !arg.is_empty() && arg.bytes().all(|b| b.is_ascii_graphic());
        if !args.iter().all(visible) {
            return Err(damaged());
        }
        header.push_str(&next);
        let mut body = String::new();
        loop {
            let part = line()?;
            header.push_str(&part);
            let part = part.trim_end_matches('\n');
            body.push_str(part);
            match part.len() {
                COLUMNS => {}
                ..COLUMNS => break,
                _ => return Err(damaged()),
            }
        }
        let body = Base64Unpadded::decode_vec(&body).map_err(|_| damaged())?;
        let kind = args.first().is_some_and(|kind| kind == X25519);
        match (args.as_slice(), &found) {
            ([_, share], None) if kind => found = unwrap_key(share, &body, identities)?,
            (_, None) if kind => return Err(damaged()),
            _ => {}
        }
        next = line()?;
    }
    let mac = next.strip_prefix("--- ").ok_or_else(damaged)?;
    let Some(key) = found else { return Ok(None) };
    header.push_str("---");
    let mac = Base64Unpadded::decode_vec(mac.trim_end_matches('\n')).map_err(|_| damaged())?;
    let right = header_mac(&key, header.as_bytes())?.verify_slice(&mac);
    right.map(|()| Some(key)).map_err(|_| damaged())
}

/// Opens a file key with whichever identity does.
fn unwrap_key(share: &str, body: &[u8], identities: &[Identity]) -> Result<Option<FileKey>> {
    let ephemeral = Base64Unpadded::decode_vec(share).map_err(|_| damaged())?;
    let ephemeral: [u8; 32] = ephemeral.try_into().map_err(|_| damaged())?;
    if body.len() != WRAPPED {
        return Err(damaged());
    }
    for Identity(secret) in identities {
        let own = PublicKey::from(secret).to_bytes();
        let shared = secret.diffie_hellman(&PublicKey::from(ephemeral));
        if !shared.was_contributory() {
            return Err(damaged());
        }
        let cipher = wrapping(shared.as_bytes(), &ephemeral, &own)?;
        if let Ok(key) = cipher.decrypt(&Nonce::from([0; 12]), body) {
            let key = Zeroizing::new(key);
            let key: [u8; 16] = key.as_slice().try_into().map_err(|_| damaged())?;
            return Ok(Some(Zeroizing::new(key)));
        }
    }
    Ok(None)
}
