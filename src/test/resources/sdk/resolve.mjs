// Resolves through the mirror with the protocol's own clients and prints what they say.
// node resolve.mjs MIRROR VERIFIED_HANDLE DID TOMBSTONED_DID UNVERIFIED_HANDLE
import { AtpAgent } from '@atproto/api'
import { IdResolver } from '@atproto/identity'

const [mirror, handle, did, tombstoned, unverified] = process.argv.slice(2)
const identity = new AtpAgent({ service: mirror }).com.atproto.identity
const resolver = new IdResolver({ plcUrl: mirror })
const failure = (call) => call.then(() => 'none', (e) => `${e.status} ${e.error}`)

console.log(JSON.stringify({
  resolveHandle: (await identity.resolveHandle({ handle })).data,
  resolveDid: (await identity.resolveDid({ did })).data,
  resolveIdentity: (await identity.resolveIdentity({ identifier: handle })).data,
  refreshIdentity: (await identity.refreshIdentity({ identifier: did })).data,
  handleNotFound: await failure(identity.resolveHandle({ handle: unverified })),
  didDeactivated: await failure(identity.resolveDid({ did: tombstoned })),
  document: await resolver.did.resolve(did),
  atproto: await resolver.did.resolveAtprotoData(did),
  tombstone: await resolver.did.resolve(tombstoned),
}))
