# Why a delivery, or a line of it, got no receipt
problem-not-an-entry = ЗАГС не смог прочитать эту запись.
problem-bad-signature = Подпись этой записи неверна.
problem-foreign-journal = Этот журнал принадлежит другому устройству.
problem-foreign-receipt = Эта квитанция выдана не этим ЗАГСом.
problem-malformed = ЗАГС не понял сообщение.
problem-too-many-lines = Слишком много записей сразу.
problem-too-large = Сообщение слишком велико.
problem-encoding = ЗАГС не знает этого сжатия.
problem-unauthorized = ЗАГС не знает этого устройства.
problem-clock = Часы этого устройства расходятся с часами ЗАГСа.
problem-forbidden = Это не для этого устройства.
problem-not-found = В ЗАГСе такого нет.
problem-method = ЗАГС не знает такого вызова.
problem-busy = ЗАГС занят.
problem-internal = В ЗАГСе произошёл сбой.

# Why a record is held or returned; the ward reads these
reason-unknown-key = ЗАГС не знает ключа подписавшего. Запись рассмотрит сотрудник ЗАГСа.
reason-key-unconfirmed = Ключ работника «{ $who }» выдал(а) { $by }; ждёт подтверждения ЗАГСа.
reason-revoked-key = Ключ подписавшего отозван. Запись рассмотрит сотрудник ЗАГСа.
reason-foreign-key = Подписавший относится к другому учреждению. Запись рассмотрит сотрудник ЗАГСа.
reason-role = Подписавший не вправе это удостоверять. Пусть подпишет коллега, имеющий такое право.
reason-unknown-type = ЗАГС ещё не знает такого вида записи. Её рассмотрит сотрудник ЗАГСа.
reason-newer-version = Запись более новой версии, чем знает ЗАГС. Её рассмотрит сотрудник ЗАГСа.
reason-fork = На одном месте журнала стоят две разные записи. Их рассмотрит сотрудник ЗАГСа.
reason-broken-chain = Запись не продолжает предыдущую запись журнала. Её рассмотрит сотрудник ЗАГСа.
reason-bad-field = Это значение не той формы, которую ждёт ЗАГС. Исправьте его.
reason-rev-conflict = Это уведомление тем временем исправил кто-то другой. Посмотрите новую версию и исправьте снова.
reason-parent-missing = Уведомление, к которому это относится, ещё не поступило.
reason-look-alike = Возможно, это то же событие, что и в другом уведомлении. Их сравнит сотрудник ЗАГСа.
reason-foundling = Найденный ребёнок: решает сотрудник ЗАГСа.
reason-unknown-deceased = Умерший не опознан: решает сотрудник ЗАГСа.
reason-violent-death = Насильственная смерть без номера милиции и без судебно-медицинского эксперта: решает сотрудник ЗАГСа.
reason-manner-open = Род смерти не установлен: решает сотрудник ЗАГСа.
reason-late = Уведомление позже предельного срока: решает сотрудник ЗАГСа.
reason-parentage = Происхождение ребёнка оспаривается: решает сотрудник ЗАГСа.
reason-mother-refused = Сведения о матери не сообщены из-за отказа: решает сотрудник ЗАГСа.
reason-set-incomplete = За сутки уведомили не обо всех детях многоплодных родов. Запись рассмотрит сотрудник ЗАГСа.
reason-correction = Исправление зарегистрированной записи: решает сотрудник ЗАГСа.
reason-prepared = Всё подготовлено; семье ещё нужно обратиться с заявлением.
reason-registrar = Сотрудник ЗАГСа вернул: { $what }
reason-annulled = Уведомление было аннулировано раньше.
reason-second-person = Подтвердить должен другой человек, не тот, кто подписал.
reason-annulment = Аннулировано; ещё должен подтвердить второй человек.
reason-policy = По правилам страны такие события решает сотрудник ЗАГСа.
reason-annulled-by-registrar = Сотрудник ЗАГСа аннулировал: { $what }

# Errors of the portal's own commands
portal-io = Не удаётся прочитать или записать { $path }: { $what }
portal-not-a-portal = В { $path } нет портала.
portal-not-a-portal-hint = Создайте его командой: ogoh portal init
portal-exists = В { $path } портал уже есть.
portal-port-in-use = Адрес { $addr } занят другой программой.
portal-port-in-use-hint = Остановите другую программу или выберите другой порт: --listen.
portal-address = Адрес { $addr } нельзя слушать: { $what }
portal-book = Сбой базы данных портала: { $what }
portal-newer-database = База данных портала записана более новой версией ogoh.
portal-certificate = Сертификат или ключ TLS не читается: { $path } (PEM).
portal-older-database = База данных портала от более старой версии; сначала: ogoh portal migrate
portal-no-such-enrolment = Заявки { $id } нет.
portal-no-such-key = В списке доверия нет ключа { $kid }.
portal-request-bad = Заявка недействительна: неверна её подпись или форма.

# The pages of the portal
desk-title = Стол сотрудника ЗАГСа
desk-count = Ждут решения: { $count }
desk-amendment = Исправление
desk-annulment = Аннулирование
desk-unverified = подпись не проверена
desk-register = Зарегистрировать
desk-apply = Принять исправление
desk-annul = Аннулировать
desk-field = Поле
desk-reason = Причина
desk-return = Вернуть на исправление
desk-duplicate = Дубликат другого уведомления
monitor-page-title = Уведомления от медицинских учреждений
