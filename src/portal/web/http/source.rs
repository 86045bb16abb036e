//! Where a request comes from, as far as the portal can know it.

use std::net::IpAddr;

use axum::http::{HeaderMap, Request};

/// The address at the other end of a connection; a socket in the file system has none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub IpAddr);

/// What tells one source from another: an address, or the network of one where a household has many.
///
/// A proxy on this machine is believed what it says of its client only where the settings name one: the last
/// address of the header is the one that it added itself.
pub(super) fn source<B>(request: &Request<B>, proxied: bool) -> String {
    let peer = request.extensions().get::<Peer>().map(|Peer(ip)| *ip);
    let here = peer.is_none_or(|ip| ip.is_loopback());
    let told = (proxied && here).then(|| forwarded(request.headers())).flatten();
    told.or(peer).map_or_else(String::new, network)
}

fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?;
    last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

/// An IPv4 address, or the /64 of an IPv6 one.
fn network(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("{:x}", ip.to_bits() >> 64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(peer: Option<&str>, forwarded: &[&str], proxied: bool) -> String {
        let mut request = Request::new(());
        if let Some(peer) = peer {
            request.extensions_mut().insert(Peer(peer.parse().unwrap()));
        }
        for line in forwarded {
            request
                .headers_mut()
                .append("x-forwarded-for", line.parse().unwrap());
        }
        source(&request, proxied)
    }

    #[test]
    fn a_header_counts_only_from_a_proxy_of_this_machine_that_the_settings_name() {
        let said = ["203.0.113.9, 198.51.100.1", "192.0.2.7, 192.0.2.8"];
        assert_eq!(of(Some("198.51.100.7"), &said, true), "198.51.100.7");
        assert_eq!(of(Some("127.0.0.1"), &said, false), "127.0.0.1");
        assert_eq!(of(Some("127.0.0.1"), &said, true), "192.0.2.8");
        assert_eq!(of(None, &said, true), "192.0.2.8");
        assert_eq!(of(None, &["nonsense"], true), "");
        assert_eq!(of(Some("::1"), &["192.0.2.9"], true), "192.0.2.9");
    }

    #[test]
    fn the_addresses_of_one_household_are_one_source() {
        assert_eq!(
            of(Some("2001:db8:1:2::7"), &[], false),
            of(Some("2001:db8:1:2:ffff::1"), &[], false)
        );
        assert_ne!(
            of(Some("2001:db8:1:2::7"), &[], false),
            of(Some("2001:db8:1:3::7"), &[], false)
        );
        assert_eq!(of(Some("::ffff:192.0.2.7"), &[], false), "192.0.2.7");
    }
}
