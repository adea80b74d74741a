// The certified authorization server `oidc-provider`: registers anybody, asks for PKCE and a
// resource, rotates refresh tokens, and shows a page with one button for each question.
//
//   node oidc-provider.mjs [port [known-as]]
//                                      prints {"at", "issuer", "introspection", "runOut", "clientId", "clientSecret"}
//   ACCESS_TOKEN_SECONDS=5             how long an access token lives (default 3600)
//   ACCESS_TOKEN_FORMAT=jwt            what it looks like (default opaque)
//   CLIENT_DOCUMENT=<address> <where>  takes client ID metadata documents; the one of this address lies elsewhere
//   DPOP=nonce                         binds tokens to keys and gives nonces (default: knows nothing of proofs)
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import { endWithParent, knownAs, portFrom, ready } from './parent.mjs';

const port = await portFrom(process.argv[2]);
const at = `http://127.0.0.1:${port}`;
const issuer = knownAs(process.argv[3], at);
const lifetime = Number(process.env.ACCESS_TOKEN_SECONDS ?? 3600);
const format = process.env.ACCESS_TOKEN_FORMAT ?? 'opaque';
const resourceServer = { clientId: 'resource-server', clientSecret: randomBytes(24).toString('hex') };
const scopes = 'tools:read tools:call';
const [document, whereItLies] = (process.env.CLIENT_DOCUMENT ?? '').split(' ');

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: resourceServer.clientId,
      client_secret: resourceServer.clientSecret,
      grant_types: [],
      response_types: [],
      redirect_uris: [],
    },
  ],
  cookies: { keys: [randomBytes(24).toString('hex')] },
  features: {
    clientIdMetadataDocument: { enabled: document !== '', ack: 'draft-02' },
    devInteractions: { enabled: false },
    dPoP: { enabled: process.env.DPOP === 'nonce', nonceSecret: randomBytes(32), requireNonce: () => true },
    introspection: { enabled: true },
    registration: { enabled: true },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      getResourceServerInfo: (_context, resource) => ({
        scope: scopes,
        audience: resource,
        accessTokenTTL: lifetime,
        accessTokenFormat: format,
        ...(format === 'jwt' && { jwt: { sign: { alg: 'RS256' } } }),
      }),
    },
    revocation: { enabled: true },
  },
  fetch: (url, options) => (String(url) === document ? fetch(whereItLies) : fetch(url, options)),
  findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
  interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  issueRefreshToken: (_context, client) => client.grantTypeAllowed('refresh_token'),
  pkce: { required: () => true },
  rotateRefreshToken: true,
  ttl: { Interaction: 600, Session: 86400, Grant: 86400, RefreshToken: 86400, IdToken: 3600 },
});

const answers = provider.callback();
createServer((request, response) => {
  const page = request.url.startsWith('/interaction/') ? interaction : answers;
  Promise.resolve((request.url === '/run-out' ? runOut : page)(request, response)).catch((error) => {
    response.writeHead(500, { 'content-type': 'text/plain' }).end(error.message);
  });
}).listen(port, '127.0.0.1', () => {
  ready({ at, issuer, introspection: `${at}/token/introspection`, runOut: `${at}/run-out`, ...resourceServer });
});
endWithParent();

/** Lets one access token run out before its time. Revoking it would end its whole grant. */
async function runOut(request, response) {
  const token = await provider.AccessToken.find(new URLSearchParams(await body(request)).get('token'));
  await token.destroy();
  response.end();
}

async function interaction(request, response) {
  const details = await provider.interactionDetails(request, response);
  if (request.method !== 'POST') {
    response.writeHead(200, { 'content-type': 'text/html' }).end(form(details));
    return;
  }
  const decision = new URLSearchParams(await body(request)).get('decision');
  const result = decision === 'allow' ? await allowed(details) : declined();
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

function declined() {
  return { error: 'access_denied', error_description: 'The person said no.' };
}

async function allowed({ prompt, params, session, grantId }) {
  if (prompt.name === 'login') {
    return { login: { accountId: 'ada' } };
  }
  const grant = grantId
    ? await provider.Grant.find(grantId)
    : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  const { missingOIDCScope = [], missingResourceScopes = {} } = prompt.details;
  grant.addOIDCScope(missingOIDCScope.join(' '));
  for (const [resource, missing] of Object.entries(missingResourceScopes)) {
    grant.addResourceScope(resource, missing.join(' '));
  }
  return { consent: { grantId: await grant.save() } };
}

function form({ uid, prompt }) {
  return `<!doctype html><title>${prompt.name}</title>
<form method="post" action="/interaction/${uid}">
<button name="decision" value="allow">${prompt.name === 'login' ? 'Sign in as Ada' : 'Allow'}</button>
<button name="decision" value="deny">Deny</button>
</form>`;
}

async function body(request) {
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
