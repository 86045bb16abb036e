//! The claim of a call: the highest receipt that a device holds, so that a registry that was set back
//! can notice it.

use crate::seal::ReceiptNumber;

/// Name of the header that carries it.
pub const CLAIM: &str = "ogoh-claim";

/// Header in which the portal tells devices the number of the newest trust list. It proves nothing: it
/// says that there is something to fetch.
pub const TRUST_NUMBER: &str = "ogoh-trust";

/// Header in which the portal tells devices the epoch of its book. It proves nothing: a device that has not
/// yet compared itself with a book of that epoch does so.
pub const EPOCH: &str = "ogoh-epoch";

/// The highest receipt of its facility that a device holds. It proves nothing and changes nothing: only
/// the receipt itself shows that the registry lacks it. A call without one says nothing.
///
/// Written as `EPOCH.N HASH`, with the base64url SHA-256 of the receipt's JWS. FROZEN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The receipt's place.
    pub number: ReceiptNumber,
    /// Hash of its JWS.
    pub h: String,
}

impl std::fmt::Display for Claim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.number, self.h)
    }
}

impl Claim {
    /// Reads the value of the header; none where it is not of this form. An older portal passes over
    /// the header; a newer form would be another header.
    pub fn read(text: &str) -> Option<Claim> {
        let (number, h) = text.split_once(' ')?;
        let hash = h.len() == 43
            && h.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        let number = number.contains('.').then(|| number.parse().ok())??;
        hash.then(|| Claim {
            number,
            h: h.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_reads_back_and_nothing_else_is_one() {
        let h = "A".repeat(43);
        let text = format!("2.17 {h}");
        let claim = Claim::read(&text).unwrap();
        assert_eq!((claim.number.epoch, claim.number.n), (2, 17));
        assert_eq!(claim.to_string(), text);
        for bad in [
            "",
            "17",
            "1.17",
            "1.x A",
            "0.1 A",
            &format!("17 {h}"),
            &format!("1.1 {h}A"),
            &format!("1.1  {h}"),
        ] {
            assert_eq!(Claim::read(bad), None, "{bad}");
        }
    }
}
