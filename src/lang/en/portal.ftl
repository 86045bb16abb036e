# Why a delivery, or a line of it, got no receipt
problem-not-an-entry = The registry could not read this record.
problem-bad-signature = The signature of this record is not right.
problem-foreign-journal = This journal belongs to another device.
problem-foreign-receipt = This receipt is not one of the registry's.
problem-malformed = The registry did not understand the message.
problem-too-many-lines = Too many records at once.
problem-too-large = The message is too large.
problem-encoding = The registry does not know this compression.
problem-unauthorized = The registry does not know this device.
problem-clock = The clock of this device differs from the registry's.
problem-forbidden = This is not for this device.
problem-not-found = The registry has no such thing.
problem-method = The registry does not know this call.
problem-busy = The registry is busy.
problem-internal = The registry failed.

# Why a record is held or returned; the ward reads these
reason-unknown-key = The registry does not know the key of whoever signed. A registrar will look at it.
reason-key-unconfirmed = The key of { $who } was given by { $by } and waits for the registry to confirm it.
reason-revoked-key = The key of whoever signed was withdrawn. A registrar will look at it.
reason-foreign-key = Whoever signed belongs to another facility. A registrar will look at it.
reason-role = Whoever signed may not certify this. Let an entitled colleague sign it.
reason-unknown-type = The registry does not know this type of record yet. A registrar will look at it.
reason-newer-version = The record is of a newer version than the registry knows. A registrar will look at it.
reason-fork = Two different records stand at one place of the journal. A registrar will look at it.
reason-broken-chain = The record does not follow the one before it in the journal. A registrar will look at it.
reason-bad-field = This value is not of the form that the registry expects. Correct it.
reason-rev-conflict = Somebody corrected this notification in the meantime. Look at the newest version and correct again.
reason-parent-missing = The notification that this one belongs to has not arrived yet.
reason-look-alike = It may be the same event as another notification. A registrar compares them.
reason-foundling = A found child: a registrar decides.
reason-unknown-deceased = The deceased is not known: a registrar decides.
reason-violent-death = A violent death without police number and forensic expert: a registrar decides.
reason-manner-open = The manner of death is not established: a registrar decides.
reason-late = The notification is later than the limit: a registrar decides.
reason-parentage = Parentage is disputed: a registrar decides.
reason-mother-refused = The mother's particulars were refused: a registrar decides.
reason-set-incomplete = Not all children of the multiple birth were notified within a day. A registrar will look at it.
reason-correction = A correction of a registered record: a registrar decides.
reason-prepared = Everything is prepared; the family still has to apply.
reason-registrar = The registrar sent it back: { $what }
reason-annulled = The notification was annulled before.
reason-second-person = Whoever confirms must be another person than whoever signed.
reason-annulment = Annulled; a second person still has to confirm.
reason-policy = By the country’s rules a registrar decides this kind of event.
reason-annulled-by-registrar = The registrar annulled it: { $what }

# Errors of the portal's own commands
portal-io = { $path } cannot be read or written: { $what }
portal-not-a-portal = There is no portal at { $path }.
portal-not-a-portal-hint = Set one up with: ogoh portal init
portal-exists = There is already a portal at { $path }.
portal-port-in-use = The address { $addr } is in use by another program.
portal-port-in-use-hint = Stop the other program or choose another port with --listen.
portal-address = The address { $addr } cannot be listened on: { $what }
portal-book = The portal's database failed: { $what }
portal-newer-database = The portal's database was written by a newer version of ogoh.
portal-certificate = The TLS certificate or key cannot be read: { $path } (PEM).
portal-older-database = The portal’s database is of an older version; first run: ogoh portal migrate
portal-no-such-enrolment = There is no request { $id }.
portal-no-such-key = The trust list has no key { $kid }.
portal-request-bad = The request is not valid: its signature or its form is wrong.

# The pages of the portal
desk-title = Registrar's desk
desk-count = Waiting for a decision: { $count }
desk-amendment = Correction
desk-annulment = Annulment
desk-unverified = signature not verified
desk-register = Register
desk-apply = Accept the correction
desk-annul = Annul
desk-field = Field
desk-reason = Reason
desk-return = Return for correction
desk-duplicate = Duplicate of the other notification
monitor-page-title = Notifications from health facilities
