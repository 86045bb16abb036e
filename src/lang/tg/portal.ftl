# Why a delivery, or a line of it, got no receipt
problem-not-an-entry = САҲШ ин сабтро хонда натавонист.
problem-bad-signature = Имзои ин сабт нодуруст аст.
problem-foreign-journal = Ин дафтар ба дастгоҳи дигар тааллуқ дорад.
problem-foreign-receipt = Ин расидро САҲШ надодааст.
problem-malformed = САҲШ паёмро нафаҳмид.
problem-too-many-lines = Сабтҳо дар як паём аз ҳад зиёданд.
problem-too-large = Паём аз ҳад калон аст.
problem-encoding = САҲШ ин фишурдасозиро намедонад.
problem-unauthorized = САҲШ ин дастгоҳро намешиносад.
problem-clock = Соати ин дастгоҳ аз соати САҲШ фарқ мекунад.
problem-forbidden = Ин барои ин дастгоҳ нест.
problem-not-found = Дар САҲШ чунин чиз нест.
problem-method = САҲШ чунин дархостро намедонад.
problem-busy = САҲШ банд аст.
problem-internal = Дар САҲШ хато рӯй дод.

# Why a record is held or returned; the ward reads these
reason-unknown-key = САҲШ калиди имзокунандаро намешиносад. Корманди САҲШ онро дида мебарояд.
reason-key-unconfirmed = Калиди { $who }-ро { $by } додааст; тасдиқи САҲШ интизор аст.
reason-revoked-key = Калиди имзокунанда бозхонда шудааст. Корманди САҲШ онро дида мебарояд.
reason-foreign-key = Имзокунанда аз муассисаи дигар аст. Корманди САҲШ онро дида мебарояд.
reason-role = Имзокунанда ҳаққи тасдиқи инро надорад. Бигзор ҳамкори ҳуқуқдор имзо кунад.
reason-unknown-type = САҲШ ин навъи сабтро ҳоло намедонад. Корманди САҲШ онро дида мебарояд.
reason-newer-version = Сабт аз нусхаи навтаре аст, ки САҲШ намедонад. Корманди САҲШ онро дида мебарояд.
reason-fork = Дар як ҷойи дафтар ду сабти гуногун ҳаст. Корманди САҲШ онҳоро дида мебарояд.
reason-broken-chain = Сабт идомаи сабти пешинаи дафтар нест. Корманди САҲШ онро дида мебарояд.
reason-bad-field = Шакли ин маълумот барои САҲШ нодуруст аст. Онро ислоҳ кунед.
reason-rev-conflict = Ин огоҳиномаро каси дигар аллакай ислоҳ кардааст. Нусхаи навро бинед ва аз нав ислоҳ кунед.
reason-parent-missing = Огоҳиномае, ки ин ба он тааллуқ дорад, ҳанӯз нарасидааст.
reason-look-alike = Шояд ин ҳамон ҳодисае бошад, ки дар огоҳиномаи дигар ҳаст. Корманди САҲШ онҳоро муқоиса мекунад.
reason-foundling = Кӯдаки ёфтшуда: корманди САҲШ қарор мекунад.
reason-unknown-deceased = Шахси вафоткарда шинохта нашудааст: корманди САҲШ қарор мекунад.
reason-violent-death = Вафоти зӯроварона бе рақами милитсия ва коршиноси тиббии судӣ: корманди САҲШ қарор мекунад.
reason-manner-open = Навъи вафот муайян нашудааст: корманди САҲШ қарор мекунад.
reason-late = Огоҳинома аз муҳлат дертар омад: корманди САҲШ қарор мекунад.
reason-parentage = Насаби кӯдак баҳснок аст: корманди САҲШ қарор мекунад.
reason-mother-refused = Маълумоти модар бо сабаби радкунӣ дода нашуд: корманди САҲШ қарор мекунад.
reason-set-incomplete = Дар як шабонарӯз на дар бораи ҳамаи кӯдакони чандгоник огоҳинома расид. Корманди САҲШ онро дида мебарояд.
reason-correction = Ислоҳи сабти ба қайд гирифташуда: корманди САҲШ қарор мекунад.
reason-prepared = Ҳама чиз омода аст; оила бояд муроҷиат кунад.
reason-registrar = Корманди САҲШ баргардонд: { $what }
reason-annulled = Огоҳинома пештар бекор карда шудааст.
reason-second-person = Бояд шахси дигар тасдиқ кунад, на он ки имзо кардааст.
reason-annulment = Бекор карда шуд; шахси дуюм бояд тасдиқ кунад.
reason-policy = Аз рӯи қоидаҳои кишвар дар бораи чунин воқеаҳо корманди САҲШ қарор мекунад.
reason-annulled-by-registrar = Корманди САҲШ бекор кард: { $what }

# Errors of the portal's own commands
portal-io = { $path } хонда ё навишта намешавад: { $what }
portal-not-a-portal = Дар { $path } портал нест.
portal-not-a-portal-hint = Онро бо ин фармон созед: ogoh portal init
portal-exists = Дар { $path } портал аллакай ҳаст.
portal-port-in-use = Суроғаи { $addr } бо барномаи дигар банд аст.
portal-port-in-use-hint = Барномаи дигарро боздоред ё порти дигарро интихоб кунед: --listen.
portal-address = Суроғаи { $addr }-ро гӯш кардан намешавад: { $what }
portal-book = Хатои пойгоҳи маълумоти портал: { $what }
portal-newer-database = Пойгоҳи маълумоти порталро нусхаи навтари ogoh навиштааст.
portal-certificate = Шаҳодатнома ё калиди TLS хонда намешавад: { $path } (PEM).
portal-older-database = Пойгоҳи додаҳои портал аз нусхаи кӯҳнатар аст; аввал: ogoh portal migrate
portal-no-such-enrolment = Дархости { $id } нест.
portal-no-such-key = Дар рӯйхати боварӣ калиди { $kid } нест.
portal-request-bad = Дархост нодуруст аст: имзо ё шакли он хато дорад.

# The pages of the portal
desk-title = Мизи корманди САҲШ
desk-count = Дар интизори қарор: { $count }
desk-amendment = Ислоҳ
desk-annulment = Бекоркунӣ
desk-unverified = имзо санҷида нашудааст
desk-register = Ба қайд гирифтан
desk-apply = Ислоҳро қабул кардан
desk-annul = Бекор кардан
desk-field = Майдон
desk-reason = Сабаб
desk-return = Барои ислоҳ баргардонидан
desk-duplicate = Такрори огоҳиномаи дигар
monitor-page-title = Огоҳиномаҳо аз муассисаҳои тиббӣ
