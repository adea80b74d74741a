## Tray and notifications (spoken by the shell)

tray-title = Usher
tray-open = Open Usher
tray-needs-sign-in = { $server } needs you to sign in
tray-needs-consent = { $server } asks for more permission
tray-needs-answer = { $server } asks you something
tray-snooze = Remind me tomorrow
tray-lock = Lock now
tray-locked = Usher is locked. Unlock it…
tray-quit = Quit Usher
notification-reconnect-one = { $server } needs you to sign in again
notification-key-one = { $server } refuses its API key
notification-reconnect-several =
    { $count ->
       *[other] { $count } servers need you to sign in again
    }
notification-body =
    { $count ->
        [one] It is paused until you reconnect it.
       *[other] They are paused until you reconnect them.
    }
notification-body-alone =
    { $count ->
        [one] It is paused. Open Usher to reconnect it.
       *[other] They are paused. Open Usher to reconnect them.
    }
notification-key-several =
    { $count ->
       *[other] { $count } servers refuse their API keys
    }
notification-key-body =
    { $count ->
        [one] It is paused until you change its key.
       *[other] They are paused until you change their keys.
    }
notification-key-body-alone =
    { $count ->
        [one] It is paused. Open Usher to change its key.
       *[other] They are paused. Open Usher to change their keys.
    }
notification-reconnect = Reconnect
notification-show = Show
hint-locked = Usher has locked itself
hint-locked-body = Until you unlock it, it renews no sign-ins. Click to type your passphrase.
hint-going-on = Usher keeps your sign-ins alive in the tray
hint-going-on-body = Only its window is closed. To end it, choose Quit Usher in the tray.

## The window

window-title = Usher
window-servers = Servers
window-main = Details
window-back = Back to servers
window-loading = Reading your servers…
window-waiting = Usher is still finishing what it was doing when it was closed. It goes on here as soon as that is done.
window-failed = Usher could not read its data
window-retry = Try again
window-close = Close
window-copy = Copy
window-copied = Copied
window-copy-failed = Could not copy
window-details = Details
secret-show = Show
secret-hide = Hide
secret-show-what = Show { $what }
secret-hide-what = Hide { $what }
window-news-signed-in = { $server }: signed in.
window-news-sign-in-ended = { $server }: the sign-in ended without success.
window-news-question =
    { $number ->
        [1] { $server } asks you something.
       *[other] { $server } asks you something more, question { $number }.
    }
window-news-unlocked = Usher is unlocked.
window-news-state = { $server }: { $state }
window-news-signed-out = { $server }: signed out and not connected.
window-news-deleted = { $server } is deleted.

## The list

list-search = Search servers and tools
list-add = Add
list-add-label = Add server
list-none-found = Nothing here is called “{ $query }”.
list-group-needs-you = Needs you
list-group-connected = Connected
list-group-waiting = Waiting
list-group-off = Off
list-ready = { $ready } of { $all } ready
list-settings = Settings
list-found-tools =
    { $count ->
        [one] Tool: { $tools }
       *[other] { $count } tools: { $tools }
    }
tools-count =
    { $count ->
        [0] no tools
        [one] 1 tool
       *[other] { $count } tools
    }

row-locked = Locked
row-off-signed-in = Signed in, not connected
row-opening = Connecting…
row-sign-in-preparing = Getting the sign-in ready…
row-sign-in-browser = Waiting for your browser…
row-sign-in-finishing = Finishing the sign-in…
row-offline = Offline
row-waiting = { $what }, next try in { $when }
row-waiting-now = { $what }, trying again…
row-reason-never = Sign in to connect
row-reason-rejected = Sign in again
row-reason-expired = Sign in again
row-reason-undecryptable = Sign in again
row-reason-handedOver = Moved to another computer
row-reason-headerRefused = API key missing or wrong
row-reason-never-machine = Connect to sign in
row-reason-rejected-machine = No longer let in
row-reason-scope = Asks for more permission
row-question = Asks you something

kind-open = Open
kind-header = API key
kind-oauth = Sign-in
kind-unknown = Not tried yet

## Durations

elapsed-ms = { $ms } ms
elapsed-seconds = { $seconds } s
duration-seconds = { $seconds } s
duration-minutes = { $minutes } min
duration-hours = { $hours } h { $minutes } min
duration-days = { $days } d { $hours } h

## The empty list

welcome-title = Add your first MCP server
welcome-body = Paste a server's address. Usher finds out by itself what the server needs, signs you in with your browser when it has to, and keeps you signed in.
welcome-add = Add server
welcome-step-paste = Paste an address
welcome-step-paste-body = The one the provider's documentation calls “MCP server URL”.
welcome-step-sign-in = Sign in once
welcome-step-sign-in-body = In your own browser. Usher never sees your password.
welcome-step-use = Use its tools
welcome-step-use-body = Next week it is still signed in.
pick-title = Choose a server
pick-body = Its tools, its account and its settings appear here.

## One server

server-connect = Connect
server-reconnect = Reconnect
server-disconnect = Disconnect
server-sign-in-here = Sign in here
server-try-now = Try now
server-try-again = Try again
server-change-key = Change the key
server-more = More actions
server-sign-in-again = Sign in again or switch account
server-sign-in-again-machine = Sign in again
server-edit = Edit
server-delete = Delete
server-gone = This server is no longer here.
server-tab-tools = Tools
server-tab-tools-count = Tools { $count }
server-tab-accounts = Accounts
server-tab-accounts-count = Accounts { $count }
server-tab-activity = Activity
server-tab-settings = Settings

state-connected = Connected
state-locked = Locked
state-locked-next = unlock Usher above to use it
state-off = Not connected
state-opening = Connecting…
state-waiting = Waiting
state-offline = Offline
state-when-back = connects by itself when the network is back
state-stopped = Stopped
state-sign-in = Needs you
state-moved = Moved
state-as = as { $label }
state-signed-in-at = signed in at { $host }
state-renews-in = renews itself in { $when }
state-renews = renews itself
state-renews-now = renewing itself
state-ends-in = ends in { $when }
state-lasts = stays until the provider ends it
state-needs-none = needs no sign-in
state-header = sends { $names }
state-header-none = no header is set
state-keeps-sign-in = your sign-in is kept; Connect uses it
state-never-tried = press Connect to see what it offers
state-left = press Connect to use it again
state-talking = asking { $host } what it offers
state-next-try = next try in { $when }
state-next-try-now = trying again

reason-never = This server wants you to sign in first.
reason-never-machine = Connect signs in without you; no page opens.
reason-rejected-machine = { $host } no longer accepts what Usher proves itself with.
reason-rejected = { $host } no longer accepts your sign-in. It may have been revoked.
reason-expired = Your sign-in has run out and could not renew itself.
reason-undecryptable = The stored sign-in cannot be read any more, so it has to be made again.
reason-handedOver = This account went to another computer in a file, and is not used here any more.
reason-question = A tool that you are running waits for your answer.
reason-scope = You are signed in, but not with all the permission it wants.
reason-headerRefused = { $host } wants an API key or another header that is not set here, or is not the right one.

revocation-revoked = Disconnected. The provider has revoked your sign-in, and nothing of it is kept here.
revocation-notOffered = Disconnected. Nothing of your sign-in is kept here. The provider offers no way to revoke it from outside: it ends by itself, or in your account there.
revocation-unreachable = Disconnected. The provider could not be reached to revoke your sign-in. Usher asks again by itself for a week, and keeps it, encrypted, for nothing else.
revocation-failed = Disconnected. Nothing of your sign-in is kept here, but the provider could not be told to revoke it. You can revoke it in your account there.

## Accounts

account-unnamed = Unnamed account
account-machine = Client { $client }
account-gone = an account that is gone
account-numbered = Account { $number }
account-used = Used now
account-at = Signed in at { $host }
account-at-provider = At the provider
account-issuer = Signed in at
account-scopes = May
account-scopes-none = The provider named no scopes.
account-scopes-many = { $count } permissions
account-since = Since
account-one-needs = One of them needs you.
account-use = Use this account
account-use-which = Use this account: { $account }
account-again = Sign in again
account-again-which = Sign in again as { $account }
account-here = Use here again
account-here-which = Use here again: { $account }
account-here-title = Use { $account } here again?
account-here-title-unnamed = Use this account here again?
account-here-body = Do this if the file never arrived at the other computer, or the account was removed there. If both renew the same sign-in, the provider may end it for both.
account-here-instead = To use it on both, sign in again here instead: that makes a sign-in of its own.
account-here-cancel = Leave it there
account-more = More actions for { $account }
account-rename = Rename
account-remove = Remove
account-name = Name
account-name-hint = Leave it empty to go back to the provider's name, { $label }.
account-name-hint-unnamed = Only you see it. The provider gave no name.
account-name-long =
    { $count ->
        [one] One character too many.
       *[other] { $count } characters too many.
    }
account-name-hides = It has a character in it that cannot be seen.
account-name-save = Save
account-name-cancel = Cancel
account-add = Add another account
account-add-hint = You choose it on the provider's page. The one in use stays in use.
account-none = Nobody is signed in here
account-none-body = After you have signed in, your account appears here. You can add others then, and choose which one is used.
account-sign-in = Sign in
account-none-machine = Usher has not signed in here yet
account-none-body-machine = It signs in by itself, with what you entered in Settings; no page opens. What it gets appears here then.
account-sign-in-machine = Connect
account-remove-title = Remove { $account }?
account-remove-body = The sign-in is revoked at { $host } and forgotten here. Nothing else happens to your account there.
account-remove-body-machine = What Usher got at { $host } is revoked there and forgotten here. What it proves itself with stays in Settings.
account-remove-last = It is the only account, so { $server } is disconnected.
account-remove-beside = { $server } stays connected with the account in use.
account-remove-used = It is the account in use. { $server } goes on as { $account }.
account-remove-confirm = Remove
account-removing = Removing…
account-remove-cancel = Keep it
account-removed = { $account } was removed.
account-removed-revoked = The provider has revoked the sign-in, and nothing of it is kept here.
account-removed-notOffered = Nothing of the sign-in is kept here. The provider offers no way to revoke it from outside: it ends by itself, or in your account there.
account-removed-unreachable = The provider could not be reached to revoke the sign-in. Usher asks again by itself for a week, and keeps it, encrypted, for nothing else.
account-removed-failed = Nothing of the sign-in is kept here, but the provider could not be told to revoke it. You can revoke it in your account there.
account-removed-nothing = There was no sign-in left to revoke.
account-removed-seen = Good
leave-one-title = Disconnect { $server }?
leave-one-body = Your sign-in is revoked at { $host } and forgotten here. To use this server again, you sign in again.
leave-one-body-machine = What Usher got at { $host } is revoked there and forgotten here. Connect signs in anew, without you.
leave-one-confirm = Sign out and disconnect
leave-one-cancel = Stay signed in
leave-all-title = Disconnect all { $count } accounts?
leave-all-body = Every account of { $server } is revoked at its provider and forgotten here. To end only one, remove it under Accounts.
leave-all-confirm = Disconnect
leave-all-cancel = Keep them
edit-all-title = End all { $count } accounts?
edit-all-body = With this change, every account of { $server } is revoked at its provider and forgotten here.
edit-all-confirm = Save and end them
edit-all-cancel = Keep them

## What needs the person

offline-title = This computer has no network
offline-body = Your sign-ins are kept, and what runs on this computer works as always.
offline-waiting =
    { $count ->
        [one] One server connects by itself when the network is back.
       *[other] { $count } servers connect by themselves when the network is back.
    }
offline-kept = Your sign-in is kept. There is nothing you need to do.
offline-waits = There is nothing you need to do.
needs-one = { $server } needs you to sign in again.
needs-one-account = { $server } needs you to sign in again as { $account }.
needs-one-machine = { $server } no longer lets Usher in.
needs-one-header = { $server } refuses its API key.
needs-one-scope = { $server } asks for more permission.
needs-one-question = { $server } asks you something.
needs-several =
    { $count ->
       *[other] { $count } servers need you
    }
needs-more = And { $count } more in the list.
needs-later = Later
needs-snooze = Remind me tomorrow
needs-snoozed = Reminders are off until { $until }.
needs-wake = Turn on
needs-wake-label = Turn on reminders
needs-reconnect = Reconnect
needs-reconnect-server = Reconnect { $server }
needs-change-key = Change the key
needs-change-key-server = Change the key of { $server }
needs-show = Show
needs-show-server = Show { $server }

## Adding

add-title = Add server
add-address = Address
add-address-placeholder = https://mcp.example.com/mcp
add-name = Name
add-name-hint = optional
add-kind = How it is asked
add-kind-detected = As detected
add-kind-open = Open, no sign-in
add-kind-header = API key or other header
add-kind-oauth = Sign-in in the browser
add-save = Save
add-save-connect = Save and connect
add-cancel = Cancel
add-advanced = Name and other choices
address-offer = { $scheme } is missing in front.
address-offer-how = Press Enter, or take it here:
address-offer-take = Use { $address }
address-unfinished = Usher does not guess what comes in front of an address. Take the one offered below, or type it whole.
header-name-missing = A header needs a name, such as Authorization or X-Api-Key.
header-name-wrong = A name has letters, digits and hyphens, without a colon or spaces, such as X-Api-Key.
header-value-wrong = A value has no accents, signs beyond the plain ones, or line breaks. Copy the key once more, and nothing around it.
header-value-named = The name stands in front of the value here. Type only what comes after “{ $name }:”.
header-list = Headers
header-name = Header
header-value = Value
header-value-kept = stored; type to replace
header-add = Add header
header-remove = Remove header { $name }
header-hint = Sent to this server's address and to nobody else. An Authorization value is often “Bearer” and the key, with a space between them.

probe-idle = Usher looks at the address as you type and says what it found.
probe-looking = Looking at { $host }…
probe-open = Open
    .detail = It answers everybody; no sign-in needed.
probe-header = API key
    .detail = It wants a key in a header, and names no place to sign in. Ask its provider for a key.
probe-oauth = Sign-in
    .detail = You sign in at { $host }.
probe-oauth-somewhere = Sign-in
    .detail = You sign in with your browser. Where is found out when you connect.
probe-permissions =
    { $count ->
        [one] It asks for 1 permission.
       *[other] It asks for { $count } permissions.
    }
probe-unsure = Unsure

evidence-insecure = This address is not encrypted.
    .next = Use https. Plain http is only asked on this machine itself.
evidence-offline = This computer has no network.
    .next = You can save it and connect later.
evidence-unknownHost = No such host is known.
    .next = Check the spelling. A company address may need your VPN.
evidence-unreachable = Nothing answers there.
    .next =
        { $here ->
            [yes] Is the server running on this computer? You can save it and connect later.
           *[no] Check the address and your network. You can save it and connect later.
        }
evidence-certificate = Its certificate is not trusted.
    .next = Check the address. A company address may need your company's certificate installed.
evidence-timedOut = It took longer than 5 seconds.
    .next = It may be slow or asleep. You can save it and connect later.
evidence-redirected = It sends visitors on to { $host }.
    .next = Usher follows no redirects with an address you typed. Use the address it leads to, if you know it.
evidence-htmlPage = This is a web page for people.
    .next = Look in the provider's documentation for its MCP address; it often ends in /mcp.
evidence-status = It answered with the HTTP status { $status }.
    .next = Check the path of the address; it often ends in /mcp.
evidence-notMcp = Something answers, but it does not speak MCP.
    .next = Check the path of the address; it often ends in /mcp.

## Editing and deleting

edit-name = Name
edit-address = Address
edit-address-hint = A new address ends every sign-in here.
edit-kind = How it is asked
edit-kind-alone = Sign-in, without the browser
edit-client = Your own client at the provider
edit-client-hint = Only if the provider does not register apps by itself. A change ends every sign-in here.
edit-client-id = Client ID
edit-client-secret = Client secret
edit-client-secret-kept = stored; type to replace
edit-client-secret-clear = Remove the stored secret
edit-redirect = Redirect address to register there
method-title = How to sign in
method-hint = In your browser, or without you: then Usher proves itself with what you enter here, and no page of the provider opens.
method-hint-signed-in = In your browser, or without you: then Usher proves itself with what you enter here, and no page of the provider opens. A change ends every sign-in here.
method-person = In the browser
method-clientSecret = With a client secret
method-privateKey = With a private key
method-company = Through your company's identity provider
method-platformToken = With a token of this machine's platform
method-about-clientSecret = For a client that was registered at the provider with a secret of its own.
method-about-privateKey = For a client whose public key the provider knows. Usher signs with the private one, which never leaves this computer.
method-about-company = Your identity provider vouches for you: Usher shows it your ID token, and shows the provider what it gets for that.
method-about-platformToken = A cloud or a build system gives its machines signed tokens (JWT). Usher shows one to the provider.
method-client-id = Client ID
method-client-id-hint = What the provider calls this client.
method-secret = Client secret
method-secret-hint = Encrypted on this computer and never shown again.
method-kept-type = stored; type to replace
method-kept-paste = stored; paste to replace
method-key = Private key
method-key-hint = PEM, P-256, RSA or Ed25519, without a password. Encrypted on this computer and never shown again.
method-key-id = Key ID
method-key-id-hint = Only if the provider gave the key a name (kid).
method-idp = Identity provider
method-idp-hint = Its issuer, exactly as it writes it.
method-idp-client-id = Client ID at the identity provider
method-idp-secret = Client secret at the identity provider
method-token = Token
method-id-token = ID token
method-token-paste = Pasted here
method-token-file = In a file that something keeps fresh
method-pasted = The token itself
method-pasted-hint = Encrypted on this computer and never shown again. Once it has run out, you paste a new one.
method-file = File
method-file-hint = The whole path. Usher reads the file anew each time it needs the token.
method-save = Use this
method-saved = Saved. Connect signs in with it.
provider-title = Where you sign in
provider-hint = This server lets you choose. The choice counts from the next sign-in on.
exceptions-title = Exceptions
exceptions-count =
    { $count ->
        [0] none
        [one] 1 in force
       *[other] { $count } in force
    }
exceptions-hint = For a provider that does not go by the rules, and for this server alone. Each one gives up some protection. They count from the next sign-in on; the one you have stays as it is. A new address, or another place to sign in, takes them away.
exceptions-issuer = Accept this issuer
    .risk = What the provider calls itself, letter for letter, where that is not what this server says. The provider could then pass itself off as the one you name.
exceptions-pkce = Accept that the provider says nothing about PKCE
    .risk = Usher uses PKCE all the same. If the provider ignores it, somebody who gets hold of your browser's answer can use it.
exceptions-resource = Do not tell the provider which server the sign-in is for
    .risk = For a provider that refuses to be told (the parameter “resource”). The sign-in may then be good at its other servers too.
exceptions-method = How Usher proves who it is
    .risk = Only if the provider refuses the usual way.
exceptions-method-default = As the provider says
exceptions-method-none = Without a secret (none)
exceptions-method-client_secret_basic = Secret in a header (client_secret_basic)
exceptions-method-client_secret_post = Secret in the form (client_secret_post)
exceptions-parameters = Added to the address of the sign-in page
exceptions-parameters-hint = As the provider's documentation says it, such as access_type with the value offline. What Usher sets itself cannot be set here.
exceptions-parameter-name = Parameter
exceptions-parameter-value = Value
exceptions-parameter-add = Add parameter
exceptions-parameter-remove = Remove parameter { $name }
exceptions-save = Save exceptions
exceptions-clear = Remove all
exceptions-active =
    { $count ->
        [one] An exception is in force here
       *[other] { $count } exceptions are in force here
    }
exceptions-active-kind = How this server is asked was chosen by hand: { $kind }.
exceptions-active-issuer = Its provider may call itself { $issuer }.
exceptions-active-pkce = Its provider need not say that it knows PKCE.
exceptions-active-parameters =
    { $count ->
        [one] The parameter { $names } is added to the address of its sign-in page.
       *[other] The parameters { $names } are added to the address of its sign-in page.
    }
exceptions-active-resource = Its provider is not told which server a sign-in is for.
exceptions-active-method =
    { $method ->
        [none] Usher shows its provider no client secret.
        [client_secret_basic] Usher shows its provider the client secret in a header.
       *[client_secret_post] Usher shows its provider the client secret in the form.
    }
exceptions-review = Review
way-title = Way back from the browser
way-hint = Where the provider sends your browser after the sign-in. A change does not end the sign-in.
way-automatic = Automatic: what works at the provider
way-deepLink = Usher's link
way-loopbackAddress = An address of this machine, 127.0.0.1
way-loopbackName = An address of this machine, localhost
way-port = Port
way-port-optional = optional
way-port-hint = Without one Usher takes any free port. Some providers want the exact address registered, with its port.
way-port-wrong = A port is a number between 1 and 65535.
way-port-save = Use this port
edit-save = Save changes
edit-saved = Saved.
edit-undo = Undo changes
edit-no-changes = No changes
delete-title = Delete { $server }?
delete-body = It disappears from this list. Every sign-in to it is revoked at its provider and forgotten here.
delete-confirm = Delete
delete-cancel = Keep it

## Signing in

waiting-title-preparing = Getting the sign-in ready
waiting-title-browser = Waiting for your browser
waiting-title-unopened = Your browser could not be opened
waiting-title-finishing = Finishing the sign-in
waiting-preparing = Usher asks { $host } where to sign in.
waiting-browser = Sign in and agree on the page that opened. It belongs to:
waiting-unopened = Copy the link and open it in a browser yourself. The page belongs to:
waiting-finishing = Your browser came back. Usher is collecting the sign-in.
waiting-scopes = It will ask you to allow
waiting-scopes-none = The provider decides what it asks you to allow.
waiting-meant-switch = Choose there as whom { $server } is used from now on.
waiting-meant-add = Choose there which account to add. The one in use stays in use.
waiting-meant-again = Sign in there as { $account }. Anybody else who signs in gets an account of their own here.
waiting-meant-again-unnamed = This is for { $account }. The provider does not tell who signs in, so take care that it is the same one.
waiting-then = Afterwards this page goes on by itself.
waiting-reopen = Reopen browser
waiting-copy-link = Copy link
waiting-link-copied = Link copied
waiting-paste = Paste the address
waiting-again-linkRefused = { $host } does not take Usher's link, so Usher asks again with an address of this machine.
waiting-again-otherWay = Usher asks again and has told the page another way back.
waiting-again-clientForgotten = { $host } did not know Usher any more. Usher has registered there anew, so the page asks you once more.
waiting-elsewhere = This server also takes a sign-in at another place:
waiting-elsewhere-go = Sign in at { $host }
waiting-page-fails = The page shows an error?
waiting-another-way = Try another way back
waiting-cancel = Cancel
waiting-what-happens = What happens
waiting-time = { $when } left
waiting-time-up = The time is up
paste-label = The address your browser ended at
paste-hint = For a browser on another machine: after you agreed there, copy the whole address of the page it ended at.
paste-send = Use this address
paste-cancel = Never mind

outcome-authorized = Signed in.
    .next = Its tools are on their way.
    .action = Good
outcome-declined = You said no at { $host }.
    .next = Nothing was changed. Sign in again whenever you like.
    .action = Sign in
outcome-cancelled = You cancelled the sign-in.
    .next = Nothing was changed.
    .action = Sign in
outcome-providerError = { $host } refused: { $error }.
    .next = Try once more. If it stays so, its provider can say why.
    .action = Try again
outcome-missingParameters = The answer from the browser was incomplete.
    .next = Start once more, and let the browser go all the way to the end.
    .action = Try again
outcome-unknownState = The answer from the browser belongs to no sign-in of this app.
    .next = It was too old, already used, or not meant for Usher. Start a new sign-in.
    .action = Sign in
outcome-serverGone = The server was deleted while you signed in.
    .next = Nothing was kept.
    .action = Close
outcome-insecureUrl = The sign-in would go over an unencrypted address: { $url }.
    .next = Usher does not do that. Check this server's address.
    .action = Check the address
outcome-issuerMismatch =
    { $found ->
        [none] What { $expected } publishes about signing in names no issuer.
       *[other] What { $expected } publishes about signing in is in the name of { $found }.
    }
    .next = Usher has stopped before sending anything: a sign-in that is meant for one must not get to the other. Only the provider can change that. Copy the details for them.
    .action = Copy details
outcome-exchangeFailed = { $host } did not complete the sign-in.
    .next = Try again. If you gave your own client ID, check it and its secret.
    .action = Try again
outcome-timedOut = The sign-in was not finished in time.
    .next = A sign-in stays open for 10 minutes. Start again when you have a moment.
    .action = Sign in
outcome-noRegistration = { $host } does not register apps by itself.
    .next = Register Usher there by hand with the redirect address below, then enter the client ID you get.
    .action = Save and sign in
outcome-registrationRefused = { $host } refused to register Usher.
    .next = Register Usher there by hand with the redirect address below, then enter the client ID you get.
    .action = Save and sign in
outcome-issuerChanged = This server now wants you to sign in at { $toHost }, no longer at { $fromHost }.
    .next = Nothing has been sent there. Go on only if you know why: whoever you sign in at can act for you on this server.
    .action = Sign in at { $toHost }
outcome-issuerChanged-host = { $from } now wants to hand out the sign-in at another host, { $toHost }.
    .next = Nothing has been sent there. Go on only if you know why: whoever hands out the sign-in can act for you on this server.
    .action = Go on with { $toHost }
outcome-issuerNotAgreed = This server wants you to sign in at { $host }.
    .next = Nothing has been sent there yet. Go on if what you entered is meant for { $host }: Usher then proves itself there, now and whenever the sign-in has to be renewed.
    .action = Sign in at { $host }
outcome-credentialsElsewhere = What you entered is meant for { $givenFor }, and you now sign in at { $host }.
    .next = Nothing has been sent to { $host }. Enter what { $host } gave you in Settings.
    .action = Open settings
outcome-tokenRefused = { $host } refused to let Usher in: { $error }.
    .next = What Usher proves itself with may have been withdrawn or have run out. Check it in Settings.
    .action = Open settings
outcome-credentialsRefused = { $host } does not know this client ID, or does not accept what proves it.
    .next = Check the client ID and what belongs to it in Settings.
    .action = Open settings
outcome-credentialsUnreadable = What Usher proves itself with cannot be read any more.
    .next = It was encrypted under a key that is gone, or is damaged. Enter it anew in Settings.
    .action = Open settings
outcome-keyNotTaken = { $host } takes no key of this kind ({ $algorithm }).
    .next = Nothing has been sent there. Register a key of another kind at { $host } and enter it in Settings.
    .action = Open settings
outcome-noToken = There is no token in { $path }.
    .next = Make sure that the file is there, that Usher may read it, and that nothing but the token is in it.
    .action = Try again
outcome-clientRefused = { $host } does not accept the client ID Usher has, or not with its secret.
    .next = Enter the client ID and secret that { $host } gave you for Usher. The redirect address below has to be registered there.
    .action = Save and sign in
outcome-noPort = Port { $port } of this machine is taken.
    .next = Another program, or another sign-in, uses it. Close that, or choose another port in Settings.
    .action = Open settings
outcome-noPort-any = No port of this machine could be opened for the answer.
    .next = Something on this machine forbids it. You can choose Usher's link as the way back in Settings.
    .action = Open settings
outcome-noPkce =
    { $others ->
        [true] { $host } protects sign-ins in another way than MCP requires (PKCE with S256).
       *[false] { $host } does not say that it protects sign-ins the way MCP requires (PKCE with S256).
    }
    .next = Only its provider can change that. Copy the details for them.
    .action = Copy details
outcome-notDiscoverable = This server does not say where to sign in.
    .next = Usher looked at { $url }. If it wants an API key instead, choose that in Settings.
    .action = Open settings
outcome-badDocument =
    { $document ->
        [resourceMetadata] What { $host } says about signing in is not right.
        [serverMetadata] What { $host } says about itself is not right.
        [registration] { $host } registered Usher with an answer that is not right.
        [refusal] { $host } refused the sign-in and did not say why.
       *[other] { $host } answered the sign-in with something that is not right.
    }
    .next = { $wrong } Only whoever runs { $host } can change that. Copy the details for them.
    .action = Copy details
outcome-offline = This computer has no network.
    .next = Nothing is lost. Try again when the network is back.
    .action = Try again
outcome-unreachable =
    { $here ->
        [yes] Nothing answered at { $host }.
       *[no] { $host } could not be reached.
    }
    .next =
        { $here ->
            [yes] That is this computer. Start what should answer there, then try again.
           *[no] Check your network, then try again.
        }
    .action = Try again
outcome-notStored = The sign-in worked but could not be stored.
    .next = Make sure that your keychain is open and the disk has room, then sign in again.
    .action = Sign in
outcome-detail-error = Error
outcome-detail-description = In the provider's words
outcome-detail-from = Until now
outcome-detail-to = From now on
outcome-detail-fromHost = Its host until now
outcome-detail-toHost = Its host from now on
outcome-detail-expected = Expected
outcome-detail-found = Found
outcome-detail-found-none = nothing
outcome-detail-url = Address
outcome-detail-document = Document
outcome-detail-wrong = What is wrong
outcome-detail-host = Host
outcome-detail-issuer = Issuer
exception-offer = Make an exception…
exception-offer-issuer = Accept another name for the provider?
    .risk = If you do, whoever runs the first can pass itself off as the second, and may get hold of a sign-in that was meant for the second. Go on only if the provider's documentation says that both are the same.
exception-offer-pkce = Sign in at { $host } all the same?
    .risk = PKCE makes a stolen answer worthless. Usher uses it in any case; but if { $host } ignores it, somebody who gets hold of your browser's answer can sign in as you.
exception-offer-resource = Not tell { $host } which server it is for?
    .risk = Usher tells a provider which server a sign-in is for, and { $host } refuses to be told. Without that, the sign-in may be good at other servers of the provider too, and this server could use it there.
exception-offer-expected = First, as this server names it
exception-offer-found = Second, as it calls itself
exception-offer-kept = It counts for this server alone, { $server }. Its page shows it, and Settings take it back.
exception-offer-yes = Accept and sign in
exception-offer-no = Leave it
client-redirect = Redirect address
client-id = Client ID
client-secret = Client secret
client-secret-hint = only if you got one

## What a sign-in asks for

permissions-title = Permissions
permissions-hint = Your next sign-in asks for what is ticked. Where a tool turns out to need more, Usher asks you then.
permissions-none = Nothing is ticked, so the provider decides what it asks you to allow.
permissions-unnamed = This server does not name its permissions, so the provider decides what it asks you to allow.
permissions-another = Another permission, by name
permissions-add = Add

## More permission

consent-for-tool = { $server } wants more permission for { $tool }
consent-to-connect = { $server } wants more permission before it lets you in
consent-unnamed = The server does not say which permission it misses.
consent-again = The server refused again after the last time. This is attempt { $attempt } of 3.
consent-then = Your browser opens for it, and afterwards this goes on by itself.
consent-then-machine = Usher asks for it without your browser, and afterwards this goes on by itself.
consent-allow = Allow in browser
consent-allow-machine = Allow
consent-not-now = Not now
consent-sign-in = Sign in
consent-sign-in-then-machine = Usher signs in without you, and afterwards this goes on by itself.
consent-sign-in-first = This tool wants you to sign in first

## What a tool asks while it runs

question-title = { $server } asks you something
question-title-tool = { $server } asks you something for { $tool }
question-title-further = { $server } asks you something more
question-title-tool-further = { $server } asks you something more for { $tool }
question-number = Question { $number }
question-warning = These are the words of { $host }, and what you enter goes there. Never enter a password, a code or a key.
question-words = The words of { $host }
question-answer = Answer
question-agree = Agree
question-decline = Decline
question-cancel = Cancel
question-more =
    { $count ->
        [one] One more question after this one
       *[other] { $count } more questions after this one
    }
question-ways = Decline tells the server that you will not say. Cancel also ends whatever else this call would ask.

## Activity: what happened in the last runs

activity-list = The last runs
activity-loading = Reading what happened…
activity-none = Nothing has happened here yet. After a sign-in its steps are shown here: what was asked, what was answered, and what was decided by which rule.
activity-none-open = Sign-ins and renewals are shown here, and this server needs none.
activity-none-header = Sign-ins and renewals are shown here, and this server needs none: it is asked with a key.
activity-kept = The last ten of each kind are kept, without anything secret.
activity-back = All runs
activity-copy = Copy for a bug report
activity-no-steps = No step was written down.
run-kind-signIn = Sign-in
run-kind-renewal = Renewal
run-kind-signOut = Sign-out
run-kind-deregistration = Registration
run-underWay = Under way…
run-unfinished = It was not finished.
run-renewal-rejected = The provider no longer accepts the sign-in.
run-renewal-invalidClient = The provider no longer knows this app.
run-renewal-unreachable = The provider could not renew it then.
run-renewal-portal = Something on the network answered in the provider's place. The sign-in was kept.
run-renewal-unknown = The provider's answer was lost or could not be used.
run-deregistration-deleted = The provider has deleted this app's registration, which no account used any more.
run-deregistration-failed = The provider did not delete this app's registration, which no account used any more.
run-deregistration-unreachable = The provider could not be told that this app's registration is not used any more, and is asked again later.
run-deregistration-offline = There was no network to tell the provider that this app's registration is not used any more.
run-signOut-revoked = The provider has revoked the sign-in.
run-signOut-notOffered = The provider offers no way to revoke it.
run-signOut-unreachable = The provider could not be reached, and is asked again later.
run-signOut-failed = The provider could not be told.
report-head = Usher { $version }, server { $host }
report-run = { $kind }, { $when }: { $how }
step-asked = { $method } { $url }
step-answered =
    { $type ->
        [none] Answer { $status }
       *[other] Answer { $status }, { $type }
    }
step-failed = No answer: { $why }
step-left-out =
    { $steps ->
        [one] One more step was too much to keep.
       *[other] { $steps } more steps were too many to keep.
    }
step-refused = Refused:
step-excepted = Exception:
step-hidden = (not shown)

http-unsafeUrl = this address must not be asked
http-forbiddenAddress = the address lies in a network that must not be reached from here
http-offline = this computer has no network
http-unknownHost = no such host is known
http-unreachable = nobody answers there
http-interrupted = the connection broke
http-certificate = the certificate is not trusted
http-certificateTime = the certificate is not valid today
http-timedOut = it took too long
http-tooLarge = the answer is larger than Usher takes in
http-tooManyRedirects = it sends on more than five times
http-notHttp = what came back is not HTTP

document-resourceMetadata = The server's metadata
    .kind = Protected resource metadata (RFC 9728)
document-serverMetadata = The provider's metadata
    .kind = Authorization server metadata (RFC 8414, OpenID Connect Discovery)
document-registration = The provider's answer to the registration
    .kind = Client registration response (RFC 7591)
document-tokens = The provider's answer with the tokens
    .kind = Token response (RFC 6749)
document-refusal = The provider's refusal
    .kind = Error response (RFC 6749)
document-idToken = The ID token
    .kind = ID token (OpenID Connect Core)
document-userinfo = The provider's answer about who signed in
    .kind = UserInfo response (OpenID Connect Core)

flaw-empty = { $what } at { $url } is empty.
flaw-tooLarge = { $what } at { $url } is larger than { $limit } MiB.
flaw-notUtf8 = { $what } at { $url } is not written in UTF-8.
flaw-webPage = { $what } at { $url } is a web page instead of JSON.
flaw-notJson = { $what } at { $url } is not JSON: it goes wrong at line { $line }, column { $column }.
flaw-cutShort = { $what } at { $url } is incomplete: it breaks off at line { $line }, column { $column }.
flaw-notAnObject = { $what } at { $url } is { $found } instead of an object.
flaw-tooDeep = { $what } at { $url } is nested more than { $limit } levels deep at line { $line }, column { $column }.
flaw-repeated =
    { $member ->
        [none] { $what } at { $url } has one entry twice, at line { $line }, column { $column }.
       *[other] { $what } at { $url } has the entry “{ $member }” twice, at line { $line }, column { $column }.
    }
flaw-missing = { $what } at { $url } lacks the entry “{ $member }”.
flaw-wrongType = { $what } at { $url } has { $found } as “{ $member }” where { $expected } belongs.
flaw-wrongElement = { $what } at { $url } has { $found } as element { $element } of “{ $member }” where a string belongs.
flaw-notAllowed = { $what } at { $url } has a “{ $member }” that { $why }.

not-allowed-empty = is empty
not-allowed-tooLong = is too long
not-allowed-characters = has characters that do not belong there
not-allowed-notAUrl = is not a complete address
not-allowed-unsafeUrl = is not an https address free of passwords and fragments
not-allowed-forbiddenAddress = leads into a network where this server must not send Usher
not-allowed-notWhole = is not a whole number
not-allowed-unknown = is none that Usher knows
not-allowed-foreign = names another server
not-allowed-notAToken = is not a signed token

json-null = null
json-boolean = a boolean
json-number = a number
json-string = a string
json-array = an array
json-object = an object
json-strings = an array of strings
json-stringOrStrings = a string or an array of strings

decided-kindChosen = That one signs in here was chosen by hand.
decided-challengeRead =
    { $resourceMetadata ->
        [none] The server's challenge asks for the scopes { $scope }.
       *[other] The server's challenge names its metadata: { $resourceMetadata }.
    }
decided-challengeAbsent = No challenge says where to look; the well-known places are asked.
decided-resourceMetadataFound =
    { $place ->
        [challenge] The server's metadata is where the challenge said.
        [path] The server's metadata is at the well-known place of its path; the root is not asked.
       *[root] The server's metadata is at the well-known place of its root.
    }
decided-resourceMetadataAbsent = The server publishes no metadata of its own.
decided-resourceAccepted = The metadata speaks for this server: { $resource }.
decided-resourceForeign = The metadata speaks for { $resource } and not for { $server }.
decided-resourceMetadataFlawed = { $wrong }
decided-issuerChosen =
    { $of ->
        [one] The server trusts one authorization server: { $issuer }.
       *[other] The first of { $of } authorization servers is chosen: { $issuer }.
    }
decided-issuerChanged = It is no longer as you agreed: { $from } was agreed, { $to } is named. Usher asks you first.
decided-issuerConfirmed = The metadata names the issuer that was asked for: { $issuer }.
decided-issuerDiffers = The metadata names the issuer { $found } where { $expected } was asked for.
decided-issuerAccepted = The metadata of { $expected } calls itself { $found }, which was accepted by hand.
decided-serverMetadataAbsent = { $issuer } publishes no metadata at any well-known place.
decided-serverMetadataFlawed = { $wrong }
decided-originMetadataTaken = The metadata at the server's own origin is taken, as older servers mean it.
decided-endpointsAssumed = There is no metadata; the endpoints that older servers have are assumed at { $origin }.
decided-pkcePromised = The authorization server promises PKCE with S256.
decided-pkceMissing = { $issuer } does not promise PKCE with S256.
decided-pkceUnpromised = { $issuer } says nothing about PKCE, which was accepted by hand. S256 is used all the same.
decided-addressRefused = This address must not be used: { $url }
decided-scopesChosen =
    { $from ->
        [challenge] Scopes to ask for, as the challenge names them: { $scopes }.
        [resourceMetadata] Scopes to ask for, as the server's metadata names them: { $scopes }.
        [person] Scopes to ask for, as the person chose them: { $scopes }.
       *[nobody] Nobody names scopes; the authorization server chooses.
    }
decided-offlineAccessAdded = offline_access is asked for too: the authorization server lists it.
decided-parametersAdded = The page is asked with parameters that were added by hand: { $names }.
decided-resourceOmitted = By hand, no request names the resource { $resource }.
decided-authMethodChosen = How Usher proves who it is was chosen by hand: { $method }.
decided-clientPreRegistered = The client that was registered by hand is used: { $clientId }.
decided-clientByDocument = The client ID is the address of a document about Usher: { $clientId }.
decided-clientRemembered = The client that was registered earlier is used: { $clientId }.
decided-clientRegistered = Usher is registered as { $clientId }.
decided-clientForgotten = The client { $clientId } is not known there any more. It is forgotten here too.
decided-clientRefused =
    { $error ->
        [none] The registration fails without a reason.
       *[other] The registration fails: { $error }.
    }
decided-registrationFlawed = { $wrong }
decided-clientDeleted = The provider deletes our client { $clientId }: no account uses it any more.
decided-clientNotDeleted = The provider does not delete our client { $clientId }.
decided-registrationAbsent = The authorization server registers no apps by itself.
decided-wayBackChosen =
    { $way ->
        [deepLink] The browser comes back by a link to Usher.
        [loopbackAddress] The browser comes back to 127.0.0.1.
       *[loopbackName] The browser comes back to localhost.
    }
decided-wayBackRefused =
    { $way ->
        [deepLink] A link to Usher is not taken as the way back.
        [loopbackAddress] 127.0.0.1 is not taken as the way back.
       *[loopbackName] localhost is not taken as the way back.
    }
decided-wayBackRefusedByPage = The page does not take this way back; the next one is tried.
decided-wayBackLeft =
    { $next ->
        [deepLink] Another way back was asked for: a link to Usher.
        [loopbackAddress] Another way back was asked for: 127.0.0.1.
       *[loopbackName] Another way back was asked for: localhost.
    }
decided-pageOpened = The browser opens a page of { $host }.
decided-pageUnopened = The browser could not be opened for the page of { $host }.
decided-answerArrived =
    { $by ->
        [deepLink] An answer comes back by a link to Usher.
        [loopback] An answer comes back to this machine's own address.
       *[paste] An answer is pasted.
    }
decided-stateMatched = The answer carries the state of this sign-in.
decided-answerIssuerMatched = The answer comes from the issuer that was asked: { $issuer }.
decided-answerIssuerUnnamed = The answer names no issuer, and this authorization server need not.
decided-answerIssuerDiffers =
    { $found ->
        [none] The answer names no issuer where { $expected } promised to; it is dropped, and the sign-in goes on waiting.
       *[other] The answer names the issuer { $found } where { $expected } was asked; it is dropped, and the sign-in goes on waiting.
    }
decided-stateBurnt = The state is used up; no other answer counts.
decided-answerRefuses =
    { $description ->
        [none] The authorization server reports { $error }.
       *[other] The authorization server reports { $error }: { $description }
    }
decided-answerIncomplete = The answer carries neither a code nor an error.
decided-codeExchanged = The code brings tokens.
decided-tokensFlawed = { $wrong }
decided-refusalFlawed = { $wrong }
decided-idTokenFlawed = { $wrong } It names nobody.
decided-idTokenLeftAside = The ID token that came along is not of this issuer, not for us, or too old; it names nobody.
decided-userinfoForeign = The provider's second word on who signed in is about somebody else; it is not used.
decided-userinfoFlawed = { $wrong } It names nobody.
decided-personNamed = The provider said who signed in.
decided-codeRefused =
    { $error ->
        [none] The code brings no tokens, and no reason is given.
       *[other] The code brings no tokens: { $error }.
    }
decided-tokensKept =
    { $renews ->
        [true] The tokens are stored and renew themselves.
       *[false] The tokens are stored; there is nothing to renew them with.
    }
decided-tokensTurnedAway = The sign-in was taken back meanwhile; its tokens are given up.
decided-issuerNotAgreed = The server names { $issuer }, which nobody has agreed to. Usher asks you before it proves itself there.
decided-credentialsElsewhere = What would prove the client was given for { $givenFor }; it is not shown to { $issuer }.
decided-clientAsks = No person is asked: { $clientId } asks in its own name.
decided-assertionSigned = The client signs who it is, with { $algorithm }.
decided-algorithmNotTaken = The authorization server takes nothing that is signed with { $algorithm }.
decided-platformTokenShown =
    { $file ->
        [none] The token that was pasted is shown in the place of a person's consent.
       *[other] The token in { $file } is shown in the place of a person's consent.
    }
decided-tokenFileUnreadable = There is no token in { $path }.
decided-companyVouches = { $issuer } vouches for this client.
decided-companyRefuses =
    { $error ->
        [none] { $issuer } does not vouch for this client, and gives no reason.
       *[other] { $issuer } does not vouch for this client: { $error }.
    }
decided-tokensGiven = Tokens came without a person.
decided-tokensRefused =
    { $error ->
        [none] No tokens came, and no reason is given.
       *[other] No tokens came: { $error }.
    }
decided-renewalRefused = The sign-in can no longer be renewed: { $error }.
decided-renewalPutOff =
    { $seconds ->
        [none] The sign-in is kept, and renewed later.
       *[other] The sign-in is kept, and renewed in { $seconds } s at the earliest.
    }

## Tools

tools-search = Search tools
tools-list = Tools
tools-none = This server offers no tools.
tools-not-yet = Its tools appear here once it is connected.
tools-loading = Asking for the tools…
tools-none-found = No tool is called “{ $query }”.
tools-pick = Choose a tool to try it.
tools-from-before = From the last time it was connected.
tool-back = All tools
tool-read-only = Changes nothing
tool-destructive = May destroy something
tool-run = Run
tool-running = Running…
tool-no-arguments = This tool needs nothing from you.
tool-as-json = Write the arguments as JSON
tool-as-form = Fill in a form
tool-only-json = This tool's arguments are too unusual for a form. Write them as JSON.
tool-json = Arguments
tool-json-invalid = This is not JSON: { $problem }
tool-json-no-object = The arguments have to be a JSON object, in braces.
tool-schema = What the tool expects
tool-needs-connection = Connect first to run it.
tool-waits-for-consent = Waiting for your permission…
tool-waits-for-answer = Waiting for your answer…
tool-took = took { $when }
tool-failed = The tool says it failed
tool-result = Result
tool-result-empty = The tool finished and returned nothing.
tool-confirm-title = Run { $tool }?
tool-confirm-body = The server says that this tool may destroy something.
tool-confirm-run = Run it
tool-confirm-cancel = Not now

result-text = Text
result-json = JSON
result-table = Table
result-image = Image of type { $type }
result-image-unsafe = A picture of type { $type } is not shown.
result-link = Link
result-other = A part of type { $type } cannot be shown here.
result-structured = Structured answer
result-copy = Copy result
result-more-rows =
    { $count ->
        [one] One more row is in the JSON.
       *[other] { $count } more rows are in the JSON.
    }
result-shortened = Shortened for display. Copy takes all of it.

form-optional = optional
form-add-item = Add
form-remove-item = Remove
form-move-up = Move up
form-move-down = Move down
form-copy-item = Duplicate
form-key = Name of { $name }
form-choose = Choose…
form-true = Yes
form-false = No
form-unset = Not set
form-option = Kind
form-invalid = Something is missing or not right:
form-unsupported = This part cannot be filled in with a form. Write the arguments as JSON.
problem-required = This is needed.
problem-type = This has the wrong type; expected: { $expected }.
problem-enum = This has to be one of the choices.
problem-minimum = This is too small. It can be { $limit } at least.
problem-above = This is too small. It has to be more than { $limit }.
problem-maximum = This is too large. It can be { $limit } at most.
problem-below = This is too large. It has to be less than { $limit }.
problem-short =
    { $limit ->
        [one] This is too short. It takes at least 1 character.
       *[other] This is too short. It takes at least { $limit } characters.
    }
problem-long =
    { $limit ->
        [one] This is too long. It can have 1 character.
       *[other] This is too long. It can have { $limit } characters at most.
    }
problem-few =
    { $limit ->
        [one] This has too few entries. It takes at least 1.
       *[other] This has too few entries. It takes at least { $limit }.
    }
problem-many =
    { $limit ->
        [one] This has too many entries. It can have 1.
       *[other] This has too many entries. It can have { $limit } at most.
    }
problem-format = This does not look like: { $expected }.
problem-form = This is not written the way it is asked for.
problem-other = This does not fit what the tool expects.

## Where the key is kept

vault-retry = Try again
vault-keychainLocked = Your keychain is locked
    .body = The key to your sign-ins lies in it. Unlock the keychain, then try again. Nothing is lost, and your list stays as it is.
vault-keychainAbsent = This computer has no keychain that answers
    .body = Usher keeps the key to your sign-ins in the system's keychain, and finds none. Start one and try again, or protect your sign-ins with a passphrase, which you then type at each start.
vault-keychainAbsent-awaited = Your keychain is not there
    .body = The key to your sign-ins lies in the system's keychain, and none answers now. Start it, then try again: nothing is lost. Only if it is gone for good, give the stored sign-ins up; your list stays.
vault-keychainForgets = Your keychain keeps nothing
    .body = There is a keychain, but what is put into it is gone when you log out. Set up one that lasts and try again, or protect your sign-ins with a passphrase, which you then type at each start.
vault-keychainForgets-awaited = Your keychain keeps nothing any more
    .body = The key to your sign-ins lay in a keychain that lasts. The one that answers now forgets everything when you log out. Bring the other one back, then try again: nothing is lost. Only if it is gone for good, give the stored sign-ins up; your list stays.
vault-keychainNoAnswer = Your keychain does not answer
    .body = Usher waited ten seconds. The keychain may be showing a question behind another window: look for it, then try again. Nothing is lost.
vault-passphraseNeeded = Enter your passphrase
    .body = It opens your stored sign-ins. Usher keeps it nowhere, and renews none of them until you have typed it.
vault-keyLost-missing = The key to your sign-ins is gone
    .body = Your keychain no longer has it, so the stored sign-ins and secrets cannot be read. If you moved or reset the keychain, bring it back and try again. Otherwise make a new key: your list stays, and you sign in again.
vault-keyLost-otherKey = Your keychain has another key
    .body = It does not open the stored sign-ins and secrets. They may come from another computer or an older backup: put the keychain back that belongs to them, then try again. Otherwise make a new key: your list stays, and you sign in again.
vault-keyLost-notAKey = Something else lies in the key's place
    .body = What your keychain holds under Usher's name is not a key of Usher's, and Usher does not overwrite it by itself. If you know how to put the key back, do so and try again. Otherwise make a new key in its place: your list stays, and you sign in again.
vault-keyLost-damaged = What the key opens is damaged
    .body = The key is there, but the part of Usher's data file that it opens is damaged, so the stored sign-ins and secrets cannot be read. If you have a copy of the data folder, put it back and try again. Otherwise make a new key: your list stays, and you sign in again.
vault-open-keychain = The key lies in your system's keychain, and Usher takes it from there by itself.
vault-open-passphrase = The key is locked with your passphrase, which you type at each start.
vault-open-nobody = Your keychain has lost the key. Usher has it until you quit.
vault-passphrase = Passphrase
vault-passphrase-again = The same once more
vault-passphrase-hint = At least 12 characters. There is no way to recover it.
vault-passphrase-short =
    { $count ->
        [one] Too short by one character. Several words make a good one.
       *[other] Too short by { $count } characters. Several words make a good one.
    }
vault-passphrase-differs = This is not the same as above. Type it once more.
vault-passphrase-wrong = That passphrase is wrong. Type it again; capitals count.
vault-choose = Use this passphrase
vault-choose-title = Use a passphrase instead
vault-unlock = Unlock
vault-replace = Make a new key
vault-give-up = Give them up
vault-forgotten = I no longer know it
vault-replace-title = Give up the stored secrets?
vault-replace-body = Stored sign-ins, API keys and client secrets are given up for good. Your list of servers stays.
vault-replace-confirm = Give them up and start anew
vault-replace-cancel = Not now

lost-key-title = Your keychain has lost Usher's key
lost-key-body = Usher still has it, and everything works. Choose a passphrase before you quit: without the key, your stored sign-ins and secrets cannot be read any more. Until then Usher asks the keychain every minute to keep it again.

## After a backup was put back

restored-damaged = Your data was damaged. Usher put back its copy of { $moment }.
restored-missing = Your data was gone. Usher put back its copy of { $moment }.
restored-later = What changed after that is not in it.
restored-sign-ins =
    { $count ->
        [0] No server has needed a new sign-in since.
        [one] { $servers } needs a new sign-in.
       *[other] { $count } servers need a new sign-in: { $servers }.
    }
restored-kept = The damaged file is kept until you delete it. The sign-ins in it are encrypted.
restored-seen = Got it

## Settings

settings-title = Settings
settings-about = About
settings-data = Data folder
settings-version = Version
settings-cancel = Cancel
keys-locked = Usher cannot get at its key now. Above it says what you can do.
keys-locked-passphrase = Usher is locked. Type your passphrase above to unlock it.
keys-title = Keys
keys-everything = Everything secret is encrypted on this computer under that one key.
keys-lock = Lock
keys-lock-hint = Nothing secret can be read until your passphrase is typed again. While it is locked, Usher renews no sign-ins.
keys-lock-begin = Lock now
keys-lock-running-title = Lock while a tool is running?
keys-lock-running-tool = { $tool } at { $server }
keys-lock-running-body =
    { $count ->
        [one] { $tools } is still running. Locking ends the call: its answer is lost, and whether it has done its work can only be seen at the server.
       *[other] These are still running: { $tools }. Locking ends the calls: their answers are lost, and whether they have done their work can only be seen at the servers.
    }
keys-lock-running-confirm = Lock anyway
keys-lock-running-cancel = Not now
keys-auto-lock = Lock by itself
keys-auto-lock-hint = After a while without you. A locked Usher keeps no sign-ins alive: one that runs out meanwhile may have to be made again.
keys-auto-lock-never = Never
keys-auto-lock-after = After { $when }
keys-auto-lock-hours =
    { $hours ->
        [one] After 1 hour
       *[other] After { $hours } hours
    }
keys-passphrase = Use a passphrase instead
keys-passphrase-hint = For a computer whose keychain you do not want to trust, or that others use too. Only with a passphrase can Usher be locked, by you or by itself.
keys-passphrase-begin = Choose a passphrase…
keys-passphrase-says = From then on you type it at each start, and until you have, Usher renews no sign-ins. The key is taken out of the keychain. Nothing has to be signed in again.
keys-passphrase-done = Your passphrase protects the key now. Usher asks for it at each start.
keys-keychain = Use the keychain instead
keys-keychain-hint = Then Usher opens by itself when you are logged in to this computer.
keys-keychain-begin = Use the keychain…
keys-keychain-says = Your system's keychain keeps the key from then on, and Usher takes it from there by itself. Your passphrase is no longer asked for. Nothing has to be signed in again.
keys-keychain-send = Use the keychain
keys-keychain-done = The keychain keeps the key now. Your passphrase is not needed any more.
keys-change = Change the passphrase
keys-change-hint = If somebody may have seen it, make new keys too.
keys-change-begin = Change…
keys-change-says = The new one counts at once. There is no way to recover it.
keys-change-old = Current passphrase
keys-change-new = New passphrase
keys-change-send = Change the passphrase
keys-change-done = The new passphrase counts from now on.
keys-rotate = Make new keys
keys-rotate-hint = If somebody may have got hold of the old ones, such as with a stolen backup.
keys-rotate-begin = Make new keys…
keys-rotate-says = Everything secret is encrypted anew, under keys that did not exist before; the old ones open nothing here any more. Nothing has to be signed in again. It takes a moment.
keys-rotate-busy = Encrypting anew…
keys-rotate-done = New keys are in place. Nothing has to be signed in again.
transfer-title = Move to another computer
transfer-hint = In a file that only its own passphrase opens.
transfer-locked = In a file that only its own passphrase opens. Unlock Usher first.
export-title = Save to a file
export-hint = Your servers with their settings, and if you want with your accounts, keys and secrets.
export-nothing = There are no servers yet that could be saved.
export-begin = Save…
export-says = The file holds your servers with their settings, encrypted under a passphrase that you choose for it. It is put in { $folder }.
export-accounts = Take accounts, keys and secrets along
export-accounts-stay = Without them you sign in on the other computer yourself, and stay signed in here as well.
export-accounts-move = The accounts move. From then on those that renew themselves rest here, and only the other computer uses them: two computers that renew the same sign-in would end it for both.
export-passphrase = Passphrase for the file
export-passphrase-hint = At least 12 characters. You type it on the other computer; there is no way to recover it.
export-send = Make the file
export-busy = Making the file…
export-made = The file is made
export-made-servers =
    { $count ->
        [one] One server is in it.
       *[other] { $count } servers are in it.
    }
export-made-accounts =
    { $count ->
        [one] One account moves with it.
       *[other] { $count } accounts move with it.
    }
export-made-staying =
    { $count ->
        [one] One account stays here: it needs a sign-in first, or can be used on this computer only.
       *[other] { $count } accounts stay here: they need a sign-in first, or can be used on this computer only.
    }
export-made-next = Take it to the other computer, and choose Import in the Settings of Usher there.
export-made-rest = Accounts that renew themselves rest here from now on. Should the file get lost, each can be used here again: on its server's page, under Accounts.
export-made-seen = Done
import-title = Import from a file
import-hint = One that Usher has saved on another computer.
import-begin = Import…
import-says = Choose the file, and type the passphrase it was saved with. What is in it is shown before anything is changed here.
import-file = File
import-choose = Choose a file…
import-no-file = none chosen
import-file-large = This file is too large to be one that Usher has saved. Choose another.
import-file-unread = This file cannot be read. Choose it again, or another.
import-passphrase = Passphrase of the file
import-passphrase-hint = The one that was chosen when it was saved.
import-passphrase-wrong = This does not open the file. Either it is another passphrase, so type it again (capitals count); or the file was damaged on its way, so copy it again, or save it anew.
import-look = Show what is in it
import-look-busy = Opening it…
import-found = In this file
import-found-says = What is here already stays as it is. An account for a server that is here is added only if it is of the provider that you sign in to there, or if nobody has used that server yet. Nothing uses what was added before you press Connect.
import-made = Saved on { $moment }.
import-empty = There are no servers in it.
import-list = Servers in the file
import-accounts =
    { $count ->
        [one] 1 account
       *[other] { $count } accounts
    }
import-secret = API key or secret
import-known = here already
import-send = Import
import-busy = Importing…
import-done = The file was imported
import-done-added =
    { $count ->
        [0] No server was added.
        [one] One server was added.
       *[other] { $count } servers were added.
    }
import-done-known =
    { $count ->
        [one] One was here already and stays as it was.
       *[other] { $count } were here already and stay as they were.
    }
import-done-accounts =
    { $count ->
        [one] One account came along.
       *[other] { $count } accounts came along.
    }
import-done-accounts-known =
    { $count ->
        [one] One account is here already, or has moved on since the file was made; it stays as it is.
       *[other] { $count } accounts are here already, or have moved on since the file was made; they stay as they are.
    }
import-done-left-out =
    { $count ->
        [one] One account was not taken in, as that would change how its server is signed in to here. If it rests on the other computer now, choose “Use here again” there: on its server's page, under Accounts.
       *[other] { $count } accounts were not taken in, as that would change how their servers are signed in to here. If they rest on the other computer now, choose “Use here again” there: on each server's page, under Accounts.
    }
import-done-damaged =
    { $count ->
        [one] One account in the file makes no sense and was left out. Use it on the other computer again in the same way, or sign in here.
       *[other] { $count } accounts in the file make no sense and were left out. Use them on the other computer again in the same way, or sign in here.
    }
import-done-needs =
    { $count ->
        [one] One server wants you to sign in when you connect it.
       *[other] { $count } servers want you to sign in when you connect them.
    }
import-done-next = Press Connect at each server that you want to use here; before that, nothing is used.
import-done-delete = Then delete the file, here and wherever you copied it: it still holds what came in it, under its passphrase.
import-done-seen = Done

## Errors: what happened, what to do now, and a short form for the list

error-addressEmpty = There is no address yet.
    .next = Paste the address of an MCP server.
    .short = No address
error-addressNotAUrl = This is not a web address.
    .next = Type all of it, such as https://mcp.example.com/mcp.
    .short = Address is not right
error-addressNotHttp = This address is of a kind Usher cannot ask.
    .next = Use one that begins with https://.
    .short = Address is not right
error-addressCredentials = This address carries a name or a password.
    .next = Take them out of the address; put a key into a header instead.
    .short = Address is not right
error-addressFragment = This address ends in a part after “#”, which a server never sees.
    .next = Remove the “#” and what follows.
    .short = Address is not right
error-addressTooLong = This address is too long.
    .next = Check that nothing else was pasted with it.
    .short = Address is not right
error-addressInsecure = { $host } would be asked without encryption.
    .next = Use an https address. Plain http works only on this machine itself.
    .short = Not encrypted
error-headerInvalid = The header “{ $name }” cannot be sent.
    .next = Names take letters, digits and hyphens; values take no line breaks.
    .short = Header is not right
error-scopeInvalid = “{ $name }” cannot be the name of a permission.
    .next = Names have no spaces, quotes or accented letters. Add one at a time.
    .short = Permission is not right
error-headerConflict = An Authorization header and a sign-in cannot go together.
    .next = Remove the header, or choose “API key or other header”.
    .short = Header and sign-in collide
error-methodIncomplete =
    { $field ->
        [clientId] The client ID is missing.
        [secret] The client secret is missing.
        [key] The private key is missing.
        [idpClientId] The client ID at the identity provider is missing.
        [token] The token is missing.
       *[tokenFile] The file is missing.
    }
    .next = Enter it. What was stored for another provider or another way to sign in is not used here.
    .short = Sign-in not complete
error-keyInvalid = There is no private key in this that Usher can sign with.
    .next = Paste all of a P-256, RSA or Ed25519 key in PEM that has no password, from BEGIN to END.
    .short = Not a key
error-tokenInvalid = This is not a token.
    .next = Paste the token alone, without quotes, spaces or line breaks.
    .short = Not a token
error-pathInvalid = This is not the whole path of a file.
    .next = Give it from the root of the disk on, such as /var/run/secrets/token.
    .short = Not a path
error-serverGone = This server is no longer in your list.
    .next = Choose another one.
    .short = Deleted
error-accountGone = This account is no longer here.
    .next = Choose another one, or add it again.
    .short = Account removed
error-offline = This computer has no network.
    .next = Nothing is lost. Usher goes on by itself when the network is back.
    .short = Offline
error-portal = Something on this network answers in place of { $host }.
    .next = If the network wants you to sign in to it, do that in your browser; Usher goes on by itself.
    .short = Network sign-in?
error-unknownHost = { $host } is not known.
    .next = Check the address. A company address may need your VPN.
    .short = Host not known
error-unreachable =
    { $here ->
        [yes] Nothing answers at { $host }.
       *[no] { $host } cannot be reached.
    }
    .next =
        { $here ->
            [yes] That is this computer: is the server running? Usher keeps trying.
           *[no] Check your network. Usher keeps trying.
        }
    .short = Unreachable
error-certificate = The certificate of { $host } is not trusted.
    .next = Check the address. A company address may need your company's certificate installed on this computer.
    .short = Certificate not trusted
error-forbiddenAddress = { $host } leads into a network that must not be reached this way.
    .next = Check the address with its provider.
    .short = Forbidden address
error-timedOut = { $host } took too long to answer.
    .next = Try again in a while.
    .short = Too slow
error-httpStatus = { $host } answered with the HTTP status { $status }.
    .next = Check the path of the address, or try again later.
    .short = HTTP { $status }
error-notMcp = { $host } answers, but does not speak MCP.
    .next = Check the path of the address; it often ends in /mcp.
    .short = Does not speak MCP
error-tooLarge = { $host } answered with more than Usher takes in.
    .next = Ask for less at once.
    .short = Answer too large
error-reauthRequired = This server needs you to sign in again.
    .next = Reconnect, then repeat what you did.
    .short = Sign in again
error-scopeRequired =
    { $named ->
        [no] Your sign-in does not allow this.
       *[yes] Your sign-in does not allow this. Missing: { $scopes }
    }
    .next = Run it again, and allow it when Usher asks.
    .short = Not allowed
error-scopeRefused =
    { $named ->
        [no] { $host } still refuses this, although you have allowed more three times.
       *[yes] { $host } still refuses this, although you have allowed what it asks for: { $scopes }
    }
    .next = The provider has granted it, so only the people behind this server can mend that.
    .short = Refused although allowed
error-scopeWithheld = The provider does not grant what { $host } asks for: { $scopes }
    .next = Your account there may not be allowed to give it. Ask whoever looks after it.
    .short = Not granted
error-parameterReserved = Usher sets “{ $name }” itself.
    .next = Remove this parameter. What the provider needs to know under that name it is told already, or must not be told this way.
    .short = Parameter taken
error-parameterInvalid = The parameter “{ $name }” cannot be sent.
    .next = A name has letters, digits, “_”, “.” and “-”, and occurs once; a value is plain text without accents. There can be eight of them.
    .short = Parameter wrong
error-headerRefused = The API key or header was refused.
    .next = Check it in Settings.
    .short = API key refused
error-otherAccount = Another account is in use now than the one this was run as, so it was not run.
    .next = Run it again to run it as the account in use.
    .short = Another account
error-toolRefused = The server did not take this: { $message }
    .next = Check the arguments.
    .short = Refused
error-toolUnknown = The connection broke, and it is not known whether the tool ran.
    .next = Look at the server before you run it again.
    .short = Not known
error-notConnected = This server is not connected.
    .next = Connect, then try again.
    .short = Not connected
error-questionGone = This question does not wait any more.
    .next = Its call has ended. Run the tool again if you still want its answer.
    .short = No longer asked
error-answerUnfit = The answer for “{ $field }” is not what was asked for.
    .next = Change it, then answer again.
    .short = Answer does not fit
error-runGone = This is no longer kept.
    .next = Usher keeps the last ten of each kind.
    .short = No longer kept
error-noSignIn = No sign-in is waiting for this.
    .next = Start a new one with Connect.
    .short = No sign-in
error-browserClosed = Your browser could not be opened.
    .next = Copy the link and open it in a browser yourself.
    .short = No browser
error-pastedAddressUnknown = This address answers no sign-in of this machine.
    .next = Copy the whole address of the page your browser ended at.
    .short = Not an answer
error-vaultClosed = Your stored secrets are locked.
    .next = Unlock them first; the window says how.
    .short = Secrets locked
error-passphraseWrong = That passphrase is wrong.
    .next = Try again.
    .short = Wrong passphrase
error-passphraseShort = That passphrase is too short.
    .next = Take at least 12 characters.
    .short = Passphrase too short
error-keychainLocked = The system's keychain is locked.
    .next = Unlock it, then try again. Nothing was changed.
    .short = Keychain locked
error-keychainAbsent = This computer has no keychain that keeps anything.
    .next = Start or set one up, then try again. Nothing was changed.
    .short = No keychain
error-keychainNoAnswer = The system's keychain does not answer.
    .next = It may be showing a question behind another window: look for it, then try again. Nothing is lost.
    .short = Keychain does not answer
error-keychainTaken = The keychain holds something else in the place of Usher's key.
    .next = Usher does not overwrite it. Put the key back, or remove the entry in your keychain, then try again. Nothing was changed.
    .short = Other entry in the keychain
error-keychainLostKey = The keychain took no new key, and has lost the one that it had.
    .next = Nothing is lost as long as Usher runs. Choose a passphrase before you quit, or try again once your keychain works.
    .short = Key lost by the keychain
error-keptByKeychain = The system's keychain keeps the key to your sign-ins.
    .next = It is locked with the keychain. To lock it here, protect your sign-ins with a passphrase.
    .short = Kept by the keychain
error-exportForeign = This is not a file that Usher made.
    .next = Choose the file that Usher made on the other computer. Its name ends in .usher.
    .short = Not Usher's file
error-exportNewer = This file was made by a newer Usher.
    .next = Update Usher on this computer, then choose the file again.
    .short = Made by a newer Usher
error-exportDamaged = This file is damaged, or was not made by Usher.
    .next = Copy it again from the other computer, or make a new one there. Nothing of it was taken.
    .short = Damaged file
error-exportTooLarge = This file is too large to be one of Usher's.
    .next = Choose the file that Usher made on the other computer. Its name ends in .usher.
    .short = Too large
error-exportLocked = That passphrase does not open this file.
    .next = Type the one that was chosen when the file was made. If you are sure of it, the file was changed on its way: copy it again.
    .short = Wrong passphrase
error-exportUnwritable = No file could be made in { $path }.
    .next = See that this folder is there and that you can write to it, then try again. No account has moved.
    .short = Cannot write
error-exportManyAccounts = More than { $most } accounts do not fit into one file.
    .next = On the computer that makes the file, remove accounts that are not needed, then save again. Nothing was changed here.
    .short = Too many accounts
error-exportNotUndone = No file was made, and the accounts of { $servers } still count as moved.
    .next = No other computer has them. Usher takes them back by itself as soon as it can write; if the disk is full, make some room. If one still rests later, choose “Use here again” on its server's page, under Accounts.
    .short = Still counts as moved
error-storeNewer = Your data was written by a newer version of Usher.
    .next = Install that version or a newer one. Nothing in { $path } was changed.
    .short = Data from a newer version
error-storeReadOnly = Usher cannot write to { $path }.
    .next = Give yourself the right to write there, then try again.
    .short = Cannot write
error-storeFull = The disk is full.
    .next = Make some room, then try again. Nothing is lost.
    .short = Disk full
error-storeDamaged = The data file in { $path } is damaged.
    .next = There is no good copy that Usher could put back. Put one back from a backup of your own, or move the file away to start anew.
    .short = Data damaged
error-storeNeedsRestart = Usher's data file has just been found damaged.
    .next = Quit Usher and start it again: it puts back its newest good copy by itself.
    .short = Data damaged
error-storeFailed = Usher could not read or write its data.
    .next = Make sure that the disk works and has room, then try again. Nothing that was stored is lost.
    .short = Data cannot be read
error-storeNotADirectory = There is a file where Usher's data folder should be: { $path }.
    .next = Move that file away, then try again.
    .short = Data folder is a file
error-storeSymlink = { $path } is a link to another place.
    .next = Usher follows no links to its data. Put the folder itself there, then try again.
    .short = Data folder is a link
error-storeBusy = Another program is using { $path }.
    .next = Close the other Usher, then try again.
    .short = Data in use
error-badCall = Something went wrong inside Usher.
    .next = Try again. If it stays so, please report it.
    .short = Fault in Usher
