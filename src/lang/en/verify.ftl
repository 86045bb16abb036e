# The page that checks a receipt: for anyone with a slip
verify-title = Check a receipt
verify-what = The QR code on a slip holds a receipt of the civil registry. It is checked here, in this browser; nothing is sent anywhere.
verify-input = Text of the QR code
verify-input-help = Scan it or paste the text here.
verify-check = Check
verify-no-script = The check needs a newer browser with JavaScript switched on.
verify-offline = Save the page for use without a network
verify-offline-help = Get this page only from the registry’s own address, and get it anew from time to time: an old page does not know which keys are new or revoked.
verify-keys = The registry’s keys on this page: last change { $date }

# What was found
verify-genuine = Genuine: the civil registry signed this receipt.
verify-refused = Not confirmed as genuine. Do not rely on this receipt.
verify-unread = This could not be checked.
verify-status = Status
verify-number = Registration number
verify-office = Civil registry office
verify-at = Date and time of the receipt
verify-open = Still missing
verify-cert = Date of the certificate
verify-none = none
verify-not-certificate = A receipt is not a birth or death certificate.
verify-not-registered = This receipt alone does not mean that the event is registered.
verify-later = It shows what the registry had decided by that time. Later decisions are not in it.
verify-compare = It holds no names: compare the number with the one on the slip.

# Why it is not confirmed
verify-why-empty = There is no text: first scan the QR code or paste its text.
verify-why-layout = The text has Cyrillic letters. Switch the keyboard to English and scan again.
verify-why-too-long = The text is longer than 64 KiB: this is not a receipt.
verify-why-not-compact = This is not the text of a receipt, or not all of it was read. Scan again.
verify-why-header = The header of the text is not the one that the registry writes.
verify-why-alg = The way of signing is not the one that the registry uses.
verify-why-kid = The identifier of the signing key is malformed.
verify-why-wrong-type = This is a text of another kind, not a receipt.
verify-why-payload = The content cannot be read: the text was changed or not read right. Scan again.
verify-why-duplicate = A name occurs twice in the content: it could be read in two ways.
verify-why-form = The content has values that the registry does not write in this way.
verify-why-cut = The signature is not whole: the text was cut or changed. Scan again.
verify-why-unknown-key = None of the registry’s keys that this page knows signed it. If the page is old, take a new one.
verify-why-bad-signature = The signature is not valid: the text was changed or not read right. Scan again; if it stays so, the receipt is false.
verify-why-revoked-key = The signing key had been revoked before the date of this receipt.
verify-why-member = The signature is valid, but this page does not understand the content. Take a new page.
verify-why-no-keys = This page has no keys of the registry.
verify-why-insecure = At this address the browser checks no signatures: open the page by https or from the saved file.
verify-why-no-ed25519 = This browser cannot check Ed25519 signatures. Use a newer one (Chrome 137, Firefox 129, Safari 17 or later).
