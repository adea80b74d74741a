/** What the gallery shows: a world, and what a person does in it before the picture is taken. */
const row = (name) => async (page) => { await page.getByRole('option', { name }).first().click(); };
const tab = (name) => async (page) => { await page.getByRole('tab', { name }).click(); };
const press = (name) => async (page) => { await page.getByRole('button', { name, exact: true }).first().click(); };
const type = (label, text) => async (page) => { await page.getByLabel(label, { exact: true }).first().fill(text); };
const goTo = (fragment) => async (page) => { await page.evaluate((hash) => { location.hash = hash; }, fragment); };
const see = (text) => async (page) => { await page.getByText(text).first().waitFor(); };
const unfold = (text) => async (page) => { await page.locator('summary').filter({ hasText: text }).last().click(); };
const below = (name) => async (page) => { await page.getByRole('button', { name, exact: true }).first().scrollIntoViewIfNeeded(); };
/** In a narrow window, the tools are a page of their own. */
const back = async (page) => { const button = page.getByRole('button', { name: 'All tools' }); if (await button.isVisible()) await button.click(); };
/** Where the keyboard is after all that. */
const hasFocus = async (locator) => { await locator.and(locator.page().locator(':focus')).waitFor(); };
const focused = (label) => async (page) => { await hasFocus(page.getByLabel(label, { exact: true })); if (!await page.evaluate(() => { const { top, bottom } = document.activeElement.getBoundingClientRect(); return top >= 0 && bottom <= window.innerHeight; })) throw new Error('what has the focus is out of sight'); };
const at = (role, name) => async (page) => { await hasFocus(page.getByRole(role, { name })); };
const reading = (name) => at('heading', name);
const scrolled = async (page) => { await page.getByRole('button', { name: 'Lock now' }).evaluate((button) => { const scroller = button.closest('main'); scroller.scrollTop = button.offsetTop - 8; }); };
/** In a narrow window, a server is a page of its own. */
const leave = async (page) => { const button = page.getByRole('button', { name: 'Back to servers' }); if (await button.isVisible()) await button.click(); };
const one = row('One');
const part = (page) => page.getByRole('region', { name: 'How to sign in' });
const method = async (page) => { await part(page).scrollIntoViewIfNeeded(); };
const chooser = async (page) => { await part(page).getByRole('button', { name: /How to sign in/ }).click(); };
const choose = (name) => async (page) => { await chooser(page); await page.getByRole('option', { name }).click(); };
const fill = (label, text) => async (page) => { await part(page).getByLabel(label, { exact: true }).fill(text); };
const send = async (page) => { await part(page).getByRole('button', { name: 'Use this' }).click(); await page.getByRole('alert').waitFor(); };
const file = async (page) => { await part(page).getByRole('button', { name: /Pasted here/ }).click(); await page.getByRole('option', { name: /In a file/ }).click(); };
const deed = (account, name) => [tab('Accounts'), press(`More actions for ${account}`), async (page) => { await page.getByRole('menuitem', { name }).click(); }];
const tool = (name) => [row('GitHub'), row(name)];

const setting = press('Settings');
const sheet = (page) => page.getByRole('dialog');
const inSheet = (name) => async (page) => { await sheet(page).getByRole('button', { name, exact: true }).click(); };
const typeIn = (label, text) => async (page) => { await sheet(page).getByLabel(label, { exact: true }).fill(text); };
const twice = (label) => [typeIn(label, 'correct horse battery'), typeIn('The same once more', 'correct horse battery')];
const chooseFile = async (page) => { await page.locator('input[type=file]').setInputFiles({ name: 'usher-2026-11-29.usher', mimeType: 'application/json', buffer: Buffer.from('{}') }); };
const opened = [setting, press('Import…'), chooseFile, typeIn('Passphrase of the file', 'correct horse battery'), inSheet('Show what is in it')];

const states = ['off', 'opening', 'never', 'expired', 'undecryptable', 'headerRefused', 'waiting', 'offline', 'offline-new', 'portal', 'storeFailed', 'stopped', 'revoked', 'revocationUnreachable', 'revocationFailed', 'preparing', 'browser', 'browserAgain', 'browserLast', 'unopened', 'finishing'];
const outcomes = ['declined', 'cancelled', 'providerError', 'missingParameters', 'unknownState', 'serverGone', 'insecureUrl', 'issuerMismatch', 'exchangeFailed', 'timedOut', 'offline', 'noRegistration', 'registrationRefused', 'issuerChanged', 'issuerChanged-host', 'issuerNotAgreed', 'credentialsElsewhere', 'tokenRefused', 'credentialsRefused', 'credentialsUnreadable', 'keyNotTaken', 'noToken', 'clientRefused', 'noPort', 'noPkce', 'notDiscoverable', 'badDocument', 'unreachable', 'notStored'];
const flaws = ['webPage', 'tooLarge', 'cutShort', 'repeated', 'foreign', 'unsafeUrl', 'registration', 'tokens', 'refusal'];
const stores = ['storeNewer', 'storeReadOnly', 'storeFull', 'storeDamaged', 'storeFailed', 'storeNotADirectory', 'storeSymlink', 'storeBusy', 'storeNeedsRestart'];
const vaults = ['keychainLocked', 'keychainAbsent', 'keychainAbsent-awaited', 'keychainForgets', 'keychainForgets-awaited', 'keychainNoAnswer', 'passphraseNeeded', 'keyLost-missing', 'keyLost-otherKey', 'keyLost-notAKey', 'keyLost-damaged'];

const scene = (name, world, ...steps) => ({ name, world, steps });

/** Those that are drawn at the least width that has the list beside the page, too. */
export const tight = /^(seven|lost-several|restored|tools|tool-form|tool-text|tool-json|tool-table|activity-run|accounts-moved|moved|state-headerRefused|settings-passphrase|locked|lock-now|exceptions|question)$/;

export const scenes = [
  scene('empty', 'none'),
  scene('one', 'one'),
  scene('seven', 'seven'),
  scene('sixty', 'sixty'),
  scene('odd', 'odd'),
  scene('odd-page', 'odd', row(/very long name/)),
  scene('rtl-page', 'odd', row(/שרת/)),
  scene('loading', 'loading', see('Reading your servers')),
  scene('loading-waiting', 'loading', goTo('waiting'), see('still finishing')),
  ...stores.map((name) => scene(name, name)),
  scene('offline', 'offline'),
  scene('offline-page', 'offline', row('Notion')),
  scene('restored', 'restored'),
  scene('restored-page', 'restored', row('GitHub')),
  scene('restored-whole', 'restored-whole'),
  ...['lost-several', 'lost-several-off', 'reminders-off'].map((name) => scene(name, name)),
  scene('reminders-off-page', 'reminders-off', row('GitHub')),
  scene('reminders-refused', 'reminders-refused', press('Remind me tomorrow'), see('is full')),
  scene('full', 'full', press('Add server'), type('Address', 'https://open.example/mcp'), see('answers everybody'), press('Save'), see('Nothing is lost')),
  scene('search', 'seven', type('Search servers and tools', 'issue')),
  scene('search-nothing', 'seven', type('Search servers and tools', 'zzz')),
  scene('add', 'seven', press('Add server')),
  scene('add-oauth', 'seven', press('Add server'), type('Address', 'https://mcp.linear.example/mcp'), see('auth.linear.example')),
  scene('add-header', 'seven', press('Add server'), type('Address', 'https://key.example/mcp'), see('names no place to sign in'), press('Name and other choices')),
  scene('add-header-problem', 'seven', press('Add server'), type('Address', 'https://key.example/mcp'), see('names no place to sign in'), type('Value', 'Authorization: Bearer 123'), see('Type only what comes after')),
  scene('add-no-scheme', 'seven', press('Add server'), type('Address', 'mcp.linear.example/mcp'), see('is missing in front')),
  scene('add-no-scheme-saved', 'seven', press('Add server'), type('Address', 'mcp.linear.example/mcp'), press('Save'), see('does not guess')),
  scene('add-address-refused', 'address-refused', press('Add server'), type('Address', 'linear'), press('Save'), see('Type all of it')),
  scene('add-unsure', 'seven', press('Add server'), type('Address', 'https://site.example/'), see('web page')),
  scene('tools', 'seven', row('GitHub')),
  scene('tool-form', 'seven', ...tool('create_issue')),
  scene('tool-problems', 'seven', ...tool('create_issue'), press('Run'), see('This is needed')),
  scene('tool-table', 'seven', ...tool('list_issues'), type('Owner', 'octo-dev'), type('Repository', 'usher'), press('Run'), see('Reconnect from the tray')),
  scene('tool-text', 'seven', ...tool('Search code'), type('Query optional', 'main'), press('Run'), see('println')),
  scene('tool-json', 'seven', ...tool('get_file_contents'), press('Run'), see('nested')),
  scene('tool-image', 'seven', ...tool('render_chart'), press('Run'), see('svg')),
  scene('tool-failed', 'seven', ...tool('failing'), press('Run'), see('Repository not found')),
  scene('tool-odd-schema', 'seven', ...tool('query_anything')),
  scene('tool-destructive', 'seven', ...tool('merge_pull_request'), type('Number optional', '3'), press('Run'), see('may destroy')),
  scene('permissions-unnamed', 'permissions-unnamed', one),
  scene('permissions-unnamed-settings', 'permissions-unnamed', one, tab('Settings'), async (page) => { await page.getByLabel('Another permission, by name').scrollIntoViewIfNeeded(); }),
  ...['all', 'some', 'none'].map((name) => scene(`permissions-${name}`, `permissions-${name}`, one)),
  scene('permissions-many', 'permissions-many', one, tab('Settings'), async (page) => { await page.getByLabel('Another permission, by name').scrollIntoViewIfNeeded(); }),
  scene('consent-tool', 'consent-tool', ...tool('get_file_contents'), press('Run'), see('Waiting for your permission')),
  scene('consent-again', 'consent-again', ...tool('get_file_contents'), press('Run'), see('attempt 3 of 3')),
  scene('consent-sign-in', 'consent-sign-in', ...tool('get_file_contents'), press('Run'), see('sign in first')),
  scene('consent-connect', 'consent-connect', one),
  scene('consent-elsewhere', 'consent-elsewhere', row('GitHub')),
  scene('consent-refused', 'consent-refused', one),
  ...['question', 'question-kinds', 'question-long', 'question-odd'].map((name) => scene(name, name, ...tool('get_file_contents'), press('Run'), see('Waiting for your answer'), below('Answer'))),
  scene('question-yes', 'question-yes', ...tool('get_file_contents'), press('Run'), see('Waiting for your answer'), below('Agree')),
  scene('question-kinds-top', 'question-kinds', ...tool('get_file_contents'), press('Run'), see('Waiting for your answer')),
  scene('question-problems', 'question-kinds', ...tool('get_file_contents'), press('Run'), type('How many', '12'), type('Delivery on optional', 'soon'), press('Answer'), see('This is too large'), below('Answer')),
  scene('question-refused', 'question-refused', ...tool('get_file_contents'), press('Run'), press('Answer'), see('is not what was asked for'), below('Answer')),
  scene('question-gone', 'question-gone', ...tool('get_file_contents'), press('Run'), press('Answer'), see('does not wait any more'), below('Answer')),
  scene('question-further', 'question-further', ...tool('get_file_contents'), press('Run'), press('Answer'), see('something more'), below('Answer')),
  scene('question-other-tool', 'question', ...tool('get_file_contents'), press('Run'), back, row('list_issues'), see('asks you something for get_file_contents')),
  scene('question-nobodys', 'question-nobodys', row('GitHub')),
  scene('question-elsewhere', 'question-elsewhere', row('GitHub')),
  ...['one', 'unnamed', 'several', 'several-unnamed', 'needs', 'needs-used', 'moved', 'off', 'long', 'none'].map((name) => scene(`accounts-${name}`, `accounts-${name}`, one, tab('Accounts'))),
  ...['adding', 'again', 'again-unnamed', 'switching'].map((name) => scene(`accounts-${name}`, `accounts-${name}`, one)),
  scene('accounts-long-scopes', 'accounts-long', one, tab('Accounts'), unfold('40 permissions')),
  scene('accounts-menu', 'accounts-several', one, tab('Accounts'), press('More actions for bob@example.com')),
  scene('accounts-renaming', 'accounts-several', one, ...deed('Work', 'Rename')),
  scene('accounts-renaming-problem', 'accounts-several', one, ...deed('bob@example.com', 'Rename'), type('Name', 'x'.repeat(123)), see('too many')),
  scene('accounts-remove', 'accounts-several', one, ...deed('ada@example.com', 'Remove')),
  scene('accounts-remove-beside', 'accounts-several', one, ...deed('Work', 'Remove')),
  scene('accounts-remove-last', 'accounts-one', one, ...deed('ada@example.com', 'Remove')),
  ...['revoked', 'notOffered', 'unreachable', 'failed', 'nothing'].map((name) => scene(`accounts-removed-${name}`, `accounts-removed-${name}`, one, ...deed('ada@example.com', 'Remove'), press('Remove'), see('was removed'))),
  scene('accounts-removed-last', 'accounts-removed-last', one, ...deed('ada@example.com', 'Remove'), press('Remove'), see('Nobody is signed in')),
  scene('accounts-edit-all', 'accounts-several', one, tab('Settings'), type('Address', 'https://mcp.two.example/mcp'), press('Save changes'), see('End all')),
  scene('accounts-leave-all', 'accounts-several', one, press('Disconnect')),
  scene('accounts-use-here', 'accounts-moved', one, tab('Accounts'), press('Use here again: bob@example.com')),
  scene('accounts-use-here-unnamed', 'moved-unnamed', one, press('Use here again')),
  scene('moved', 'accounts-moved', one),
  scene('accounts-leave-one', 'accounts-one', one, press('Disconnect')),
  scene('accounts-refused', 'accounts-refused', one, tab('Accounts'), press('Use this account: bob@example.com'), see('no longer here')),
  scene('server-settings', 'client', one, tab('Settings')),
  scene('exceptions', 'exceptions', one),
  scene('exceptions-one', 'exceptions-one', one),
  scene('exceptions-settings', 'exceptions', one, press('Review'), see('Accept this issuer')),
  scene('exceptions-settings-end', 'exceptions', one, press('Review'), async (page) => { await page.getByRole('button', { name: 'Remove all' }).scrollIntoViewIfNeeded(); }),
  scene('exceptions-settings-none', 'client', one, tab('Settings'), async (page) => { await page.getByRole('button', { name: /^Exceptions/ }).scrollIntoViewIfNeeded(); }),
  scene('exceptions-settings-empty', 'client', one, tab('Settings'), async (page) => { await page.getByRole('button', { name: /^Exceptions/ }).click(); await page.getByRole('button', { name: 'Save exceptions' }).scrollIntoViewIfNeeded(); }),
  scene('exceptions-refused', 'exceptions-refused', one, press('Review'), press('Add parameter'), type('Parameter', 'client_id'), press('Save exceptions'), async (page) => { await page.getByText('sets “client_id” itself').scrollIntoViewIfNeeded(); }),
  scene('exceptions-activity', 'exceptions-activity', one, tab('Activity'), row('Signed in.'), see('calls itself')),
  ...['issuer', 'pkce', 'resource', 'connected'].flatMap((name) => [
    scene(`exception-offer-${name}`, `exception-offer-${name}`, one),
    scene(`exception-offer-${name}-asked`, `exception-offer-${name}`, one, press('Make an exception…'), see('for this server alone')),
  ]),
  scene('exception-offer-none', 'exception-offer-none', one),
  scene('outcome-nameless', 'outcome-nameless', one),
  scene('outcome-connected', 'outcome-connected', one),
  scene('several-providers', 'several-providers', one),
  scene('several-providers-settings', 'several-providers-settings', one, tab('Settings'), async (page) => { await page.getByText('This server lets you choose').scrollIntoViewIfNeeded(); }),
  scene('server-settings-way-back', 'wayBack', one, tab('Settings'), async (page) => { await page.getByRole('button', { name: 'Use this port' }).scrollIntoViewIfNeeded(); }),
  ...['person', 'clientSecret', 'privateKey', 'company', 'platformToken'].map((name) => scene(`method-${name}`, `method-${name}`, one, tab('Settings'), method)),
  scene('method-choices', 'method-person', one, tab('Settings'), method, chooser),
  scene('method-paste', 'method-person', one, tab('Settings'), choose('With a token of this'), fill('Client ID', 'usher'), fill('The token itself', 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln'), method),
  scene('method-methodIncomplete', 'method-methodIncomplete', one, tab('Settings'), choose('With a client secret'), fill('Client ID', 'usher'), fill('Client secret', 'x'), send, method),
  scene('method-keyInvalid', 'method-keyInvalid', one, tab('Settings'), choose('With a private key'), fill('Client ID', 'usher'), fill('Private key', 'ssh-ed25519 AAAA'), send, method),
  scene('method-tokenInvalid', 'method-tokenInvalid', one, tab('Settings'), choose('With a token of this'), fill('Client ID', 'usher'), fill('The token itself', 'two words'), send, method),
  scene('method-pathInvalid', 'method-pathInvalid', one, tab('Settings'), choose('With a token of this'), fill('Client ID', 'usher'), file, fill('File', 'token'), send, method),
  ...['never', 'consent'].map((name) => scene(`machine-${name}`, `machine-${name}`, one)),
  scene('machine-accounts', 'machine-account', one, tab('Accounts')),
  scene('machine-accounts-none', 'machine-never', one, tab('Accounts')),
  scene('machine-accounts-remove', 'machine-account', one, ...deed('Client usher-nightly', 'Remove')),
  scene('machine-leave', 'machine-account', one, press('Disconnect')),
  scene('machine-rejected', 'machine-rejected', row('GitHub')),
  scene('server-settings-header', 'state-headerRefused', one, tab('Settings')),
  scene('change-key', 'state-headerRefused', one, press('Change the key')),
  scene('change-key-none', 'key-none', one, press('Change the key')),
  scene('server-settings-no-scheme', 'client', one, tab('Settings'), type('Address', 'mcp.two.example/mcp'), press('Save changes'), see('does not guess')),
  scene('more', 'seven', row('GitHub'), press('More actions')),
  scene('delete', 'seven', row('GitHub'), press('More actions'), async (page) => { await page.getByRole('menuitem', { name: 'Delete' }).click(); }),
  scene('paste', 'state-browser', one, press('Paste the address')),
  ...['open', 'header', 'oauth'].map((name) => scene(`activity-none-${name}`, `activity-none-${name}`, one, tab('Activity'))),
  scene('activity', 'activity', one, tab('Activity')),
  scene('activity-accounts', 'activity-accounts', one, tab('Activity'), row('could not renew'), see('503')),
  scene('activity-run', 'activity', one, tab('Activity'), row('Signed in.'), see('renew themselves')),
  scene('activity-details', 'activity', one, tab('Activity'), row('Signed in.'), unfold(/POST .*token/)),
  scene('activity-renewal', 'activity', one, tab('Activity'), row('could not renew'), see('503')),
  scene('activity-failed', 'activity-failed', one, tab('Activity'), row('in the name of'), see('RFC 8414')),
  scene('activity-long', 'activity-long', one, tab('Activity'), row('does not say where'), see('too many to keep')),
  scene('activity-running', 'activity-running', one, unfold('What happens'), see('RFC 6749')),
  scene('settings', 'transfer', setting),
  scene('settings-passphrase', 'passphrase', setting),
  scene('settings-locked', 'locked', setting),
  scene('locked', 'locked'),
  scene('locked-wrong', 'locked-wrong', type('Passphrase', 'no'), press('Unlock'), see('capitals count')),
  scene('locked-page', 'locked', row('GitHub')),
  scene('settings-empty', 'transfer-empty', setting),
  scene('keys-rotate', 'seven', setting, press('Make new keys…')),
  scene('keys-rotate-done', 'seven', setting, press('Make new keys…'), inSheet('Make new keys'), see('New keys are in place')),
  scene('keys-rotate-wrong', 'passphrase-wrong', setting, press('Make new keys…'), typeIn('Passphrase', 'no'), inSheet('Make new keys'), see('capitals count')),
  scene('keys-passphrase', 'seven', setting, press('Choose a passphrase…')),
  scene('keys-passphrase-problems', 'seven', setting, press('Choose a passphrase…'), typeIn('Passphrase', 'too short'), typeIn('The same once more', 'to short'), see('Too short')),
  scene('keys-passphrase-done', 'seven', setting, press('Choose a passphrase…'), ...twice('Passphrase'), inSheet('Use this passphrase'), see('Your passphrase protects')),
  scene('keys-passphrase-shown', 'seven', setting, press('Choose a passphrase…'), ...twice('Passphrase'), inSheet('Show Passphrase')),
  scene('keys-keychain', 'passphrase', setting, press('Use the keychain…')),
  scene('keys-keychain-wrong', 'passphrase-wrong', setting, press('Use the keychain…'), typeIn('Passphrase', 'no'), inSheet('Use the keychain'), see('capitals count')),
  scene('keys-change', 'passphrase', setting, press('Change…')),
  scene('keys-change-wrong', 'passphrase-wrong', setting, press('Change…'), typeIn('Current passphrase', 'no'), ...twice('New passphrase'), inSheet('Change the passphrase'), see('capitals count')),
  scene('lost-key', 'lost-key'),
  scene('lost-key-page', 'lost-key', row('GitHub')),
  scene('lost-key-settings', 'lost-key', setting),
  scene('lost-key-passphrase', 'lost-key', press('Choose a passphrase…')),
  scene('lost-key-refused', 'lost-key-refused', setting, press('Make new keys…'), inSheet('Make new keys'), async (page) => { await page.getByRole('alert').waitFor(); }),
  scene('lock-now', 'passphrase', setting, scrolled, press('Lock now'), focused('Passphrase')),
  scene('lock-now-unlocked', 'passphrase', setting, press('Lock now'), type('Passphrase', 'correct horse battery'), press('Unlock'), reading('Settings')),
  scene('deleted', 'seven', row('GitHub'), press('More actions'), async (page) => { await page.getByRole('menuitem', { name: 'Delete' }).click(); await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click(); }, at('option', 'Notion')),
  scene('keys-lock-running', 'lock-running', ...tool('get_file_contents'), press('Run'), leave, setting, press('Lock now'), see('is still running')),
  scene('keys-auto-lock', 'passphrase-odd', setting, async (page) => { await page.getByRole('button', { name: /Lock by itself/ }).click(); }),
  scene('export', 'transfer', setting, press('Save…')),
  scene('export-accounts', 'transfer', setting, press('Save…'), async (page) => { await page.getByText('Take accounts, keys and secrets along').click(); }, ...twice('Passphrase for the file')),
  scene('export-made', 'transfer', setting, press('Save…'), ...twice('Passphrase for the file'), inSheet('Make the file'), see('The file is made')),
  scene('export-made-bare', 'transfer-bare', setting, press('Save…'), ...twice('Passphrase for the file'), inSheet('Make the file'), see('The file is made')),
  scene('export-refused', 'transfer-refused', setting, press('Save…'), ...twice('Passphrase for the file'), inSheet('Make the file'), see('The disk is full')),
  scene('export-unwritable', 'export-unwritable', setting, press('Save…'), ...twice('Passphrase for the file'), inSheet('Make the file'), see('No file could be made')),
  ...['exportForeign', 'exportNewer', 'exportDamaged', 'exportTooLarge'].map((name) => scene(`import-${name}`, name, ...opened, async (page) => { await page.getByRole('alert').waitFor(); })),
  ...['keychainLocked', 'keychainAbsent', 'keychainNoAnswer', 'keychainTaken'].map((name) => scene(`keys-${name}`, `refused-${name}`, setting, press('Use the keychain…'), typeIn('Passphrase', 'correct horse battery'), inSheet('Use the keychain'), async (page) => { await page.getByRole('alert').waitFor(); })),
  scene('export-made-in-part', 'transfer-in-part', setting, press('Save…'), ...twice('Passphrase for the file'), inSheet('Make the file'), see('The file is made')),
  scene('export-not-undone', 'export-not-undone', setting, press('Save…'), ...twice('Passphrase for the file'), inSheet('Make the file'), see('still count as moved')),
  scene('export-many-accounts', 'export-many-accounts', setting, press('Save…'), ...twice('Passphrase for the file'), inSheet('Make the file'), see('do not fit into one file')),
  scene('import', 'transfer', setting, press('Import…')),
  scene('import-wrong', 'transfer-refused', ...opened, see('capitals count')),
  scene('import-found', 'transfer', ...opened, see('In this file')),
  scene('import-found-many', 'transfer-bare', ...opened, see('In this file')),
  scene('import-found-none', 'transfer-empty', ...opened, see('There are no servers in it')),
  scene('import-done-in-part', 'transfer-in-part', ...opened, inSheet('Import'), see('were not taken in')),
  scene('import-done', 'transfer', ...opened, inSheet('Import'), see('servers were added')),
  scene('here', 'here', one),
  scene('here-outcome', 'here-outcome', one),
  scene('here-add', 'seven', press('Add server'), type('Address', 'http://127.0.0.1:8080/mcp'), see('on this computer')),
  ...states.map((name) => scene(`state-${name}`, `state-${name}`, one)),
  ...outcomes.map((name) => scene(`outcome-${name}`, `outcome-${name}`, one)),
  ...flaws.map((name) => scene(`flaw-${name}`, `flaw-${name}`, one)),
  scene('flaw-details', 'flaw-repeated', one, unfold('Details')),
  scene('activity-flawed', 'activity-flawed', one, tab('Activity'), row('about itself'), unfold('element 3')),
  ...vaults.map((name) => scene(`vault-${name}`, `vault-${name}`)),
  scene('vault-page', 'vault-keychainLocked', row('GitHub')),
  scene('vault-replace', 'vault-keyLost-missing', press('Make a new key')),
];
