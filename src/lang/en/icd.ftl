icd-columns = The columns “{ $found }” do not fit any known list.
icd-row = Row { $row } cannot be read. Check quotes and separators there.
icd-language = Row { $row }: the language “{ $found }” is unknown. Allowed: tg, ru, en.
icd-xml = The XML breaks off or is damaged at byte { $at }.
icd-empty = The file has no code with a title.
icd-hint = A list is a CSV with code,title[,lang], ClaML, or the Russian reference list with MKB_CODE;MKB_NAME, in UTF-8.
