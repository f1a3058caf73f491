// node provider.mjs REDIRECT_URI: serves until its standard input ends; its first line is its issuer.
// Whoever signs in there is who they say, with any password. Their claims follow from the name.
import { createServer } from 'node:http';
import Provider from './.npm/node_modules/oidc-provider/lib/index.js';

const [redirectUri] = process.argv.slice(2);
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'danqing',
      client_secret: 'a secret only the two know',
      redirect_uris: [redirectUri],
    }],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'] },
    pkce: { required: () => true },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, name: id, preferred_username: id.split('/')[0] }),
    }),
  });
  server.on('request', provider.callback());
  console.log(issuer);
});
process.stdin.on('end', () => process.exit()).resume();
