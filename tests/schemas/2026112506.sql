-- key 04F33F3772CC4BF0CC134557D0F9DAD9B8B92022543117E94A27D87E4E3D765E
-- Made of 2026112401.sql by the migrations of its time, in the order in which they came. Rows of tables that are younger
-- than that file were written by the app of 2026112904 with the same key.
CREATE TABLE _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    success BOOLEAN NOT NULL,
    checksum BLOB NOT NULL,
    execution_time BIGINT NOT NULL
);
INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) VALUES (2026112401, 'first', '2026-11-25 22:02:29', 1, X'59B8E8E31B3C9AF513D2AE370DBBB022F76C758141242522C1956614E6946BB994204693940A3836C05D6AC407203216', 11514117);
INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) VALUES (2026112501, 'accounts', '2026-11-29 21:43:57', 1, X'08A63D9D78EDD96F8D1B960576CD114374D1A4733DF681FE45C4E4CEE5239B0969AF10B9FD9D218908891F7BBFBDB551', 33908693);
INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) VALUES (2026112503, 'traces', '2026-11-29 21:43:58', 1, X'9BF8289A6ECD310B88D8F8D700DCC738265A7C882D0A84BAD23ECBC60A1C6A26A350B9B954829CA4209CF976D2F07DC2', 35047220);
INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) VALUES (2026112502, 'ladders', '2026-11-29 21:43:58', 1, X'C8AED0E9FDAF66FD65F19AC70082A1ECC017033A97435B7F30C08AC74DDC2AB8839F81435C87CB3885AA597C59E30FB5', 45852219);
INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) VALUES (2026112506, 'backups', '2026-11-29 21:43:58', 1, X'CBF8871D404938017A19EE321D147506D9B95F772D39562F1BC787DB2686F4DD7530C7BD579DCD5FF1D77A503B5543EF', 35607687);
CREATE TABLE vault (
    id          INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), -- there is one vault
    keeper      TEXT    NOT NULL,  -- 'keychain' | 'passphrase': where the wrapping key comes from
    wrapped_key BLOB    NOT NULL,  -- the data key with its id, under the wrapping key
    canary      BLOB    NOT NULL,  -- a known text under the wrapping key: tells a wrong key from a broken row
    salt        BLOB,              -- passphrase only: Argon2id salt, 16 bytes
    memory_kib  INTEGER,           -- passphrase only: Argon2id memory in KiB
    passes      INTEGER,           -- passphrase only: Argon2id passes over the memory
    lanes       INTEGER            -- passphrase only: Argon2id lanes
) STRICT;
INSERT INTO vault (id, keeper, wrapped_key, canary, salt, memory_kib, passes, lanes) VALUES (1, 'keychain', X'0100000000000000008037FCB86B3D2B1FF5F76135CF9A98F6B89D524EEC2E30C993CE4BD5DC27E06F344CD215EBAFE08780E8EA53C70FE106D59F509D2F752A66FDF92EF69B264D3002C9C096', X'0100000000000000007A3FC14AA657480149AAF5BFB16D490BF0D962512AD9C5D582A5EC5585E145EF21', NULL, NULL, NULL, NULL);
CREATE TABLE servers (
    id            TEXT    NOT NULL PRIMARY KEY,
    name          TEXT    NOT NULL,  -- the person's name for it
    url           TEXT    NOT NULL,  -- the MCP endpoint
    reach         TEXT    NOT NULL,  -- 'public' | 'private' | 'loopback': what the address belonged to when it was given
    auth_kind     TEXT,              -- 'open' | 'header' | 'oauth'; NULL while that is not known
    overridden    INTEGER NOT NULL CHECK (overridden IN (0, 1)), -- the person chose the kind by hand
    wanted        INTEGER NOT NULL CHECK (wanted IN (0, 1)),     -- the person wants it connected
    client_id     TEXT,              -- pre-registered client ID, if the person gave one
    client_secret BLOB,              -- sealed secret of that client; row = id
    era           TEXT,              -- 'modern' | 'initialize': the handshake it answered last; NULL if never
    created_at    INTEGER NOT NULL
, way_back TEXT NOT NULL DEFAULT 'automatic', loopback_port INTEGER, issuer TEXT, token_host TEXT, offered_issuers TEXT, client_issuer TEXT, overrides TEXT) STRICT;
INSERT INTO servers (id, name, url, reach, auth_kind, overridden, wanted, client_id, client_secret, era, created_at, way_back, loopback_port, issuer, token_host, offered_issuers, client_issuer, overrides) VALUES ('c3ae821a698bfc3a11a78dcd9edd1951', 'Signed in', 'http://127.0.0.1:41207/mcp', 'loopback', 'oauth', 0, 0, NULL, NULL, 'modern', 1767225600, 'automatic', NULL, 'http://127.0.0.1:40251', NULL, NULL, NULL, NULL);
INSERT INTO servers (id, name, url, reach, auth_kind, overridden, wanted, client_id, client_secret, era, created_at, way_back, loopback_port, issuer, token_host, offered_issuers, client_issuer, overrides) VALUES ('da1386047498c232227e228cce4c96a0', 'Waiting', 'http://127.0.0.1:41207/mcp', 'loopback', 'oauth', 0, 0, 'an-old-client', X'012C4B0BEAA690F3AF766F61E31DE06F84A37C5E453671DC563A8E3E36EEA9A9E5893BD0535D74A9B66711B65AD502976573', NULL, 1767225600, 'automatic', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO servers (id, name, url, reach, auth_kind, overridden, wanted, client_id, client_secret, era, created_at, way_back, loopback_port, issuer, token_host, offered_issuers, client_issuer, overrides) VALUES ('bebe30ea85fdbfe832cf49c9eb088e0c', 'With a key', 'http://127.0.0.1:33317/mcp', 'loopback', 'header', 0, 0, NULL, NULL, 'modern', 1767225600, 'automatic', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO servers (id, name, url, reach, auth_kind, overridden, wanted, client_id, client_secret, era, created_at, way_back, loopback_port, issuer, token_host, offered_issuers, client_issuer, overrides) VALUES ('fb7e33ecf5ae0d6068dc2b19f3ae0909', 'Ended', 'http://127.0.0.1:37737/mcp', 'loopback', 'oauth', 0, 0, NULL, NULL, 'modern', 1767225600, 'automatic', NULL, 'http://127.0.0.1:38411', '127.0.0.1:38411', '["http://127.0.0.1:38411"]', NULL, NULL);
INSERT INTO servers (id, name, url, reach, auth_kind, overridden, wanted, client_id, client_secret, era, created_at, way_back, loopback_port, issuer, token_host, offered_issuers, client_issuer, overrides) VALUES ('9c22b03c2e4669d5440d86dd7f540cde', 'Without a person', 'http://127.0.0.1:41207/mcp', 'loopback', NULL, 0, 0, NULL, NULL, NULL, 1767225600, 'automatic', NULL, NULL, NULL, '[]', NULL, NULL);
CREATE TABLE server_headers (
    server   TEXT    NOT NULL REFERENCES servers (id) ON DELETE CASCADE,
    name     TEXT    NOT NULL,  -- in lower case
    position INTEGER NOT NULL,  -- order in the form, from 0
    value    BLOB    NOT NULL,  -- sealed; row = server/name
    PRIMARY KEY (server, name)
) STRICT;
INSERT INTO server_headers (server, name, position, value) VALUES ('bebe30ea85fdbfe832cf49c9eb088e0c', 'x-api-key', 0, X'012C4B0BEAA690F3AF17551C9F4142F7DC8CABC6979ECA4FE4964E0FB1AEE8061CE154A594B152358B8127A0B9DEC4');
CREATE TABLE tools (
    server    TEXT    NOT NULL PRIMARY KEY REFERENCES servers (id) ON DELETE CASCADE,
    json      TEXT    NOT NULL,  -- a JSON array of MCP tools, as the server gave them
    listed_at INTEGER NOT NULL
) STRICT;
INSERT INTO tools (server, json, listed_at) VALUES ('bebe30ea85fdbfe832cf49c9eb088e0c', '[{"name":"echo","description":"Says back what it is told","inputSchema":{"type":"object","properties":{"message":{"type":"string","description":"What to say back"}},"required":["message"]}},{"name":"list_issues","description":"Lists issues, newest first","inputSchema":{"type":"object","properties":{"owner":{"type":"string","description":"Who owns the repository"},"state":{"type":"string","enum":["open","closed"],"default":"open"},"limit":{"type":"integer","minimum":1,"maximum":50,"default":3},"labels":{"type":"array","items":{"type":"string"}}},"required":["owner"]}},{"name":"picture","description":"Shows a small picture","inputSchema":{"type":"object"}},{"name":"fail","description":"Fails, and says so","inputSchema":{"type":"object"}}]', 1767225600);
INSERT INTO tools (server, json, listed_at) VALUES ('c3ae821a698bfc3a11a78dcd9edd1951', '[{"name":"echo","description":"Says back what it is told","inputSchema":{"type":"object","properties":{"message":{"type":"string","description":"What to say back"}},"required":["message"]}},{"name":"list_issues","description":"Lists issues, newest first","inputSchema":{"type":"object","properties":{"owner":{"type":"string","description":"Who owns the repository"},"state":{"type":"string","enum":["open","closed"],"default":"open"},"limit":{"type":"integer","minimum":1,"maximum":50,"default":3},"labels":{"type":"array","items":{"type":"string"}}},"required":["owner"]}},{"name":"picture","description":"Shows a small picture","inputSchema":{"type":"object"}},{"name":"fail","description":"Fails, and says so","inputSchema":{"type":"object"}}]', 1767225600);
INSERT INTO tools (server, json, listed_at) VALUES ('fb7e33ecf5ae0d6068dc2b19f3ae0909', '[{"name":"echo","description":"Says back what it is told","inputSchema":{"type":"object","properties":{"message":{"type":"string","description":"What to say back"}},"required":["message"]}},{"name":"list_issues","description":"Lists issues, newest first","inputSchema":{"type":"object","properties":{"owner":{"type":"string","description":"Who owns the repository"},"state":{"type":"string","enum":["open","closed"],"default":"open"},"limit":{"type":"integer","minimum":1,"maximum":50,"default":3},"labels":{"type":"array","items":{"type":"string"}}},"required":["owner"]}},{"name":"picture","description":"Shows a small picture","inputSchema":{"type":"object"}},{"name":"fail","description":"Fails, and says so","inputSchema":{"type":"object"}},{"name":"ask","description":"Asks you something, and says what it heard","inputSchema":{"type":"object","properties":{"message":{"type":"string","description":"What to say"},"times":{"type":"integer","minimum":1,"description":"How often to ask at once"}}}}]', 1767225600);
CREATE TABLE registrations (
    issuer       TEXT    NOT NULL,  -- byte for byte as the metadata says it
    redirect_uri TEXT    NOT NULL,  -- the one redirect URI that was registered
    client_id    TEXT    NOT NULL,
    sealed       BLOB    NOT NULL,  -- JSON of the registration with its secrets
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (issuer, redirect_uri)
) STRICT;
INSERT INTO registrations (issuer, redirect_uri, client_id, sealed, created_at) VALUES ('http://127.0.0.1:40251', 'dev.usher.desktop://oauth/callback', 'client-ej_N18LcUqY6EcSKDUS-BAjL', X'012C4B0BEAA690F3AFB22A79DF6026ABB3E1F85F8DA96386499C77E3CFC41B097506756DFF27EFB45F0D3B7D99253E7FE9B3C2E92B2BEBEA0B3E4A2EA2D0C2FA0501F8199DEC3A60053E830797EC5E4D0A5290AADA78006908E89966FC31875796FF8B5983D940E2640C745EE766C61F70D9862099D7AEB3651FB93E2A846D619B9E805AC5955AC0FA3BECB21F50EDEB0927B7F5751CA375555CF7B0BA40268B9175C51A75ADBA5C7858A69D44FC20F80199A7DC5199A22C8110FEF23D24201297CB41F32CDD65AEB077A8E158FFC4CACF7004B94337265FA923D28139CDC75A29DC560A06A566FEACCC7FE095691D7A704B9E86E67569F18FD0671B512579019BF5C42E8E680FD6458F9AA1D6ACD8C2CD9BE567D8D39305E4143E2A424FD9C1', 1767225600);
INSERT INTO registrations (issuer, redirect_uri, client_id, sealed, created_at) VALUES ('http://127.0.0.1:38411', 'dev.usher.desktop://oauth/callback', 'client-NsljOg3iYpPjLc8XdMV-8kJ4', X'012C4B0BEAA690F3AFD0398780A76D6029480E15448F84C806DA916B413799E96494942312CA74E4FF3F13C2DE6B62B744AA102F27A416B42208880260B12EFE6DAB91131FCE16BC12AA6F6D6486E362F2D69B90057A5D824AF236576B4E7CA97E314566D1DBB201024540E93BDC5B11FCCE1506B1D4AB43FF46A999C5AE720A6C594949E0B3E692818EFF0EDFC6A0E58F0DB644EF08169BCA7D34C2E7828B3B25D02C5EA020E8E49994AC67952080985D86792D13CC9BDE917CCC32E60A3AE82741EFF86CF7CE9A7CE6E5397C491501C9AAEC6CD749445B10BBC751305EE27072E83CEE0716011F52F2DABBCF91D7720204F781E98C4E81A252F1E2512BEF51506D3681', 1767225600);
CREATE TABLE sign_ins (
    state_hash BLOB    NOT NULL PRIMARY KEY,  -- SHA-256 of the state parameter
    id         TEXT    NOT NULL UNIQUE,
    server     TEXT    NOT NULL,
    sealed     BLOB    NOT NULL,  -- JSON of the waiting sign-in: verifier, state, registration
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL   -- after this the answer is too late
) STRICT;
INSERT INTO sign_ins (state_hash, id, server, sealed, created_at, expires_at) VALUES (X'BB8D4BD5F184BA052BFF9041E1D2C0DCC74962D50D5FD454C8B09EE0A9BF6BB6', 'cef8d2cf830df5ccef4b0b32a99017a5', 'da1386047498c232227e228cce4c96a0', X'012C4B0BEAA690F3AFC5ED67A537BFEDB73670EC2FC95B2EDB2EF7EAA0C99E200DB63BB1DA0BDB5ECA6CB0BB5D1C89817035704C237A03CECD54C564202FF5107B5485D333997D9BFEFA34AE931B687B9070DBE9ADC06AA3E59D2FBF5670FB23B9A82B45274FD2312E4A00278CC661BAD3983E929C1BBA5D93C295F91D77F7D4038464EC2ACD73F7264DF5924726429E06633F63A86B488E87B50F622923FB5D2D3AAEE69ABC13B622434A046E8759260896801BFA202AC8430918E8D8E20B3CFDC1780A8FADC6FA084BED94E1237BCFA9C7863B0042C8209344664BD0949BBECCD07AD503C2FBB0EA767D2DC6CBAA932984D53AAA736C1AB98CDCD07914DB4623F20D75C2E16214299511984715BF482EC97635D9B88B6172F4A286FE2E9097551F7DC6791A384C8E12393FA43E6B56D419E609ABA06350D7CEF59848698A3A06196FAD9AB92D6FBEF2575A447294005246AFC9F1E33CA20AF058A4E41522CBB898272691935D7D9AD5CE47DF72BFDC7294912E4C320E44232D43A535C1EBC8DF2830C8F78B3220A3F62819D7285C2412E1AE13A00FE69F8109129986D0C685674AF45B36C0173AD5D226C0596995919A401778CE520DA524C4E89EE189557BA1F47AE08354FAFF8E8E626560C72527382204629FE5F13B9BC31932059C70EA288D9A541082F69F62D7A5C4291A2B33B82CA95FFCAB61A103F0893CDF2AAEDAD58BBE7B69F1A6C1CED00BD696FDF7780E25965856A50E0A11B157F63F4BF47EF84F02FEB88928D581E09FB270DF01CED4F06E52AD09CA0D5A8DC362C7B5955BEC4C311377F81848525922C0CE67AE067C5E30F1906752D6A308174A809CBC4AB7A8C336AF772279E54A3C0D2A1BEA8E3344B70C5AF64700859ADACF4FC51BA483FE1C6578E2E804C9A0A80F4F401CE4E7C26EFC1A43D48EFD9E767617D8D0FF39608AEF259E34B7B325A0467FF65C87B0E4B13C4954192FFFA27F777887E3BBC1486F701A08400DFC4862112F047D72AEBFE446C85712ACBFC8D8F2A170137DF2248A985C1BEE20E52ADDCD2B536F9D32EDE20544ABFCC654BDDA21DD3B848FDB63FA7FDD8BA67B4B0A1A823F8F167A17A7BE1348A2095798E7F87B60721B82108FB1E12C6E54CDCD598D27F0C170ECEEC001A6895454CA881D855FFA8349722C4D8CDF87F9CEBC2A585E59643CA0BA48AC7B7D1A4B49A06F7CAC', 1767225600, 1767226200);
CREATE TABLE grants (
    account          TEXT    NOT NULL PRIMARY KEY,
    server           TEXT    NOT NULL REFERENCES servers (id) ON DELETE CASCADE,
    issuer           TEXT    NOT NULL,  -- who gave it, byte for byte
    sealed           BLOB    NOT NULL,  -- tokens, client and endpoints
    scopes           TEXT    NOT NULL,  -- granted scopes, separated by spaces
    label            TEXT,              -- who is signed in, if the provider said so
    signed_in_at     INTEGER NOT NULL,
    expires_at       INTEGER,           -- end of the access token; NULL if the provider did not say
    renews           INTEGER NOT NULL CHECK (renews IN (0, 1)), -- a refresh token is among the sealed
    refreshing_since INTEGER,           -- a refresh is in flight, or its answer was lost
    dead_reason      TEXT,              -- why only the person can help; NULL while the grant lives
    version          INTEGER NOT NULL   -- counts the writes: a late loser must not overwrite a newer pair
, subject TEXT, login TEXT, own_label TEXT, client_id TEXT, is_default INTEGER NOT NULL DEFAULT 0 CHECK (is_default IN (0, 1))) STRICT;
INSERT INTO grants (account, server, issuer, sealed, scopes, label, signed_in_at, expires_at, renews, refreshing_since, dead_reason, version, subject, login, own_label, client_id, is_default) VALUES ('be7da98ad05c46cd4eeafe8d57ba6814', 'c3ae821a698bfc3a11a78dcd9edd1951', 'http://127.0.0.1:40251', X'012C4B0BEAA690F3AF26EAAAD9513656985DD5353DD152F06345BCABC49D501D6D20D4004926F59B50054D3CA29CCD690C3C13885862C1A2FB1D318BB06B5EF81C70F564C3D3E10C7911113D1354D3ED12645D3ED1D382D5A10F2F0A83AEC12271A1ABD5A659671A99648A6E6F0D6AA30C9FA4C28B8F9C358147F6E64E2DE7015CAEBFC8EAAC17DE61C9FF26E51E884A4F71D8F4E27F99F99D725DE45370AB76F027BA493E24FC9BBE36211957B27CD3152BE1CA236307AF7A63B0CAC972B5E7BD9BD156D1976622469DF6A8983DF2492C04C1661E4373C521A1910EF1ECB71366C7733DFB79036F2E5AAE47A221EF386B9ED499E031F1D82DCC247A512D644C966307E903D3F0D7AF0F3BC688C71B8A8FBE6FFB8E09CDABE38C6D22FD526AE69E6C17FB750F7601C76A55DC2E8FE7DB7B59B1CB6C5FBC3F45AC1317A5006A94BA0466ED2B85F611F7F75688291763CA87C7E3F9C3AF0F3AEDBFE49B61DC3732371CF0C40057BE3C3C3351CA73D0C13351E9B128B02597C3758BD095B6DEDBE911037B1F73B017B7F11EDCAC2B1D80CC1FBE2C2166891FC4376FB7BAC3F99277A110E9E7525A1E219EF87C3E68DA0CA56A7242E88E7584A744F5B7DD61BFBF02D9AFCE98876781DE5112FCB357C29791FB38D316C9A20966D0803ED6F6262CC85BAF7196A4EAE017A1E223766DE4A992EF63DE6845DECD1160183603B6047F2811081E6DE0F7BFB1B471DDAFC0FD7A0566669E11EBDE86D0321E75D57E0FA63883C32E19F47103396015DC2550C3E2F35B9896D4B61EDDBBDFDB0D27F394A61071A3BADD46DADC11E9ECC3', 'tools', NULL, 1767225600, 1767229200, 1, NULL, NULL, 0, NULL, NULL, NULL, NULL, 1);
CREATE TABLE traces (
    id       TEXT    NOT NULL PRIMARY KEY,
    server   TEXT    NOT NULL REFERENCES servers (id) ON DELETE CASCADE,
    kind     TEXT    NOT NULL,  -- 'signIn' | 'renewal' | 'signOut'
    begun_at INTEGER NOT NULL,
    ended_at INTEGER,           -- NULL while it is under way, or if it was never finished
    ending   TEXT,              -- JSON of how it ended, in the words of its kind; NULL as long as ended_at is
    steps    TEXT    NOT NULL   -- a JSON array of steps, oldest first, a quarter of a MiB at most
) STRICT;
INSERT INTO traces (id, server, kind, begun_at, ended_at, ending, steps) VALUES ('fa3f188e0bdcf2be83b9db6374ff9c9d', 'fb7e33ecf5ae0d6068dc2b19f3ae0909', 'signIn', 1767225600, 1767225600, '{"kind":"authorized"}', '[{"afterMs":0,"what":{"kind":"decided","decision":{"kind":"challengeRead","resourceMetadata":"http://127.0.0.1:37737/.well-known/oauth-protected-resource/mcp","scope":"tools"}}},{"afterMs":0,"what":{"kind":"asked","method":"GET","url":"http://127.0.0.1:37737/.well-known/oauth-protected-resource/mcp","params":[]}},{"afterMs":0,"what":{"kind":"answered","status":200,"mediaType":"application/json","headers":[],"members":[{"name":"resource","value":"http://127.0.0.1:37737/mcp"},{"name":"scopes_supported","value":"tools"},{"name":"authorization_servers","value":"http://127.0.0.1:38411"}]}},{"afterMs":0,"what":{"kind":"decided","decision":{"kind":"resourceMetadataFound","url":"http://127.0.0.1:37737/.well-known/oauth-protected-resource/mcp","place":"challenge"}}},{"afterMs":0,"what":{"kind":"decided","decision":{"kind":"resourceAccepted","resource":"http://127.0.0.1:37737/mcp"}}},{"afterMs":0,"what":{"kind":"decided","decision":{"kind":"issuerChosen","issuer":"http://127.0.0.1:38411","of":1}}},{"afterMs":0,"what":{"kind":"asked","method":"GET","url":"http://127.0.0.1:38411/.well-known/oauth-authorization-server","params":[]}},{"afterMs":0,"what":{"kind":"answered","status":200,"mediaType":"application/json","headers":[],"members":[{"name":"issuer","value":"http://127.0.0.1:38411"},{"name":"token_endpoint","value":"http://127.0.0.1:38411/token"},{"name":"response_types_supported","value":null},{"name":"authorization_response_iss_parameter_supported","value":"true"},{"name":"authorization_endpoint","value":"http://127.0.0.1:38411/authorize"},{"name":"registration_endpoint","value":"http://127.0.0.1:38411/register"},{"name":"revocation_endpoint","value":"http://127.0.0.1:38411/revoke"},{"name":"code_challenge_methods_supported","value":"S256"}]}},{"afterMs":0,"what":{"kind":"decided","decision":{"kind":"issuerConfirmed","issuer":"http://127.0.0.1:38411"}}},{"afterMs":0,"what":{"kind":"decided","decision":{"kind":"pkcePromised"}}},{"afterMs":0,"what":{"kind":"decided","decision":{"kind":"scopesChosen","scopes":"tools","from":"challenge"}}},{"afterMs":0,"what":{"kind":"asked","method":"POST","url":"http://127.0.0.1:38411/register","params":[{"name":"client_name","value":"Usher"},{"name":"application_type","value":"native"},{"name":"redirect_uris","value":"dev.usher.desktop://oauth/callback"},{"name":"grant_types","value":"authorization_code, refresh_token"},{"name":"response_types","value":"code"},{"name":"token_endpoint_auth_method","value":"none"}]}},{"afterMs":0,"what":{"kind":"answered","status":201,"mediaType":"application/json","headers":[],"members":[{"name":"client_id","value":"client-NsljOg3iYpPjLc8XdMV-8kJ4"},{"name":"redirect_uris","value":"dev.usher.desktop://oauth/callback"},{"name":"token_endpoint_auth_method","value":"none"}]}},{"afterMs":0,"what":{"kind":"decided","decision":{"kind":"clientRegistered","clientId":"client-NsljOg3iYpPjLc8XdMV-8kJ4"}}},{"afterMs":0,"what":{"kind":"decided","decision":{"kind":"wayBackChosen","way":"deepLink","remembered":false}}},{"afterMs":0,"what":{"kind":"decided","decision":{"kind":"pageOpened","host":"127.0.0.1:38411","scopes":"tools"}}},{"afterMs":0,"what":{"kind":"decided","decision":{"kind":"answerArrived","by":"deepLink"}}},{"afterMs":0,"what":{"kind":"decided","decision":{"kind":"stateMatched"}}},{"afterMs":0,"what":{"kind":"decided","decision":{"kind":"answerIssuerMatched","issuer":"http://127.0.0.1:38411"}}},{"afterMs":0,"what":{"kind":"decided","decision":{"kind":"stateBurnt"}}},{"afterMs":0,"what":{"kind":"asked","method":"POST","url":"http://127.0.0.1:38411/token","params":[{"name":"grant_type","value":"authorization_code"},{"name":"code","value":null},{"name":"redirect_uri","value":"dev.usher.desktop://oauth/callback"},{"name":"code_verifier","value":null},{"name":"resource","value":"http://127.0.0.1:37737/mcp"},{"name":"client_id","value":"client-NsljOg3iYpPjLc8XdMV-8kJ4"}]}},{"afterMs":0,"what":{"kind":"answered","status":200,"mediaType":"application/json","headers":[],"members":[{"name":"access_token","value":null},{"name":"token_type","value":"Bearer"},{"name":"scope","value":"tools"},{"name":"expires_in","value":"3600"},{"name":"refresh_token","value":null}]}},{"afterMs":0,"what":{"kind":"decided","decision":{"kind":"codeExchanged"}}},{"afterMs":0,"what":{"kind":"decided","decision":{"kind":"tokensKept","expiresIn":3600,"renews":true,"scopes":"tools"}}}]');
INSERT INTO traces (id, server, kind, begun_at, ended_at, ending, steps) VALUES ('24d08c99b7402bd56e2567e8d6f19cc7', 'fb7e33ecf5ae0d6068dc2b19f3ae0909', 'signOut', 1767225600, 1767225600, '"unreachable"', '[{"afterMs":0,"what":{"kind":"asked","method":"POST","url":"http://127.0.0.1:38411/revoke","params":[{"name":"token","value":null},{"name":"token_type_hint","value":"refresh_token"},{"name":"client_id","value":"client-NsljOg3iYpPjLc8XdMV-8kJ4"}]}},{"afterMs":0,"what":{"kind":"failed","why":"unreachable"}},{"afterMs":0,"what":{"kind":"asked","method":"POST","url":"http://127.0.0.1:38411/revoke","params":[{"name":"token","value":null},{"name":"token_type_hint","value":"access_token"},{"name":"client_id","value":"client-NsljOg3iYpPjLc8XdMV-8kJ4"}]}},{"afterMs":0,"what":{"kind":"failed","why":"unreachable"}}]');
INSERT INTO traces (id, server, kind, begun_at, ended_at, ending, steps) VALUES ('cef8d2cf830df5ccef4b0b32a99017a5', 'da1386047498c232227e228cce4c96a0', 'signIn', 1767225600, NULL, NULL, '[]');
CREATE TABLE redirects (
    issuer    TEXT NOT NULL,
    client_id TEXT NOT NULL DEFAULT '', -- a client the person typed in; empty for what the app calls itself there
    ladder    TEXT NOT NULL,            -- 'deepLink' | 'loopbackAddress' | 'loopbackName': what worked last
    PRIMARY KEY (issuer, client_id)
) STRICT;
INSERT INTO redirects (issuer, client_id, ladder) VALUES ('http://127.0.0.1:40251', '', 'deepLink');
INSERT INTO redirects (issuer, client_id, ladder) VALUES ('http://127.0.0.1:38411', '', 'deepLink');
CREATE TABLE endings (
    id    INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), -- there is one count
    count INTEGER NOT NULL
) STRICT;
INSERT INTO endings (id, count) VALUES (1, 0);
CREATE TABLE restorations (
    id        INTEGER NOT NULL PRIMARY KEY,
    made_at   INTEGER NOT NULL, -- when the backup was made
    kept      TEXT,             -- the damaged file's name in the folder `damaged`; NULL if the file was missing
    seen      INTEGER NOT NULL CHECK (seen IN (0, 1)) -- the person was told
) STRICT;
INSERT INTO restorations (id, made_at, kept, seen) VALUES (1, 1767225600, NULL, 1);
CREATE INDEX grants_by_server ON grants (server);
CREATE UNIQUE INDEX grants_default ON grants (server) WHERE is_default = 1;
CREATE INDEX traces_by_server ON traces (server, kind, begun_at);
CREATE TRIGGER grants_end AFTER DELETE ON grants BEGIN UPDATE endings SET count = count + 1; END;
CREATE TRIGGER servers_end AFTER DELETE ON servers BEGIN UPDATE endings SET count = count + 1; END;
CREATE TRIGGER server_headers_end AFTER DELETE ON server_headers BEGIN UPDATE endings SET count = count + 1; END;
CREATE TRIGGER registrations_end AFTER DELETE ON registrations BEGIN UPDATE endings SET count = count + 1; END;
CREATE TRIGGER vault_ends AFTER DELETE ON vault BEGIN UPDATE endings SET count = count + 1; END;
CREATE TRIGGER grants_change AFTER UPDATE OF signed_in_at ON grants BEGIN UPDATE endings SET count = count + 1; END;
CREATE TRIGGER client_secrets_change AFTER UPDATE OF client_secret ON servers
WHEN old.client_secret IS NOT new.client_secret BEGIN UPDATE endings SET count = count + 1; END;
CREATE TRIGGER header_values_change AFTER UPDATE OF value ON server_headers
WHEN old.value IS NOT new.value BEGIN UPDATE endings SET count = count + 1; END;
CREATE TRIGGER registrations_change AFTER UPDATE OF sealed ON registrations
WHEN old.sealed IS NOT new.sealed BEGIN UPDATE endings SET count = count + 1; END;
CREATE TRIGGER vault_changes AFTER UPDATE ON vault
WHEN old.wrapped_key IS NOT new.wrapped_key OR old.canary IS NOT new.canary
BEGIN UPDATE endings SET count = count + 1; END;
