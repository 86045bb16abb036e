//! The payload of an age file: chunks of 64 KiB, each sealed under its number, the last one marked as the last.

use std::io::{BufRead, BufReader, Error, Read, Result, Write};

use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};

use super::header::{FileKey, Identity, Recipient, damaged, derive, read_header, write_header};
use crate::env::random;

const CHUNK: usize = 64 << 10;
const TAG: usize = 16;

/// The cipher of a payload, and the number of its next chunk.
struct Chunks {
    cipher: ChaCha20Poly1305,
    next: u64,
}

impl Chunks {
    fn new(key: &FileKey, nonce: &[u8; 16]) -> Result<Chunks> {
        let key = derive(nonce, &**key, b"payload")?;
        let cipher = ChaCha20Poly1305::new_from_slice(&*key).map_err(|_| damaged())?;
        Ok(Chunks { cipher, next: 0 })
    }

    /// Eleven bytes of the number, and whether it is the last.
    fn nonce(&mut self, last: bool) -> Result<Nonce> {
        let mut nonce = [0; 12];
        for (to, from) in nonce.iter_mut().skip(3).zip(self.next.to_be_bytes()) {
            *to = from;
        }
        if let Some(end) = nonce.last_mut() {
            *end = last.into();
        }
        self.next = self.next.checked_add(1).ok_or_else(damaged)?;
        Ok(Nonce::from(nonce))
    }
}

/// Seals what is written to it. What was not finished opens nowhere.
pub(in crate::portal) struct Sealer<W> {
    out: W,
    chunks: Chunks,
    held: Vec<u8>,
}

impl<W: Write> Sealer<W> {
    /// Begins a file for these recipients, any of whom opens it.
    pub fn new(mut out: W, recipients: &[Recipient]) -> Result<Sealer<W>> {
        let key = write_header(&mut out, recipients)?;
        let nonce: [u8; 16] = random().map_err(Error::other)?;
        out.write_all(&nonce)?;
        Ok(Sealer {
            out,
            chunks: Chunks::new(&key, &nonce)?,
            held: Vec::with_capacity(CHUNK),
        })
    }

    fn seal(&mut self, last: bool) -> Result<()> {
        let nonce = self.chunks.nonce(last)?;
        let sealed = self.chunks.cipher.encrypt(&nonce, self.held.as_slice());
        self.held.clear();
        self.out.write_all(&sealed.map_err(|_| damaged())?)
    }

    /// Ends the file and gives what it was written to.
    pub fn finish(mut self) -> Result<W> {
        self.seal(true)?;
        Ok(self.out)
    }
}

impl<W: Write> Write for Sealer<W> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        // A full chunk may be the last one: it is sealed when more comes.
        if self.held.len() == CHUNK && !bytes.is_empty() {
            self.seal(false)?;
        }
        let fits = bytes.len().min(CHUNK - self.held.len());
        self.held.extend_from_slice(bytes.get(..fits).unwrap_or_default());
        Ok(fits)
    }

    fn flush(&mut self) -> Result<()> {
        self.out.flush()
    }
}

/// Opens a sealed file. What it gives was sealed as it is; only its end says that nothing is missing.
pub(in crate::portal) struct Opener<R> {
    input: BufReader<R>,
    chunks: Chunks,
    opened: Vec<u8>,
    taken: usize,
    ended: bool,
    failed: bool,
}

impl<R: Read> Opener<R> {
    /// Begins to open a file; none where no identity does.
    ///
    /// # Errors
    /// `InvalidData` where it is damaged, or no age file.
    pub fn new(input: R, identities: &[Identity]) -> Result<Option<Opener<R>>> {
        let mut input = BufReader::with_capacity(CHUNK + TAG, input);
        let Some(key) = read_header(&mut input, identities)? else {
            return Ok(None);
        };
        let mut nonce = [0; 16];
        input.read_exact(&mut nonce).map_err(|_| damaged())?;
        Ok(Some(Opener {
            chunks: Chunks::new(&key, &nonce)?,
            input,
            opened: Vec::new(),
            taken: 0,
            ended: false,
            failed: false,
        }))
    }

    fn open_next(&mut self) -> Result<()> {
        let first = self.chunks.next == 0;
        let mut sealed = Vec::with_capacity(CHUNK + TAG);
        let most = u64::try_from(CHUNK + TAG).unwrap_or(u64::MAX);
        self.input.by_ref().take(most).read_to_end(&mut sealed)?;
        self.ended = self.input.fill_buf()?.is_empty();
        let nonce = self.chunks.nonce(self.ended)?;
        let opened = self.chunks.cipher.decrypt(&nonce, sealed.as_slice());
        self.opened = opened.map_err(|_| damaged())?;
        self.taken = 0;
        // Only an empty file ends with an empty chunk.
        if self.opened.is_empty() && !first {
            return Err(damaged());
        }
        Ok(())
    }
}

impl<R: Read> Read for Opener<R> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        // After a failure nothing is an end, and no chunk is skipped.
        if self.failed {
            return Err(damaged());
        }
        if self.taken == self.opened.len() && !self.ended {
            self.failed = true;
            self.open_next()?;
            self.failed = false;
        }
        let mut rest = self.opened.get(self.taken..).unwrap_or_default();
        let given = rest.read(into)?;
        self.taken += given;
        Ok(given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64ct::{Base64, Encoding};

    const SECRET: &str = "AGE-SECRET-KEY-1AA0UYQVNJKRV4GDT8PPC9MYXTL98T79A8KHC96JR2MKD3MK5DR5SAG89UF";
    const PUBLIC: &str = "age1prtg5gt8dgx0a0wlg3hf5pu5nc87kazyhf234radyq003quet9eqswn6u7";
    const OTHER_SECRET: &str = "AGE-SECRET-KEY-1Y9Z6MNQLWY4SM439GPKWC5PD5JPJQ9VERFH2VQ0K0UAGQT5562EQJZWLER";
    const OTHER_PUBLIC: &str = "age1rv0q90dcrha54x5nht3urnucnsycg6jyzful900fh4g4znq43veqv5cqkz";
    /// Made by the crate `age` 0.11.5, for both.
    const FOREIGN: &str = "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBkWmg3TkdRbzBEUlJMbDkzeS90ZGJSei9kS3Vic0hHK29wR1dNRUJY\
         YTJNClZ6N1Y0VFZlN3R1SWdodDVFUGo0WUxENUJwYTcrVSthZGI5dUlOK1J2bncKLT4gWDI1NTE5IHJqczBqTXFwS2gzWitx\
         Tm5qUzhxZFhIbHlkSkhoSXYvNkhGMEJCRHY3VE0Kdm1rSEVndk9vRDZJTW9tU1pwNHh4Z1JUL2dHREZ4Mm9Ic2EyUHBOVlph\
         bwotPiBSIXdvLWdyZWFzZSAsLUogfDAnXzQgeWNrK2h4Cm9sOFdmYUhjZC95TDBSNHdxTXhka09aek9wWDdqWStldWFqSDJH\
         c1N6STlVQ2hBNk82TTE4SStORU11TDB5VDQKSTlBVFR0WEttM250eDZpU0pqdWpVamtNZDBYYklrR1lFUUFtWWZYS0tkVFgx\
         QQotLS0geE4wR0hXWHFRUmk4dVpIWjhyLy90SFRIR2o1WXdTeTRKWHo1bFo4dHVqNAr6AQSDoxd0f5X4aqRLv4n1VHRFGhF/\
         +PC+POtkIaxXaCn1bZ8j60kWj1iDfiAa6+DRUQ==";
    /// The same, empty, for the first.
    const FOREIGN_EMPTY: &str = "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBiMkx6M25vL3pDT1dDUlBJYVVoTEQrWWM0aDEwaFYzSHQ3QWNDTEh2\
         NTJBCkI5Q3AvdlFINW02QkxxZnJWZWVNR29TV0ZDZUFBMytiZ0VENitHdDV3eFEKLT4gYz0tZ3JlYXNlIDIuam9YIF9KYmog\
         fDROS35cKAppUFEvOE0wTXA1VVRWRFNjemM1cGpHVmZOVlhvU2d1cE9na1ZsbTJQZFR6NVEzTU5pYXpGVjVuYzIzSU93VVQz\
         ClBlYU0rUS9NYkYwQVZzR2xtUQotLS0gUlVVSDVOZWN3dVNCNDNJZDViZDJDdHNwRkl6enBsSGJCN3BGNXlvZnRFVQoUnUJE\
         tP/pOP1foG40XeWw20Z1TbkdbHWeauQnjSVdnQ==";

    fn open(file: &[u8], secret: &str) -> Result<Option<Vec<u8>>> {
        let Some(mut opener) = Opener::new(file, &Identity::parse_all(secret).unwrap())? else {
            return Ok(None);
        };
        let mut out = Vec::new();
        opener.read_to_end(&mut out)?;
        Ok(Some(out))
    }

    fn sealed(text: &[u8]) -> Vec<u8> {
        let recipients = [PUBLIC, OTHER_PUBLIC].map(|key| Recipient::parse(key).unwrap());
        let mut sealer = Sealer::new(Vec::new(), &recipients).unwrap();
        sealer.write_all(text).unwrap();
        sealer.finish().unwrap()
    }

    #[test]
    fn a_file_that_another_program_sealed_opens() {
        let bytes = |text| Base64::decode_vec(text).unwrap();
        for secret in [SECRET, OTHER_SECRET] {
            assert_eq!(
                open(&bytes(FOREIGN), secret).unwrap().unwrap(),
                "огоҳинома".as_bytes()
            );
        }
        assert_eq!(open(&bytes(FOREIGN_EMPTY), SECRET).unwrap().unwrap(), b"");
        assert!(open(&bytes(FOREIGN_EMPTY), OTHER_SECRET).unwrap().is_none());
    }

    #[test]
    fn what_is_sealed_opens_for_each_recipient_at_every_length_and_no_change_goes_unseen() {
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7] {
            let text: Vec<u8> = (0..length).map(|i| (i % 251) as u8).collect();
            let file = sealed(&text);
            for secret in [SECRET, OTHER_SECRET] {
                assert_eq!(open(&file, secret).unwrap().unwrap(), text, "{length}");
            }
            // Cut off anywhere, also at the end of a chunk, or longer.
            for cut in [1, TAG, TAG + 1, CHUNK + TAG, file.len() / 2] {
                if let Some(rest) = file.len().checked_sub(cut) {
                    assert!(open(&file[..rest], SECRET).is_err(), "{length} cut by {cut}");
                }
            }
            assert!(open(&[&file[..], b"x"].concat(), SECRET).is_err());
        }
        let file = sealed(b"text");
        for at in 0..file.len() {
            let mut changed = file.clone();
            changed[at] ^= 1;
            assert!(!matches!(open(&changed, SECRET), Ok(Some(_))), "byte {at}");
        }
    }

    #[test]
    fn once_it_failed_nothing_more_is_read() {
        let mut file = sealed(&vec![7; 3 * CHUNK]);
        let payload = file.len() - 3 * (CHUNK + TAG);
        file[payload] ^= 1;
        let identities = Identity::parse_all(SECRET).unwrap();
        let mut opener = Opener::new(file.as_slice(), &identities).unwrap().unwrap();
        for _ in 0..5 {
            assert!(opener.read(&mut [0; 16]).is_err());
        }
    }

    #[test]
    fn a_header_that_the_format_forbids_is_damaged() {
        let file = String::from_utf8_lossy(&sealed(b"")).into_owned();
        let lines: Vec<&str> = file.split('\n').collect();
        let stanza = lines[1];
        let (more, long) = (format!("{stanza} more"), "A".repeat(65));
        let headers = [
            vec![lines[0], lines[5], ""],
            vec![lines[0], &more, lines[2], lines[5], ""],
            vec![lines[0], "-> X25519", lines[2], lines[5], ""],
            vec![lines[0], "-> ", lines[2], lines[5], ""],
            vec![lines[0], "-> a  b", lines[2], lines[5], ""],
            vec![lines[0], stanza, "AAAA", lines[5], ""],
            vec![lines[0], "-> a", &long, "", lines[5], ""],
            vec![lines[0], "-> a", "A=", lines[5], ""],
        ];
        for header in headers {
            assert!(
                open(header.join("\n").as_bytes(), OTHER_SECRET).is_err(),
                "{header:?}"
            );
        }
    }

    #[test]
    fn keys_are_read_as_the_program_writes_them_and_nothing_else() {
        let file = format!("# created: 2026\n# public key: {PUBLIC}\n{SECRET}\n\n");
        assert_eq!(Identity::parse_all(&file).unwrap().len(), 1);
        for wrong in ["", "# nothing", PUBLIC, SECRET.get(..70).unwrap()] {
            assert!(Identity::parse_all(wrong).is_none(), "{wrong}");
        }
        for wrong in ["", SECRET, PUBLIC.get(..61).unwrap(), "age1", "ssh-ed25519 AAAA"] {
            assert!(Recipient::parse(wrong).is_none(), "{wrong}");
        }
    }
}
