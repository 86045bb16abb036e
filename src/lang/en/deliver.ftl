deliver-bad-address = “{ $url }” is not an address of a portal.
deliver-bad-address-hint = Correct the address of the portal in the settings: https://, a name, nothing after “?”.
deliver-plain-http = Nothing is sent to { $url }: the connection would not be protected.
deliver-plain-http-hint = Use an https:// address. Plain http:// is allowed only to this same computer, written as 127.0.0.1 or [::1].
deliver-no-authority = The settings do not name the registry’s certificate file, so the portal cannot be recognised.
deliver-no-authority-hint = Ask the registry for its certificate file and name it as ca_file in the settings.
deliver-authority-unreadable = No certificate could be read from { $path }.
deliver-authority-unreadable-hint = Copy the registry's certificate file again; it is a PEM file.
deliver-unreachable = The portal was not reached: { $why }. Nothing is lost; what was signed waits here.
deliver-unreachable-hint = Recording and signing go on as usual. The program tries again by itself.
deliver-word-lost-name = no network, or the portal's name is not known
deliver-word-lost-refused = nobody answers there
deliver-word-lost-slow = the connection is too slow
deliver-word-lost-broken = the connection broke off
deliver-certificate = The server that answered cannot prove that it is the registry’s portal. Nothing was sent.
deliver-certificate-hint = A network that inspects connections can cause this. Try another network; if it stays so, call the registry.
deliver-certificate-time = The portal’s certificate is not valid at the time that this computer shows. Nothing was sent.
deliver-certificate-time-hint = Check the date and time of this computer. If they are right, tell the registry; meanwhile you can use a USB stick.
deliver-not-portal = The answer did not come from the portal (HTTP { $status }).
deliver-not-portal-hint = Perhaps the network asks for a login: open a web page on this computer. What was signed waits here.
deliver-not-enrolled = The portal does not know this device, or its key has been revoked. Recording goes on; sending does not.
deliver-not-enrolled-hint = The administrator asks the registry to recognise this device (“ogoh enrol”).
deliver-clock = The portal refuses the time of this device.
deliver-clock-hint = Set the date and time of this computer, then send again.
deliver-refused = The portal refused the request (HTTP { $status } { $code }).
deliver-refused-hint = Tell the registry this code. What was signed waits here.
deliver-no-trust = The registry’s trust list is not here yet, so no answer can be verified.
deliver-no-trust-hint = Check the root key in the settings, then send again.
deliver-trust-older = The portal gave an older trust list than the one on this device. It was not accepted.
deliver-trust-older-hint = Tell the registry: its portal may have been restored from an old copy.
deliver-word-certificate = the portal cannot be recognised
deliver-word-certificate-time = the date or time is wrong
deliver-word-not-portal = the network answers instead of the portal
deliver-word-not-enrolled = the registry does not recognise this device
deliver-word-clock = the portal refuses our time
deliver-word-refused = the portal refused the request
deliver-word-busy = the portal is busy
deliver-word-later = later
deliver-busy = The portal is busy. What was signed waits here.
deliver-busy-hint = The program tries again by itself after the time that the portal asked for.
deliver-trust-refused = The trust list that came is not the registry’s. It was not accepted.
deliver-trust-refused-hint = Check the root key in the settings against the one the registry gave you.
deliver-elsewhere = Another program on this computer is sending right now.
deliver-trust = A newer trust list has come.
deliver-report = Delivered: { $sent }, new answers: { $receipts }, put aside: { $refused }, waiting: { $left }.
deliver-given-back = The registry was restored from a copy; { $n ->
    [one] { $n } notification was given back.
   *[other] { $n } notifications were given back.
 }

monitor-well = { $n ->
    [0] all delivered
    [one] { $n } entry waits
   *[other] { $n } entries wait
 }
monitor-unsent = { $n ->
    [one] { $n } unsent
   *[other] { $n } unsent
 }
monitor-oldest = oldest unsent { $hours } h
monitor-returned = { $n ->
    [one] { $n } returned for correction
   *[other] { $n } returned for correction
 }
monitor-put-aside = { $n ->
    [one] { $n } entry that the portal could not take
   *[other] { $n } entries that the portal could not take
 }
monitor-journal = the journal does not verify
monitor-lost = { $n ->
    [one] one signed entry is
   *[other] { $n } signed entries are
 } no longer in the database; “ogoh verify” says what to do
monitor-clock-behind = the clock is behind
monitor-clock-ahead = the clock is ahead
deliver-device-certificate = No certificate of this device, or no key of it, could be read from { $path }.
deliver-device-certificate-hint = Correct client_certificate and client_key in the settings, or take them out where the registry asks for none.
