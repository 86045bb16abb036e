section-birth = Birth
section-mother = Mother
section-child = Child’s name
section-father = Father
section-death = Death
section-deceased = Deceased
section-cause = Cause of death
section-external = External cause
section-pregnancy = Pregnancy
section-notice = Notification
unit-g = { $n } g
unit-weeks = { $n } wk
unit-children = { $n }
unit-visits = { $n }
unit-order = { $n }
unit-points = { $n }
unit-cm = cm
interval-y = { $n ->
    [one] { $n } year
   *[other] { $n } years
 }
interval-mo = { $n ->
    [one] { $n } month
   *[other] { $n } months
 }
interval-w = { $n ->
    [one] { $n } week
   *[other] { $n } weeks
 }
interval-d = { $n ->
    [one] { $n } day
   *[other] { $n } days
 }
interval-h = { $n } h
interval-min = { $n } min
form-control-character = { $field } ({ $path }): the text holds a control character. Remove it.
form-too-long = { $field } ({ $path }): “{ $found }” is longer than { $most } characters. Shorten it.
form-not-in-list = { $field } ({ $path }): “{ $found }” is not in the list. Allowed: { $allowed }.
form-not-a-number = { $field } ({ $path }): “{ $found }” is not a whole number. Type digits only.
form-not-a-length = { $field } ({ $path }): “{ $found }” is not a length. Type centimetres, such as 51 or 51.5.
form-not-a-date = { $field } ({ $path }): “{ $found }” is not a date. Type DD.MM.YYYY, month and year, or a year; in a file YYYY-MM-DD.
form-no-such-date = { $field } ({ $path }): the calendar has no “{ $found }”. Check day and month.
form-date-year = { $field } ({ $path }): the year of “{ $found }” is outside 1850–2199. Check the year.
form-not-a-time = { $field } ({ $path }): “{ $found }” is not a time. Type HH:MM, such as 03:12.
form-not-an-interval = { $field } ({ $path }): “{ $found }” is not an interval. Examples: 3 days, 2 weeks, 5 h; in a file P3D.
form-unknown-not-taken = { $field } ({ $path }): this field does not take “{ $found }”. Enter a value.
form-empty-text = { $field } ({ $path }): the text is empty. Leave the field out or write {"{"}"not": "yet"{"}"}.
form-not-nfc = { $field } ({ $path }): the text is not in form NFC. Write composed letters.
form-wrong-type = { $field } ({ $path }): found { $found }. Allowed: { $allowed }.
form-unknown-field = { $path }: there is no such field. “ogoh schema” shows the fields.
form-broken-json = The file is not JSON: line { $line }, column { $column }. Check brackets and commas there.
form-no-such-rule = { $path }: there is no such rule. “ogoh rules” shows them.
