deliver-bad-address = «{ $url }» — не адрес портала.
deliver-bad-address-hint = Исправьте адрес портала в настройках: https://, имя, без знака «?».
deliver-plain-http = На { $url } ничего не отправлено: соединение не было бы защищено.
deliver-plain-http-hint = Укажите адрес https://. Обычный http:// разрешён только к этому же компьютеру в виде 127.0.0.1 или [::1].
deliver-no-authority = В настройках не указан файл сертификата ЗАГСа, поэтому портал нельзя опознать.
deliver-no-authority-hint = Попросите в ЗАГС файл сертификата и укажите его в настройках как ca_file.
deliver-authority-unreadable = Из файла { $path } не удалось прочитать ни одного сертификата.
deliver-authority-unreadable-hint = Скопируйте файл сертификата ЗАГСа заново; это файл PEM.
deliver-unreachable = Нет связи с порталом: { $why }. Ничего не потеряно, подписанное ждёт здесь.
deliver-unreachable-hint = Записывать и подписывать можно как обычно. Программа повторит попытку сама.
deliver-word-lost-name = нет сети, или имя портала неизвестно
deliver-word-lost-refused = там никто не отвечает
deliver-word-lost-slow = линия слишком медленная
deliver-word-lost-broken = соединение оборвалось
deliver-certificate = Тот, кто ответил, не может доказать, что он портал ЗАГС. Ничего не отправлено.
deliver-certificate-hint = Так бывает в сетях, где соединения проверяются. Попробуйте другую сеть; если не поможет, позвоните в ЗАГС.
deliver-certificate-time = Сертификат портала не действует в то время, которое показывает этот компьютер. Ничего не отправлено.
deliver-certificate-time-hint = Проверьте дату и время компьютера. Если они верны, сообщите в ЗАГС; пока можно передавать через USB.
deliver-not-portal = Ответ пришёл не от портала (HTTP { $status }).
deliver-not-portal-hint = Возможно, сеть требует входа: откройте на этом компьютере веб-страницу. Подписанное ждёт здесь.
deliver-not-enrolled = Портал не знает этого устройства, или его ключ отозван. Запись продолжается, отправка — нет.
deliver-not-enrolled-hint = Администратор подаёт в ЗАГС заявку на это устройство («ogoh enrol»).
deliver-clock = Портал не принимает время этого устройства.
deliver-clock-hint = Установите дату и время компьютера и отправьте ещё раз.
deliver-refused = Портал отклонил запрос (HTTP { $status } { $code }).
deliver-refused-hint = Сообщите этот код в ЗАГС. Подписанное ждёт здесь.
deliver-no-trust = Списка ключей ЗАГСа здесь ещё нет, поэтому ни один ответ нельзя проверить.
deliver-no-trust-hint = Проверьте корневой ключ в настройках и отправьте ещё раз.
deliver-trust-older = Портал дал список ключей старше того, что есть здесь. Он не принят.
deliver-trust-older-hint = Сообщите в ЗАГС: возможно, портал восстановлен из старой копии.
deliver-word-certificate = портал не опознан
deliver-word-certificate-time = дата или время неверны
deliver-word-not-portal = вместо портала отвечает сеть
deliver-word-not-enrolled = устройство не зарегистрировано
deliver-word-clock = портал не принимает наше время
deliver-word-refused = портал отклонил запрос
deliver-word-busy = портал занят
deliver-word-later = позже
deliver-busy = Портал занят. Подписанное ждёт здесь.
deliver-busy-hint = Программа повторит попытку сама через время, которое назвал портал.
deliver-trust-refused = Пришедший список ключей — не от ЗАГСа. Он не принят.
deliver-trust-refused-hint = Сверьте корневой ключ в настройках с тем, что вам дал ЗАГС.
deliver-elsewhere = Другая программа на этом компьютере сейчас отправляет.
deliver-trust = Получен новый список признанных ключей.
deliver-report = Доставлено: { $sent }, новых ответов: { $receipts }, отложено: { $refused }, ожидает: { $left }.
deliver-given-back = ЗАГС восстановлен из резервной копии; возвращено уведомлений: { $n }.

monitor-well = { $n ->
    [0] всё доставлено
    [one] ожидает { $n } запись
    [few] ожидают { $n } записи
   *[many] ожидают { $n } записей
 }
monitor-unsent = { $n ->
    [one] { $n } неотправленная
    [few] { $n } неотправленные
   *[many] { $n } неотправленных
 }
monitor-oldest = самое старое неотправленное: { $hours } ч
monitor-returned = { $n ->
    [one] { $n } возвращено на исправление
    [few] { $n } возвращены на исправление
   *[many] { $n } возвращено на исправление
 }
monitor-put-aside = { $n ->
    [one] { $n } запись, которую портал не смог принять
    [few] { $n } записи, которые портал не смог принять
   *[many] { $n } записей, которые портал не смог принять
 }
monitor-journal = журнал не проходит проверку
monitor-lost = подписанных записей, которых больше нет в базе: { $n }; «ogoh verify» скажет, что делать
monitor-clock-behind = часы отстают
monitor-clock-ahead = часы спешат
deliver-device-certificate = В файле { $path } нет сертификата этого устройства или его ключа.
deliver-device-certificate-hint = Исправьте client_certificate и client_key в настройках или уберите их, если ЗАГС их не требует.
