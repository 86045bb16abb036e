//! What the packages' services may write.

use crate::source;

#[test]
fn every_service_that_opens_the_registrys_book_may_write_its_witness() {
    let mut seen = 0;
    for path in source::files(&source::root().join("packaging/systemd"), "service") {
        let text = std::fs::read_to_string(&path).unwrap();
        let folder = |line: &&str| line.starts_with("StateDirectory=");
        let folders = text.lines().find(folder).unwrap_or_default();
        if folders.contains("ogoh-portal") {
            seen += 1;
            // `portal::witness`: without a setting it lies in a folder beside the portal's own.
            assert_eq!(
                folders, "StateDirectory=ogoh-portal ogoh-portal-witness",
                "{path:?}"
            );
        }
    }
    assert!(seen >= 4, "{seen}");
    let made = std::fs::read_to_string(source::root().join("packaging/deb/postinst")).unwrap();
    assert!(made.contains(" /var/lib/ogoh-portal-witness\n"), "{made}");
}
