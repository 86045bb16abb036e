icd-columns = The columns “{ $found }” are of no list that is known.
icd-row = Row { $row } cannot be read. Check quotes and separators there.
icd-language = Row { $row }: the language “{ $found }” is unknown. Allowed: tg, ru, en.
icd-xml = The XML breaks off or is damaged at byte { $at }.
icd-empty = There is not one code with a title in the file.
icd-hint = A list is a CSV with code,title[,lang], ClaML, or the Russian reference list with MKB_CODE;MKB_NAME, in UTF-8.
