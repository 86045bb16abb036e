rule-line-a = a
rule-line-b = b
rule-line-c = c
rule-line-d = d
rule-manner-disease = disease
rule-manner-accident = accident
rule-manner-self-harm = intentional self-harm
rule-manner-assault = assault
rule-manner-legal = legal intervention
rule-manner-war = war
rule-manner-undetermined = could not be determined
rule-manner-pending = pending investigation
rule-manner-unknown = unknown
rule-c01 = { $at } is in the future: it is { $now } now. Correct the date or the time.
rule-c01-clock = { $at } is in the future by this computer’s clock ({ $now }), which is not confirmed. If the clock on the wall agrees, confirm it.
rule-c02 = The event was { $days } days ago (limit { $limit } days). Check the date and confirm it.
rule-c02-reason = The event was { $days } days ago (limit { $limit } days). Write the reason for the delay.
rule-c03 = Nothing can be signed before it happened: event { $at }, now { $now }. Correct the time.
rule-c04 = A required field is empty: “{ $field }”. Fill it in, or, where it may be so, mark why it is unknown.
rule-c05 = Warnings without an answer: { $n } ({ $rules }). Answer each one: checked, or could not be checked.
rule-c06 = You may not sign this notification, or your signing key is no longer valid. Ask the certifier on duty; the draft is kept.
rule-c07 = This event is already recorded: { $name }, { $at }. Open that notification and amend it instead.
rule-c08 = Possible duplicate: { $name }, { $at }, { $facility }. If it is another person, confirm; if not, open the first one.
rule-c09 = A word of “{ $value }” mixes Latin and Cyrillic letters. Type the name again.
rule-c09-digit = The name holds a digit: “{ $value }”. Correct it or confirm it.
rule-c09-font = “{ $value }” is typed with letters of an old font. Perhaps “{ $better }”? Type it again, or confirm.
rule-c10 = “{ $value }” does not look like a document number (up to { $letters } letters and { $least } to { $most } digits). Compare it with the document.
rule-c11 = “{ $value }” does not look like a phone number of Tajikistan (+992 and 9 digits). Ask again or confirm it.
rule-c12 = The event was { $days } days ago (more than { $limit }): a registrar will look at the notification.
rule-b01 = The child’s sex is missing. Choose boy, girl or undetermined.
rule-b01-undetermined = The child’s sex is undetermined. Confirm that a doctor has examined the child.
rule-b02 = A weight of { $value } g is not possible ({ $least } to { $most } g). Correct the number.
rule-b03 = A weight of { $value } g is rare (usually { $least } to { $most } g). Weigh again or confirm it.
rule-b04 = A gestation of { $value } weeks is not possible ({ $least } to { $most } weeks). Correct it.
rule-b05 = A gestation of { $value } weeks is rare (usually { $least } to { $most } weeks). Check it or confirm it.
rule-b06 = A weight of { $value } g does not fit { $weeks } weeks (usually { $least } to { $most } g). Check weight and weeks, or confirm.
rule-b07 = A weight of { $value } g and { $weeks } weeks contradict each other. Check both, or confirm.
rule-b08 = An Apgar score of { $value } is not possible ({ $least } to { $most }). Correct it.
rule-b09 = Apgar at 5 minutes is { $value }, below 6. Give the score at 10 minutes, or mark it as unknown.
rule-b10 = The Apgar score fell from { $one } to { $five }. Check both scores, or confirm.
rule-b11 = Every Apgar is 0. Was there a sign of life: breathing, heartbeat, cord pulsation, movement? If so, confirm; if not, change the kind (F11).
rule-b12 = The number of children born cannot be { $value } (1 to 9). Correct it.
rule-b12-many = The number of children born is { $value }. Check it or confirm it.
rule-b13 = Order { $value } is not possible: { $children } children were born. Correct the order or the number.
rule-b13-missing = { $children } children were born, but the order of this one is missing. Say which one it is.
rule-b14 = { $children } children are stated, but there are { $entered } notifications. Correct the number or the notifications.
rule-b14-open = { $entered } of { $children } children are entered. Add the others to sign them together (F10 a live birth, F12 a stillbirth), or confirm.
rule-b15 = Order and time disagree: child { $order } at { $at }, child { $other } at { $other_at }. Correct the order or the time.
rule-b15-twice = Order { $order } is given to two children. Correct one of them.
rule-b16 = Children of one delivery are more than { $hours } hours apart. Check date and time, or confirm.
rule-b16-mother = Another child of the same delivery names another document of the mother. Compare it with the document.
rule-b16-facility = Another child of the same delivery is recorded by facility { $facility }. Check it or confirm it.
rule-b17 = A mother’s age of { $age } is not possible ({ $least } to { $most } years). Correct her date of birth.
rule-b18 = The mother’s age is { $age } (usually { $least } to { $most } years). Check her date of birth, or confirm.
rule-b19 = The mother ({ $born }) was not born before the child ({ $at }). Correct one of the dates.
rule-b20 = The father ({ $born }) was not born before the child ({ $at }). Correct one of the dates.
rule-b21 = The father’s age is { $age } (usually { $least } to { $most } years). Check his date of birth, or confirm.
rule-b23 = Previous live births: { $value }, many for the mother’s age. Count without this delivery, or confirm.
rule-b29 = A length of { $value } cm is rare (usually { $least } to { $most } cm). Measure again or confirm it.
rule-b32 = Below { $weeks } weeks and { $grams } g, yet with signs of life. Confirm that the law has it registered as a live birth.
rule-b33 = The registry may ask about the form “{ $value }”. Tell the parents; no answer is needed.
rule-s01 = A stillbirth is registered from { $weeks } weeks, { $grams } g or { $cm } cm. Check the measurements; if they are right, no notification is needed.
rule-s02 = Weeks, weight and length are all unknown. Measure and state at least one of them.
rule-s03 = With a sign of life this is a live birth, and then a death. F11 turns this notification into the birth; then record the death.
rule-s03-apgar = An Apgar score of { $value } means signs of life. If that is right, this is a live birth; if not, correct the score.
rule-s04 = It is not known whether death came before labour or during it. Look in the history or ask the midwife, or confirm that it is unknown.
rule-s08 = This counts in the international stillbirth rate. No answer is needed.
rule-d01 = The immediate cause of death is missing. Fill in line a; if it is not yet known, mark it so and make the certificate preliminary.
rule-d01-awaited = The cause is not yet known, so the certificate has to be preliminary. Change its kind, or state the cause.
rule-d01-unknown = The cause cannot be known. If an autopsy is possible, mark it as not yet known; if not, confirm.
rule-d02 = The chain of causes has a gap: “{ $used }” is filled, “{ $empty }” is empty. Move the cause up or fill the gap; do not delete the cause.
rule-d03 = The sex of the deceased is missing. Choose it.
rule-d04 = Neither date of birth nor age is given. Give an estimated age or a range, or mark the estimated age as unknown.
rule-d05 = The date of birth ({ $born }) is after the date of death ({ $at }). Correct one of the dates.
rule-d06 = An age of { $age } is not possible (up to { $most } years). Correct the date of birth or the age.
rule-d06-high = The age is { $age }, above { $most } years. Compare it with the document, or confirm.
rule-d07 = The illness is stated as longer than the life: { $unit ->
        [y] { $n ->
            [one] { $n } year
           *[other] { $n } years
        }
        [mo] { $n ->
            [one] { $n } month
           *[other] { $n } months
        }
        [w] { $n ->
            [one] { $n } week
           *[other] { $n } weeks
        }
        [d] { $n ->
            [one] { $n } day
           *[other] { $n } days
        }
        [h] { $n ->
            [one] { $n } hour
           *[other] { $n } hours
        }
       *[min] { $n } min
    } at an age of { $age } (years). Check the interval or the dates.
rule-d08 = Line { $line } ({ $unit ->
        [y] { $n ->
            [one] { $n } year
           *[other] { $n } years
        }
        [mo] { $n ->
            [one] { $n } month
           *[other] { $n } months
        }
        [w] { $n ->
            [one] { $n } week
           *[other] { $n } weeks
        }
        [d] { $n ->
            [one] { $n } day
           *[other] { $n } days
        }
        [h] { $n ->
            [one] { $n } hour
           *[other] { $n } hours
        }
       *[min] { $n } min
    }) has lasted longer than its cause on line { $below }. A cause begins first: check the intervals or the order.
rule-d10 = Lines { $line } and { $below } state the same condition. Remove or correct one of them.
rule-d13 = Code { $code } names a manifestation, not an underlying cause. Give the code of the disease itself, or leave the code empty.
rule-d14 = “{ $code }” does not look like an ICD-10 code. Correct it or leave the code empty: the text is enough.
rule-d15 = Code { $code } is an ill-defined cause. If it is known, write the disease that led to it on the line below, or confirm.
rule-d16 = Code { $code } says little about the cause. If it is known, state the disease that led to it, or confirm.
rule-d17 = Code { $code } is a mode of dying, not a cause. State which disease led to it, or confirm that it is unknown.
rule-d18 = Code { $code } is an intermediate cause. Write on the line below what it began with, or confirm.
rule-d20 = An injury or poisoning ({ $code }) asks for a code of its external cause (V01–Y98). Add the external cause, or leave the code empty.
rule-d21 = An injury ({ $code }) cannot be the underlying cause. Write the external cause on the lowest line: what happened.
rule-d22 = The manner of death (“{ $manner }”) contradicts code { $code }. Correct one of them; if it is not settled, choose “pending investigation”.
rule-d23 = The manner of death is “{ $manner }”, but no external cause (V01–Y98) is coded. Add the external cause, or correct the manner.
rule-d23-disease = The manner of death is disease, but code { $code } is an external cause. Check it or confirm it.
rule-d24 = The circumstances of the injury are incomplete: “{ $field }”. Fill it in, or mark that it cannot be known.
rule-d25 = The date of injury ({ $injured }) is after the date of death ({ $at }). Correct it.
rule-d26 = Code { $code } belongs to women only, but the sex is male. Correct the sex or the code.
rule-d27 = Code { $code } belongs to men only, but the sex is female. Correct the sex or the code.
rule-d28 = The pregnancy code { $code } does not fit an age of { $age }. Check the age or the code.
rule-d29 = Code { $code } is for deaths 43 days to 1 year after delivery only. Correct the code or the answer “Death relative to pregnancy”.
rule-d29-sequelae = Code { $code } is for deaths one year or more after delivery only. Correct the code or the answer “Death relative to pregnancy”.
rule-d30 = The answer says there was no pregnancy, yet its time or its part in the death is given. Correct one of the answers.
rule-d31 = For women aged { $least } to { $most } years (here { $age }) the pregnancy questions are needed. Answer them, or mark that it cannot be known.
rule-d32 = A pregnancy-related death: a maternal-death review opens. Tell the chief doctor; no answer is needed.
rule-d32-external = A death in pregnancy or soon after, but from an external cause: it is not counted as maternal. No answer is needed.
rule-d33 = A delivery of this woman on { $at } is on record, yet the answer about pregnancy is no. Correct the answer, or confirm.
rule-d34 = The perinatal code { $code } does not fit an age of { $age } years. Check the code or the age.
rule-d35 = Code { $code } is for newborns only (under 28 days); the age is { $age } (years). Check the code or the dates.
rule-d35-sudden = Code { $code } is for infants under one year only; the age is { $age } (years). Correct the code or the dates.
rule-d36 = The self-harm code { $code } does not fit an age of { $age } years. Check the code, the manner or the age.
rule-d37 = Code { $code } is not usual before { $least } years; the age is { $age }. Check it or confirm it.
rule-d41 = An infant has died, and no birth notification is linked. Find and link it, or confirm that it is not here.
rule-d44 = { $code }: report this disease to the sanitary and epidemiological service at once, then confirm.
rule-d45 = “{ $value }” is too short for a cause. Write the disease in full, or confirm.
rule-d46 = Only one cause is stated. If it is known, add what led to it or contributed, or confirm.
rule-d47 = “{ $value }” is not in the list of “{ $field }”. Choose from the list.
rule-d48 = There is no police file number, so a registrar will look at this notification. Give the number if there is one; no answer is needed.
rule-b22 = Living ({ $living }) and dead ({ $dead }) previous children do not add up to the previous live births ({ $total }). Count again.
rule-b24 = More previous caesareans ({ $value }) than previous deliveries ({ $most }). Count again.
rule-b25 = The last live birth ({ $last }) was less than { $months } months before this one. Check the date, or confirm.
rule-b25-error = The last live birth ({ $last }) was less than { $months } months before this one, or after it. Correct the date.
rule-b27 = The first antenatal visit was in week { $first }, but the pregnancy lasted { $weeks } weeks. Correct one of them.
rule-b27-many = { $value } antenatal visits are too many (at most { $most }). Correct the number.
rule-b27-none = There were no antenatal visits, but a week of the first visit is given. Correct one of them, or confirm.
rule-b31 = “{ $code }” is no code of a congenital anomaly (Q00 to Q99). Correct or delete the code.
rule-b31-sex = The anomaly “{ $code }” does not occur in a child of this sex. Correct the code or the sex.
rule-s05 = “{ $code }” is outside P00–P96 and Q00–Q99. Choose a condition of the child, or confirm.
rule-s06 = “{ $code }” is a code of the mother, not of the child. Write it as the condition of the mother (P00–P04).
rule-s07 = “{ $code }” says little about the cause. Name the condition if it is known, or confirm.
rule-d42 = The surgery ({ $date }) was more than { $days } days before the death. Check the date, or confirm.
rule-d42-after = The surgery ({ $date }) is after the death. Correct the date.
rule-d43 = The reason for the surgery is missing. Write it, or mark why it is unknown.
rule-b26 = A gestation of { $weeks } weeks and the last period { $lmp } ({ $by_lmp } weeks) differ by more than { $most } weeks. Check both, or confirm.
rule-b26-error = The last period ({ $lmp }) is after the birth ({ $at }), or more than { $most } weeks before it. Correct one of the dates.
rule-b28-height = A mother’s height of { $value } cm is rare (usually { $least } to { $most } cm). Check it or confirm it.
rule-b28-weight = A mother’s weight of { $value } kg at delivery is rare (usually { $least } to { $most } kg). Check it or confirm it.
rule-b28-gain = A weight gain of { $value } kg in pregnancy is rare (usually up to { $most } kg). Check both weights, or confirm.
rule-b28-loss = A weight loss of { $value } kg in pregnancy is rare (usually up to { $most } kg). Check both weights, or confirm.
rule-b28 = The mother’s height, weight or weight gain is unusual. Check it or confirm it.
rule-b30 = It says that the child is no longer alive, but no death is linked. Record the death from this birth (key D) first.
rule-b34 = No sign of life is stated: this is a stillbirth, not a live birth. Change the kind (F11), or correct the signs of life.
rule-d09 = “{ $value }” is not an interval. Write it like this: 3 days, 2 weeks, 5 h; in a file P3D, P2W, PT5H.
rule-d11 = Code { $code } is not in the loaded ICD-10 list. Choose another, leave the code out, or confirm.
rule-d11-parent = Code { $code } is a heading; the loaded list has more exact codes below it. Choose a longer code, or confirm.
rule-d12 = Code { $code } has three characters, where four-character codes exist. Add the fourth, or confirm.
rule-d19 = Code { $code } alone is unlikely to cause death. Add what led to the death, or confirm.
rule-d38 = The child was younger than 28 days: fill in the infant questions (weight, weeks, multiple birth, mother’s age), or state them as unknown.
rule-d38-older = The child was younger than one year: fill in the infant questions (weight, weeks, multiple birth, mother’s age), or confirm.
rule-d39 = { $value } hours lived is not possible (0 to 23). Correct the number.
rule-d39-times = { $value } hours lived does not fit the times of birth and death ({ $hours } h). Correct one of them.
rule-d40-weight = A birth weight of { $value } g is not possible ({ $least } to { $most } g). Correct the number.
rule-d40-weeks = A gestation of { $value } weeks at birth is not possible ({ $least } to { $most } weeks). Correct the number.
rule-d40-age = A mother’s age of { $value } at the birth is not possible ({ $least } to { $most } years). Correct the number.
rule-d40 = Weight, weeks or the mother’s age at birth is not possible. Correct it.
rule-d45-short = “{ $value }” is an abbreviation. Write the disease in full, or confirm.
rule-d45-unknown = “{ $value }” is not recognised as a disease. Check the spelling, choose from the list, or confirm.
rule-m01 = { $boys } boys per 100 girls among { $n } births (expected { $least } to { $most }).
rule-m02 = Ill-defined causes: { $share } % of { $n } deaths (limit { $limit } %).
rule-m02-serious = Too many ill-defined causes: { $share } % of { $n } deaths (limit { $limit } %).
rule-m03 = { $share } % of { $n } birth weights end in 00 (limit { $limit } %): weights are rounded, not weighed.
rule-m03-2500 = { $share } % of { $n } birth weights are exactly 2500 g: weights are rounded, not weighed.
rule-m04 = { $ratio } stillbirths per early neonatal death, n { $n } (expected { $least } to { $most }).
rule-m05 = Facility { $facility } was silent in { $month }, though it usually reports { $usual } events a month.
rule-m06 = The median from event to receipt is { $hours } h (limit { $limit } h).
rule-m06-unknown = “{ $field }” is unknown in { $share } % of { $n } notifications (limit { $limit } %).
rule-b29-head = A head circumference of { $value } cm is rare (usually { $least } to { $most } cm). Measure again or confirm it.
rule-c13 = No surname is stated. If there is one, write it; a person may have one name alone.
rule-d07-days = The illness is stated as longer than the life of { $age } days. Check the interval or the dates.
rule-d35-days = Code { $code } is for newborns only (under 28 days); the age is { $age } days. Check the code or the dates.
rule-d10-several = Line { $line } states several conditions. Write one condition on a line: what led to it goes below, the rest to Part II; or confirm.
rule-d15-intent = Code { $code } leaves the intent undetermined. Ask the police or the forensic expert about accident, self-harm or assault, or confirm.
rule-d44-eradicated = { $code }: this disease is eradicated. Report it at once and have it checked; only “checked” lets it be signed.
rule-b16-name = Another child of the same delivery has another mother: { $other }. Correct one of the names, or confirm.
rule-d04-range = The age is given as { $least } to { $most } years: the second number is lower than the first. Correct one of the two.
rule-m07 = Facility { $facility } signed more in { $month } than its delivery book counts (live births/stillbirths/deaths): { $signed }, by the book { $book }. Compare the two.
applies-outside-facility = of a birth outside a health facility
applies-married = where the parents’ marriage is registered
applies-had-births = of a mother who has given birth before
applies-mother-document = where the mother’s document is given
applies-without-papers = where the mother has no document
applies-witnessed = where the mother’s identity is not taken from a document
applies-paper = where the number of the paper certificate is given
applies-recipient = where the person who received the certificate is named
applies-operated = where surgery was performed
applies-autopsied = where an autopsy was requested
applies-line-b = where a cause stands on line b
applies-line-c = where a cause stands on line c
applies-line-d = where a cause stands on line d
applies-other = where a contributing condition is stated
applies-other-2 = where a second contributing condition is stated
applies-no-birth-date = where the date of birth is not known
applies-deceased-document = where the document of the deceased is given
applies-external = of a death from an external cause
applies-could-be-pregnant = of women of 10 to 54 years (check the sex and the date of birth)
applies-pregnant = where she was pregnant (check sex, dates, pregnancy)
applies-infant = of a child who died before the first birthday (check the dates)
applies-no-infant = of a person of one year or older (check the dates)
applies-lived-hours = of a child who lived for a day at most (check the dates)
rule-c02-clock = By this computer’s clock, which is not confirmed, the event was { $days } days ago (limit { $limit } days). No answer is needed.
rule-c09-letter = “{ $field }”: “{ $value }” is not a name, for it has no letter. Write the name, or mark why it is unknown.
rule-c09-unknown = “{ $field }”: “{ $value }” means that the name is not known. Mark it as unknown instead, or confirm that it is a name.
rule-c14 = “{ $field }” is asked only { $when }. Correct that, or remove the answer.
rule-c15 = “{ $field }” ({ $value }) is in the future: it is { $now } now. Correct the date.
rule-c15-clock = “{ $field }” ({ $value }) is in the future by this unconfirmed clock ({ $now }). Check the date, or confirm it.
rule-c15-before = “{ $field }” ({ $value }) is before “{ $other }” ({ $at }). Correct one of the two.
rule-c15-soon = “{ $field }” ({ $value }) is less than { $years } years after “{ $other }” ({ $at }). Correct one of the two.
rule-c15-after = “{ $field }” ({ $value }) is after “{ $other }” ({ $at }). Correct one of the two.
rule-c16 = “{ $field }”: “{ $value }” says nothing. Write it in words, mark why it is unknown, or leave it empty.
rule-b22-part = “{ $field }”: { $value } are more than the live births before this one ({ $most }). Count again.
rule-b24-births = “{ $field }”: { $value } are more than the children born before this one ({ $most }). Count again.
rule-b35 = “{ $field }”: { $value } are more than the children born before ({ $most }). Count again, or state the earlier stillbirths.
rule-b35-pregnancies = “{ $field }”: { $value } are more than the pregnancies ({ $most }). Count again.
rule-b35-deliveries = “{ $field }”: { $value } are too many for the deliveries that are stated. Count again.
rule-b35-many = “{ $field }”: { $value } is not possible (up to { $most }). Correct the number.
rule-b36 = Two answers contradict each other. Correct one of them, or confirm both.
rule-b36-place = A caesarean section outside a health facility is stated. Correct the place or the mode of delivery, or confirm both.
rule-b36-attendant = This mode of delivery needs medical help, but none is stated. Correct who attended, or confirm both.
rule-b36-young = The mother is younger than 17 years, but higher education is stated. Correct one of the two, or confirm both.
rule-d55 = Two answers cannot both be right. Correct one of them.
rule-d55-autopsy = The cause is based on an autopsy, but no autopsy was requested. Correct one of the two.
rule-d55-unused = The cause is based on an autopsy, but its findings were not used. Correct one of the two.
rule-d55-road = The time between the injury and the death does not fit the dates. Correct the answer or one of the dates.
rule-d56 = Two answers are seldom both right. Correct one of them, or confirm both.
rule-d56-road = The death came within 7 days of the injury, but 30 days are stated. Correct one of the two, or confirm both.
rule-d56-pathologist = A pathologist established the cause, but no autopsy was requested. Correct one of the two, or confirm both.
rule-d56-certified = The cause is based on an autopsy, but somebody who performs none established it. Correct one of the two, or confirm both.
rule-d56-marital = The deceased was younger than 14 years, but a marriage is stated. Correct one of the two, or confirm both.
rule-d56-education = The education does not fit the age of the deceased. Correct one of the two, or confirm both.
rule-d56-employment = The employment does not fit the age of the deceased. Correct one of the two, or confirm both.
rule-d13-none = Code { $code } is no cause of death. Give the code of the disease or of the external cause, or leave the code empty.
rule-d13-replaced = Code { $code } is not used as an underlying cause. Give the disease that led to it, or confirm that it is unknown.
rule-d14-missing = Code { $code } does not exist in ICD-10. Correct it or leave the code empty: the text is enough.
rule-d49 = Line { $line } says “{ $value }”, which names a condition and what it was due to. Write the second on the line below, or confirm.
rule-d49-above = Line { $line } says “{ $value }”. A certificate is read line by line: write the condition itself, or confirm.
rule-d49-ambiguous = Line { $line } says “{ $value }”, which may mean more than one condition. Write it in full, or confirm.
