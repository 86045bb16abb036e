icd-columns = Сутунҳои «{ $found }» ба ягон рӯйхати маълум мувофиқ нестанд.
icd-row = Сатри { $row } хонда намешавад. Нохунакҳо ва ҷудокунакҳоро санҷед.
icd-language = Сатри { $row }: забони «{ $found }» номаълум аст. Мумкин: tg, ru, en.
icd-xml = XML дар байти { $at } канда шудааст ё вайрон аст.
icd-empty = Дар файл ягон рамз бо ном нест.
icd-hint = Рӯйхат – ин CSV бо code,title[,lang], ClaML ё маълумотномаи русӣ бо MKB_CODE;MKB_NAME, дар UTF-8.
