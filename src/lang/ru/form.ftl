section-birth = Роды
section-mother = Мать
section-child = Имя ребёнка
section-father = Отец
section-death = Смерть
section-deceased = Умерший
section-cause = Причина смерти
section-external = Внешняя причина
section-pregnancy = Беременность
section-notice = Уведомление
unit-g = { $n } г
unit-weeks = { $n } нед.
unit-children = { $n }
unit-visits = { $n }
unit-order = { $n }
unit-points = { $n }
unit-cm = см
interval-y = { $n ->
    [one] { $n } год
    [few] { $n } года
   *[other] { $n } лет
 }
interval-mo = { $n } мес.
interval-w = { $n } нед.
interval-d = { $n ->
    [one] { $n } день
    [few] { $n } дня
   *[other] { $n } дней
 }
interval-h = { $n } ч
interval-min = { $n } мин
form-control-character = { $field } ({ $path }): в тексте управляющий символ. Удалите его.
form-too-long = { $field } ({ $path }): «{ $found }» длиннее { $most } знаков. Сократите.
form-not-in-list = { $field } ({ $path }): «{ $found }» нет в списке. Допустимо: { $allowed }.
form-not-a-number = { $field } ({ $path }): «{ $found }» — не целое число. Введите только цифры.
form-not-a-length = { $field } ({ $path }): «{ $found }» — не длина. Введите сантиметры, например 51 или 51,5.
form-not-a-date = { $field } ({ $path }): «{ $found }» — не дата. Введите ДД.ММ.ГГГГ, месяц и год или год; в файле YYYY-MM-DD.
form-no-such-date = { $field } ({ $path }): даты «{ $found }» нет в календаре. Проверьте день и месяц.
form-date-year = { $field } ({ $path }): год в «{ $found }» вне 1850–2199. Проверьте год.
form-not-a-time = { $field } ({ $path }): «{ $found }» — не время. Введите ЧЧ:ММ, например 03:12.
form-not-an-interval = { $field } ({ $path }): «{ $found }» — не период. Например 3 дня, 2 нед, 5 ч; в файле P3D.
form-unknown-not-taken = { $field } ({ $path }): это поле не принимает «{ $found }». Введите значение.
form-empty-text = { $field } ({ $path }): пустой текст. Уберите поле или напишите {"{"}"not": "yet"{"}"}.
form-not-nfc = { $field } ({ $path }): текст не в форме NFC. Запишите буквы слитно.
form-wrong-type = { $field } ({ $path }): найдено { $found }. Допустимо: { $allowed }.
form-unknown-field = { $path }: такого поля нет. Поля показывает «ogoh schema».
form-broken-json = Файл — не JSON: строка { $line }, столбец { $column }. Проверьте там скобки и запятые.
form-no-such-rule = { $path }: такого правила нет. «ogoh rules» показывает правила.
