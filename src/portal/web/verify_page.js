// The page around `check`: takes what is scanned or pasted, shows what was found. Only textContent
// ever takes what a receipt says.

// Reasons that speak of the scan or of the browser, not of the receipt.
const UNREAD = ['empty', 'layout', 'too-long', 'not-compact', 'cut', 'member', 'no-keys', 'insecure',
  'no-ed25519'];

function start() {
  const [keys, texts] = ['keys', 'texts'].map((id) => JSON.parse(document.getElementById(id).textContent));
  const [form, input, result] = ['form', 'input', 'result'].map((id) => document.getElementById(id));
  const switches = document.querySelectorAll('button[data-lang]');
  let lang = document.documentElement.lang;
  let shown = () => [];
  let turn = 0;
  const say = (id, otherwise = id) => texts[lang][id] ?? otherwise;
  const element = (tag, words) => Object.assign(document.createElement(tag), { textContent: words });
  const day = (date) => date.split('-').reverse().join('.');
  const zone = (time) => (time.endsWith('Z') ? 'UTC' : 'UTC' + time.slice(-6));
  const facts = (r) => [
    ['verify-status', say('status-' + r.status)],
    ['verify-number', r.reg_no],
    ['verify-office', r.office],
    ['verify-at', `${day(r.at.slice(0, 10))} ${r.at.slice(11, 16)} (${zone(r.at)})`],
    ['verify-open', (r.open ?? []).map((o) => say('ui-open-' + o, o)).join(', ')],
    ['verify-cert', r.cert && day(r.cert)],
  ].flatMap(([label, value]) => [element('dt', say(label)), element('dd', value || say('verify-none'))]);
  const show = (kind, make) => {
    shown = make;
    result.className = kind;
    result.replaceChildren(...make());
  };
  const refused = ({ message }) => {
    const unread = UNREAD.includes(message);
    show(unread ? 'careful' : 'refused', () => [
      element('h2', say(unread ? 'verify-unread' : 'verify-refused')),
      element('p', say('verify-why-' + message)),
    ]);
  };
  const genuine = (receipt) => {
    const inForce = STATUSES[receipt.status];
    show(inForce ? 'genuine' : 'careful', () => {
      const list = element('dl', '');
      list.append(...facts(receipt));
      const before = inForce ? [] : [element('p', say('verify-not-registered'))];
      const after = ['verify-not-certificate', 'verify-later', 'verify-compare'];
      const notes = after.map((id) => element('p', say(id)));
      return [element('h2', say('verify-genuine')), ...before, list, ...notes];
    });
  };
  const run = async () => {
    const mine = turn += 1;
    const [tell, found] = await check(input.value, keys).then((r) => [genuine, r], (e) => [refused, e]);
    if (mine === turn) tell(found);
  };
  form.addEventListener('submit', (e) => { e.preventDefault(); run(); });
  // A scanner ends with Enter. What it typed is selected, so that the next slip takes its place.
  input.addEventListener('keydown', (e) => {
    if (e.key !== 'Enter') return;
    e.preventDefault();
    run().then(() => input.select());
  });
  // An answer never stands beside a text that it is not about.
  input.addEventListener('input', (e) => {
    turn += 1;
    show('', () => []);
    if (e.inputType === 'insertFromPaste') run();
  });
  for (const button of switches) button.addEventListener('click', () => {
    lang = document.documentElement.lang = button.dataset.lang;
    for (const e of document.querySelectorAll('[data-text]')) e.textContent = say(e.dataset.text);
    for (const b of switches) b.setAttribute('aria-pressed', String(b === button));
    result.replaceChildren(...shown());
  });
  // Until now the answer's place said that a script must run. Whoever cannot check here learns it
  // before scanning.
  show('', () => []);
  if (keys.length === 0) refused({ message: 'no-keys' });
  else verifier(keys[0].x).catch(refused);
}

start();
